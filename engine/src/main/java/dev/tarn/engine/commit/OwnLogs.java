package dev.tarn.engine.commit;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.store.delta.TableRoot;
import io.delta.tables.execution.VacuumTableCommand;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.analysis.ResolvedTable;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.delta.CheckpointProvider;
import org.apache.spark.sql.delta.EmptyCheckpointProvider$;
import org.apache.spark.sql.delta.LazyCompleteCheckpointProvider;
import org.apache.spark.sql.delta.PreloadedCheckpointProvider;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.SnapshotDescriptor;
import org.apache.spark.sql.delta.V2CheckpointProvider;
import org.apache.spark.sql.delta.catalog.DeltaTableV2;
import org.apache.spark.sql.delta.files.TahoeLogFileIndex;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * Refuses tables whose log goes on in files of others, which it names by path: what they say of
 * values and files would be shown as this table's. And VACUUM where it would delete files of
 * others.
 */
public final class OwnLogs {
  private final SessionContext context;

  public OwnLogs(SessionContext context) {
    this.context = context;
  }

  /**
   * @throws TarnException INVALID_STATE; PERMISSION_DENIED for a VACUUM that goes by what a log or
   *     a list says
   */
  public void check(LogicalPlan plan) {
    plan.foreach(
        node -> {
          if (node instanceof LogicalRelation relation
              && relation.relation() instanceof HadoopFsRelation files
              && files.location() instanceof TahoeLogFileIndex index) {
            check(index.deltaLog().dataPath(), index.snapshotAtAnalysis());
          } else if (node instanceof VacuumTableCommand vacuum) {
            check(vacuum);
          }
          return BoxedUnit.UNIT;
        });
  }

  /**
   * @throws TarnException INVALID_STATE
   */
  public void check(DeltaTableV2 table) {
    Path folder = table.deltaLog().dataPath();
    context.snapshots().root(folder).requireReal();
    check(folder, table.initialSnapshot());
  }

  private void check(Path folder, SnapshotDescriptor descriptor) {
    if (descriptor instanceof Snapshot snapshot) {
      check(context.snapshots().root(folder), snapshot.checkpointProvider());
    }
  }

  private static void check(TableRoot root, CheckpointProvider provider) {
    if (provider instanceof LazyCompleteCheckpointProvider lazy) {
      check(root, lazy.underlyingCheckpointProvider());
    } else if (provider instanceof V2CheckpointProvider checkpoint) {
      for (FileStatus part : CollectionConverters.asJava(checkpoint.sidecarFileStatuses())) {
        root.requireOfLog(part.getPath());
      }
    } else if (!(provider instanceof PreloadedCheckpointProvider)
        && provider != EmptyCheckpointProvider$.MODULE$) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "55000",
          "The log of the table has a checkpoint of a kind that cannot be checked here ("
              + provider.getClass().getSimpleName()
              + "). Write another checkpoint.",
          null);
    }
  }

  private void check(VacuumTableCommand vacuum) {
    if (vacuum.inventoryTable().isDefined()
        || vacuum.inventoryQuery().isDefined()
        || vacuum.vacuumType().exists(type -> !type.equalsIgnoreCase("FULL"))) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "42501",
          "PERMISSION_DENIED: VACUUM … LITE and VACUUM … USING INVENTORY are not available: they"
              + " delete what a log or a list names, wherever that is. Use VACUUM, which looks for"
              + " files in the table's folder.",
          null);
    }
    vacuum
        .child()
        .foreach(
            part -> {
              if (part instanceof ResolvedTable resolved
                  && resolved.table() instanceof DeltaTableV2 table) {
                context.snapshots().root(table.deltaLog().dataPath()).requireNoLinks();
              }
              return BoxedUnit.UNIT;
            });
  }
}
