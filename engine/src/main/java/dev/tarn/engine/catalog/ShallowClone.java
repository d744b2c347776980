package dev.tarn.engine.catalog;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.clones.ClonedFiles;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.store.delta.SourceFiles;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.DeletionVectorDescriptor;
import org.apache.spark.sql.delta.catalog.DeltaTableV2;
import org.apache.spark.sql.delta.commands.CloneDeltaSource;
import org.apache.spark.sql.delta.commands.CloneTableCommand;
import org.apache.spark.sql.delta.commands.CloneTableCommand$;
import org.apache.spark.sql.delta.commands.CreateDeltaTableCommand;
import org.apache.spark.sql.delta.commands.TableCreationModes;
import scala.Option;
import scala.Some;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A table to be, of the files that another has at one of its versions. The files stay where they
 * are: they go when VACUUM or DROP takes them from the source.
 *
 * @param source at the version
 * @param creates whether it may be new
 * @param replaces whether it may take the place of a table without rows
 * @param properties that it has besides, and instead of, those of the source
 */
public record ShallowClone(
    Table source,
    boolean creates,
    boolean ifNotExists,
    boolean replaces,
    Map<String, String> properties,
    Optional<String> location) {

  /** As CREATE TABLE has them. */
  Map<String, String> definition() {
    Map<String, String> definition = new HashMap<>(properties);
    location.ifPresent(path -> definition.put(TableCatalog.PROP_LOCATION, path));
    return definition;
  }

  private DeltaTableV2 delta() {
    if (source instanceof DeltaTableV2 delta) {
      return delta;
    }
    throw TarnException.invalid(
        "'" + source.name() + "' is no Delta table; only those can be cloned.");
  }

  /**
   * The files that the new table will name, which are those of its source.
   *
   * @throws TarnException INVALID_STATE if one is not the source's own
   */
  ClonedFiles files(SessionContext context) {
    Path folder = delta().deltaLog().dataPath();
    SourceFiles files = context.snapshots().root(folder).sourceFiles();
    // One after the other: a table may have more files than the heap has room for.
    Iterator<AddFile> each = delta().initialSnapshot().allFiles().toLocalIterator();
    while (each.hasNext()) {
      AddFile file = each.next();
      files.add(file.path());
      DeletionVectorDescriptor vector = file.deletionVector();
      if (vector != null && vector.isOnDisk()) {
        files.addVector(vector.absolutePath(folder));
      }
    }
    return files.all();
  }

  /**
   * Commits the files into the folder of the new table.
   *
   * @return a row of sizes and numbers of files, as {@link CloneTableCommand} has its columns
   */
  List<Row> commit(SparkSession spark, String folder) {
    CloneTableCommand clone =
        new CloneTableCommand(
            new CloneDeltaSource(delta()),
            new TableIdentifier(folder, Some.apply("delta")),
            scala.collection.immutable.Map$.MODULE$.from(
                CollectionConverters.asScala(new HashMap<>(properties))),
            new Path(folder));
    return CollectionConverters.asJava(
        new CreateDeltaTableCommand(
                RegisteredTable.at(folder),
                Option.empty(),
                replaces ? SaveMode.Overwrite : SaveMode.ErrorIfExists,
                Some.apply(clone),
                replaces
                    ? TableCreationModes.CreateOrReplace$.MODULE$
                    : TableCreationModes.Create$.MODULE$,
                true,
                CloneTableCommand$.MODULE$.output(),
                Option.empty(),
                false,
                Option.empty())
            .run(spark));
  }
}
