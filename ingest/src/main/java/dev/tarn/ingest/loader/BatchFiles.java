package dev.tarn.ingest.loader;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.InterpretedPredicate;
import org.apache.spark.sql.catalyst.expressions.Predicate$;
import org.apache.spark.sql.catalyst.expressions.package$;
import org.apache.spark.sql.catalyst.types.DataTypeUtils;
import org.apache.spark.sql.execution.datasources.FileIndex;
import org.apache.spark.sql.execution.datasources.PartitionDirectory;
import org.apache.spark.sql.execution.datasources.PartitioningUtils;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** The files of one batch as Spark scans files; nothing is listed again for it. */
final class BatchFiles implements FileIndex {
  private final Path location;
  private final List<FileStatus> files;
  private final StructType partitions;
  private final ZoneId zone;

  /**
   * @param partitions columns whose values are in the names of folders, {@code column=value}
   */
  BatchFiles(Path location, List<FileStatus> files, StructType partitions, ZoneId zone) {
    this.location = location;
    this.files = List.copyOf(files);
    this.partitions = partitions;
    this.zone = zone;
  }

  @Override
  public Seq<Path> rootPaths() {
    return CollectionConverters.asScala(List.of(location)).toSeq();
  }

  /** Filters over columns of the data hold above the scan too; those over folders only here. */
  @Override
  public Seq<PartitionDirectory> listFiles(
      Seq<Expression> partitionFilters, Seq<Expression> dataFilters) {
    Map<Path, List<FileStatus>> folders = new LinkedHashMap<>();
    for (FileStatus file : files) {
      // Where no folder is a column all files are in one place, for fewer and fuller tasks.
      Path folder = partitions.isEmpty() ? location : file.getPath().getParent();
      folders.computeIfAbsent(folder, f -> new ArrayList<>()).add(file);
    }
    List<Predicate<InternalRow>> filters =
        CollectionConverters.asJava(partitionFilters).stream().map(this::predicate).toList();
    List<PartitionDirectory> directories = new ArrayList<>();
    folders.forEach(
        (folder, inside) -> {
          InternalRow values = values(folder);
          if (filters.stream().allMatch(filter -> filter.test(values))) {
            directories.add(PartitionDirectory.apply(values, inside.toArray(FileStatus[]::new)));
          }
        });
    return CollectionConverters.asScala(directories).toSeq();
  }

  private Predicate<InternalRow> predicate(Expression filter) {
    List<Attribute> columns = new ArrayList<>();
    for (AttributeReference column :
        CollectionConverters.asJava(DataTypeUtils.toAttributes(partitions))) {
      columns.add(
          CollectionConverters.asJava(filter.references().toSeq()).stream()
              .filter(used -> used.name().equalsIgnoreCase(column.name()))
              .findFirst()
              .orElse(column));
    }
    InterpretedPredicate bound =
        Predicate$.MODULE$.createInterpreted(
            BindReferences.bindReference(
                filter,
                package$.MODULE$.AttributeSeq(CollectionConverters.asScala(columns).toSeq()),
                false));
    return bound::eval;
  }

  private InternalRow values(Path folder) {
    Object[] values = new Object[partitions.length()];
    for (Path at = folder; at != null && !at.equals(location); at = at.getParent()) {
      int equals = at.getName().indexOf('=');
      if (equals > 0) {
        String column = ExternalCatalogUtils.unescapePathName(at.getName().substring(0, equals));
        String value = ExternalCatalogUtils.unescapePathName(at.getName().substring(equals + 1));
        for (int i = 0; i < values.length; i++) {
          StructField field = partitions.fields()[i];
          if (field.name().equalsIgnoreCase(column) && values[i] == null) {
            values[i] =
                value.equals(ExternalCatalogUtils.DEFAULT_PARTITION_NAME())
                    ? null
                    : PartitioningUtils.castPartValueToDesiredType(field.dataType(), value, zone);
          }
        }
      }
    }
    return new GenericInternalRow(values);
  }

  @Override
  public String[] inputFiles() {
    return files.stream().map(f -> f.getPath().toUri().toString()).toArray(String[]::new);
  }

  @Override
  public void refresh() {
    // A batch is the same files for ever.
  }

  @Override
  public long sizeInBytes() {
    return files.stream().mapToLong(FileStatus::getLen).sum();
  }

  @Override
  public StructType partitionSchema() {
    return partitions;
  }
}
