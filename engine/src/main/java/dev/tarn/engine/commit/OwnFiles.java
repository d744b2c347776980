package dev.tarn.engine.commit;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.store.delta.TableRoot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.delta.DeltaParquetFileFormat$;
import org.apache.spark.sql.delta.actions.DeletionVectorDescriptor;
import org.apache.spark.sql.delta.actions.DeletionVectorDescriptor$;
import org.apache.spark.sql.delta.files.TahoeFileIndex;
import org.apache.spark.sql.execution.ColumnarRule;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.ListingPartition;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.datasources.FileStatusWithMetadata;
import scala.Option;
import scala.collection.Iterator;
import scala.runtime.BoxedUnit;

/**
 * Refuses scans of files that are not their table's own: others write logs, and what a log names is
 * read with the server's rights. It looks at the files that a scan is about to open, whatever chose
 * them: a version of the table, its changes, a stream, or a statement that rewrites files. Files
 * that Tarn cloned for a table count as its own.
 */
public final class OwnFiles extends ColumnarRule {
  private final SparkSession session;

  public OwnFiles(SparkSession session) {
    this.session = session;
  }

  @Override
  public Rule<SparkPlan> preColumnarTransitions() {
    return new Scans(session);
  }

  private static final class Scans extends Rule<SparkPlan> {
    private final SparkSession session;

    Scans(SparkSession session) {
      this.session = session;
    }

    @Override
    public SparkPlan apply(SparkPlan plan) {
      plan.foreach(
          node -> {
            if (node instanceof FileSourceScanExec scan
                && scan.relation().location() instanceof TahoeFileIndex index) {
              check(scan, index.deltaLog().dataPath());
            }
            return BoxedUnit.UNIT;
          });
      return plan;
    }

    private void check(FileSourceScanExec scan, Path folder) {
      Optional<SessionContext> context = SessionRegistry.findEvenClosed(session);
      TableRoot root =
          context.map(c -> c.snapshots().root(folder)).orElseGet(() -> TableRoot.unknown(folder));
      List<Path> opened = new ArrayList<>();
      Iterator<ListingPartition> partitions = scan.selectedPartitions().filePartitionIterator();
      while (partitions.hasNext()) {
        Iterator<FileStatusWithMetadata> files = partitions.next().files();
        while (files.hasNext()) {
          FileStatusWithMetadata file = files.next();
          opened.add(file.getPath());
          deletionVector(folder, file).ifPresent(opened::add);
        }
      }
      opened.forEach(root::requireOwn);
      root.requireReal(opened);
    }
  }

  private static Optional<Path> deletionVector(Path folder, FileStatusWithMetadata file) {
    Option<Object> encoded =
        file.metadata().get(DeltaParquetFileFormat$.MODULE$.FILE_ROW_INDEX_FILTER_ID_ENCODED());
    if (encoded.isEmpty()) {
      return Optional.empty();
    }
    DeletionVectorDescriptor vector =
        DeletionVectorDescriptor$.MODULE$.deserializeFromBase64(encoded.get().toString());
    return vector.storageType().equals(DeletionVectorDescriptor$.MODULE$.INLINE_DV_MARKER())
        ? Optional.empty()
        : Optional.of(vector.absolutePath(folder));
  }
}
