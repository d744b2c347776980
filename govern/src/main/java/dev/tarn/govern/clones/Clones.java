package dev.tarn.govern.clones;

import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Securable;
import dev.tarn.platform.database.Epoch;
import dev.tarn.platform.database.MetadataDatabase;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What shallow clones were made of. Logs of Delta tables are written by others and name files
 * anywhere; of files outside a table's own folder only those are read that stand here, and here
 * they get by the statement that clones, for a principal who may read them then.
 */
public final class Clones {
  private static final long CACHED_BYTES = 32 << 20;
  private static final int BYTES_OF_A_TABLE = 200;

  private final Jdbi jdbi;
  private final Grants grants;
  private final Epoch.Kept<String, ClonedFiles> kept;
  private final ClonesStore store = new ClonesStore();

  public Clones(MetadataDatabase database, Grants grants) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.kept = grants.keptByWeight(CACHED_BYTES, files -> BYTES_OF_A_TABLE + files.bytes());
  }

  /**
   * Enters the files that a table which is there becomes a clone of, beside those that it has: its
   * older versions name them.
   */
  public void enter(TableInfo table, ClonedFiles files) {
    grants.changing(
        Securable.table(table.name()),
        handle -> {
          enter(handle, table.tableId(), files);
          return null;
        });
  }

  /** As the other, for a table to be; inside {@link Grants#changing}. */
  public void enter(Handle handle, String tableId, ClonedFiles files) {
    store.forgetGone(handle);
    store.put(handle, tableId, new ClonedFiles(store.of(handle, tableId)).and(files).digests());
  }

  /**
   * What the table was made of whose files lie at a location.
   *
   * @param location normalized
   */
  public ClonedFiles at(String location) {
    return kept.get(
        location,
        grants.epoch(),
        () -> new ClonedFiles(jdbi.withHandle(handle -> store.at(handle, location))));
  }
}
