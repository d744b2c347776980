package dev.tarn.store.delta;

import dev.tarn.govern.commits.Commits;
import dev.tarn.govern.commits.ManagedLog;
import dev.tarn.govern.commits.StagedLog;
import dev.tarn.govern.commits.StagingTable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import io.delta.kernel.defaults.engine.DefaultEngine;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;

/**
 * Reads version 0 of tables to be as it will be read once they are registered. What the writer puts
 * there later is looked at when it is read.
 */
public final class StagedLogs implements StagedLog {
  static final String FEATURE = "catalogManaged";

  private final Supplier<Configuration> hadoop;

  /**
   * @param hadoop how to reach object stores, as it stands at each call
   */
  public StagedLogs(Supplier<Configuration> hadoop) {
    this.hadoop = hadoop;
  }

  @Override
  public void require(StagingTable staged) {
    TableSnapshot first = first(staged);
    if (!first.readerFeatures().contains(FEATURE)) {
      throw refused(staged, "its protocol lacks feature '" + FEATURE + "'", null);
    }
    if (!staged.tableId().equals(first.properties().get(Commits.TABLE_ID))) {
      throw refused(
          staged,
          "its property '" + Commits.TABLE_ID + "' is not '" + staged.tableId() + "'",
          null);
    }
  }

  private TableSnapshot first(StagingTable staged) {
    Configuration now = hadoop.get();
    ManagedLog log = new ManagedLog(staged.tableId(), 0, List.of());
    try {
      return new SnapshotLoader(
              now, DefaultEngine.create(now), TablePlaces.of(location -> Optional.of(log)))
          .latest(staged.location())
          .snapshot();
    } catch (UnsupportedTableException e) {
      throw refused(staged, e.getMessage(), e);
    } catch (TarnException e) {
      if (e.code() == ErrorCode.TABLE_DOES_NOT_EXIST || e.code() == ErrorCode.INVALID_STATE) {
        throw refused(staged, e.getMessage(), e);
      }
      throw e;
    }
  }

  private static TarnException refused(StagingTable staged, String why, Exception cause) {
    return new TarnException(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "Table '"
            + staged.name()
            + "' cannot be made of what was written to '"
            + staged.location()
            + "': "
            + why
            + ". Write version 0 there with feature '"
            + FEATURE
            + "', property '"
            + Commits.TABLE_ID
            + "' and relative paths of files in that folder.",
        cause);
  }
}
