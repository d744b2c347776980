package dev.tarn.ingest.files;

import dev.tarn.kernel.error.TarnException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.avro.AvroFileFormat;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.util.CaseInsensitiveMap;
import org.apache.spark.sql.catalyst.util.CaseInsensitiveMap$;
import org.apache.spark.sql.catalyst.util.CharVarcharUtils$;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSourceUtils$;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.FileStatusCache;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.InMemoryFileIndex;
import org.apache.spark.sql.execution.datasources.LogicalRelation$;
import org.apache.spark.sql.execution.datasources.PartitionDirectory;
import org.apache.spark.sql.execution.datasources.binaryfile.BinaryFileFormat;
import org.apache.spark.sql.execution.datasources.csv.CSVFileFormat;
import org.apache.spark.sql.execution.datasources.json.JsonFileFormat;
import org.apache.spark.sql.execution.datasources.orc.OrcFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.text.TextFileFormat;
import org.apache.spark.sql.execution.datasources.xml.XmlFileFormat;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.SchemaUtils$;
import scala.Option;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/** Files as rows: exactly those that were listed, which Spark does not list again. */
final class ListedFiles {
  private static final String RECURSIVE = "recursivefilelookup";

  /** Which files there are was decided when they were listed. */
  private static final Set<String> CHOICE =
      Set.of("pathglobfilter", "modifiedafter", "modifiedbefore");

  private final SparkSession spark;
  private final FileListing files;
  private final FileFormat format;
  private final CaseInsensitiveMap<String> options;

  /**
   * @param options of the reader, by lower-case name
   */
  ListedFiles(SparkSession spark, FileListing files, String format, Map<String, String> options) {
    this.spark = spark;
    this.files = files;
    this.format = format(format);
    Map<String, String> reading = new HashMap<>(options);
    reading.keySet().removeAll(CHOICE);
    // Which files there are is decided; Spark would leave out those in folders.
    if (!files.hasPartitionFolders()) {
      reading.put(RECURSIVE, "true");
    }
    this.options =
        CaseInsensitiveMap$.MODULE$.apply(
            scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(reading)));
  }

  private static FileFormat format(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "avro" -> new AvroFileFormat();
      case "csv" -> new CSVFileFormat();
      case "json" -> new JsonFileFormat();
      case "parquet" -> new ParquetFileFormat();
      case "orc" -> new OrcFileFormat();
      case "text" -> new TextFileFormat();
      case "xml" -> new XmlFileFormat();
      case "binaryfile" -> new BinaryFileFormat();
      default ->
          throw TarnException.invalid(
              "There is no reader for files of the format '"
                  + name
                  + "'. There is one for csv, json, xml, avro, parquet, orc, text and binaryFile.");
    };
  }

  /** The columns that are in the files, without those that their folders say. */
  Optional<StructType> inferred() {
    return Optional.ofNullable(
        format
            .inferSchema(spark, options, CollectionConverters.asScala(files.files()).toSeq())
            .getOrElse(() -> null));
  }

  /**
   * @param schema of all columns, those of folders among them
   */
  LogicalPlan read(StructType schema) {
    return read(schema, index -> {});
  }

  /**
   * As the other, with rows of every file.
   *
   * @throws TarnException if Spark would pass over one: of files in folders named {@code
   *     column=value} and files beside those folders it reads the first only
   */
  LogicalPlan readWhole(StructType schema) {
    return read(schema, this::requireWhole);
  }

  private void requireWhole(InMemoryFileIndex index) {
    Set<Path> read = new HashSet<>();
    for (PartitionDirectory folder :
        CollectionConverters.asJava(
            index.listFiles(
                CollectionConverters.asScala(List.<Expression>of()).toSeq(),
                CollectionConverters.asScala(List.<Expression>of()).toSeq()))) {
      CollectionConverters.asJava(folder.files())
          .forEach(file -> read.add(file.fileStatus().getPath()));
    }
    for (FileStatus file : files.files()) {
      if (file.getLen() > 0 && !read.contains(file.getPath())) {
        throw TarnException.invalid(
            "The file '"
                + file.getPath().getName()
                + "' would not be read with the others, since some of them lie in folders named"
                + " column=value and it does not, or since its name begins with '_' or '.'. Load it"
                + " in a statement of its own, or move it.");
      }
    }
  }

  private LogicalPlan read(StructType schema, Consumer<InMemoryFileIndex> check) {
    StructType known = CharVarcharUtils$.MODULE$.replaceCharVarcharWithStringInSchema(schema);
    InMemoryFileIndex index =
        new InMemoryFileIndex(
            spark,
            CollectionConverters.asScala(files.roots()).toSeq(),
            options,
            Option.apply(known),
            new Listed(files),
            Option.empty(),
            Option.empty());
    check.accept(index);
    StructType folders = index.partitionSpec().partitionColumns();
    Set<String> inFolders =
        Arrays.stream(folders.fieldNames())
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    StructType data =
        new StructType(
                Arrays.stream(known.fields())
                    .filter(field -> !inFolders.contains(field.name().toLowerCase(Locale.ROOT)))
                    .toArray(StructField[]::new))
            .asNullable();
    SchemaUtils$.MODULE$.checkSchemaColumnNameDuplication(data, false);
    DataSourceUtils$.MODULE$.verifySchema(format, data, true);
    return LogicalRelation$.MODULE$.apply(
        new HadoopFsRelation(
            index,
            folders,
            data,
            Option.empty(),
            format,
            // Where inference would look for more files than it is given.
            options.$plus(new Tuple2<>("path", files.location())),
            spark),
        false);
  }

  /** What Spark takes for its memory of folders that it has listed before. */
  private static final class Listed extends FileStatusCache {
    private final Map<Path, List<FileStatus>> byRoot = new HashMap<>();

    Listed(FileListing listing) {
      listing.roots().forEach(root -> byRoot.put(root, new ArrayList<>()));
      for (FileStatus file : listing.files()) {
        Path at = file.getPath();
        while (at != null && !byRoot.containsKey(at)) {
          at = at.getParent();
        }
        byRoot.computeIfAbsent(at == null ? file.getPath() : at, r -> new ArrayList<>()).add(file);
      }
    }

    @Override
    public Option<FileStatus[]> getLeafFiles(Path path) {
      return Option.apply(byRoot.getOrDefault(path, List.of()).toArray(FileStatus[]::new));
    }

    @Override
    public void putLeafFiles(Path path, FileStatus[] files) {}

    @Override
    public void invalidateAll() {}
  }
}
