package dev.tarn.ingest.files;

import dev.tarn.engine.copy.FileLoader;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.source.Source;
import dev.tarn.engine.source.SourceCall;
import dev.tarn.govern.catalog.ExternalPaths;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.ingest.loader.CloudFiles;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.store.objects.ObjectStores;
import dev.tarn.store.volumes.VolumePaths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.avro.AvroFileFormat;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.InMemoryFileIndex;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.streaming.runtime.StreamingRelation;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * {@code read_files}: files of a volume or an external location (for administrators, of any path)
 * as rows. Every file is read once by a stream. What cannot be parsed is kept as it came in {@code
 * _rescued_data}.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/functions/read_files">read_files</a>
 */
public final class FileSource implements Source, FileLoader {
  private static final Set<String> FORMATS =
      Set.of("csv", "json", "xml", "avro", "parquet", "orc", "text", "binaryfile");
  private static final String READS = "csv, json, xml, avro, parquet, orc, text and binaryFile";
  private static final Set<String> RESCUING = Set.of("csv", "json", "xml");
  private static final String RESCUED = "_rescued_data";

  /** Arguments that are ours, and so never reach Spark's reader. */
  private static final Set<String> OWN =
      Set.of(
          "path",
          "format",
          "schema",
          "schemahints",
          "rescueddatacolumn",
          "filenamepattern",
          "infercolumntypes",
          "schemaevolutionmode",
          "partitioncolumns");

  /** Options of Spark's readers that change how files are parsed or chosen, and nothing else. */
  private static final Set<String> OPTIONS =
      Set.of(
          "header",
          "sep",
          "delimiter",
          "encoding",
          "charset",
          "quote",
          "escape",
          "comment",
          "nullvalue",
          "emptyvalue",
          "nanvalue",
          "positiveinf",
          "negativeinf",
          "dateformat",
          "timestampformat",
          "timestampntzformat",
          "multiline",
          "linesep",
          "locale",
          "mode",
          "inferschema",
          "samplingratio",
          "ignoreleadingwhitespace",
          "ignoretrailingwhitespace",
          "maxcolumns",
          "enforceschema",
          "chartoescapequoteescaping",
          "unescapedquotehandling",
          "allowbackslashescapinganycharacter",
          "allownonnumericnumbers",
          "allownumericleadingzeros",
          "allowunquotedcontrolchars",
          "dropfieldifallnull",
          "datetimerebasemode",
          "int96rebasemode",
          "rowtag",
          "roottag",
          "attributeprefix",
          "valuetag",
          "excludeattribute",
          "ignorenamespace",
          "ignoresurroundingspaces",
          "wildcardcolname",
          "maxcharspercolumn",
          "allowcomments",
          "allowsinglequotes",
          "allowunquotedfieldnames",
          "primitivesasstring",
          "prefersdate",
          "wholetext",
          "mergeschema",
          "recursivefilelookup",
          "pathglobfilter",
          "modifiedafter",
          "modifiedbefore",
          "maxfilespertrigger",
          "maxbytespertrigger",
          "allowoverwrites",
          "includeexistingfiles",
          "ignorecorruptfiles",
          "ignoremissingfiles");

  private final ObjectStores stores;
  private final ExternalPaths paths;

  public FileSource(ObjectStores stores, ExternalPaths paths) {
    this.paths = paths;
    this.stores = stores;
  }

  @Override
  public String function() {
    return "read_files";
  }

  @Override
  public LogicalPlan read(SourceCall call) {
    String path =
        call.argument("path")
            .or(call::positional)
            .orElseThrow(
                () ->
                    TarnException.invalid(
                        "read_files needs the path to read, such as"
                            + " '/Volumes/main/default/landing/'."));
    FileListing files = FileListing.of(stores, resolve(call.session(), path), path);
    String format = format(call, files, path);
    Map<String, String> options = options(call, format, files);
    Evolution evolution = Evolution.of(call, format, options);
    StructType schema = schema(call, files, format, options, evolution, path);
    if (call.streaming()) {
      evolution.into(
          options,
          InferredSchemas.of(call.session().schemaFolder())
              .notes(key(call, files, format, options)));
      return CloudFiles.stream(
          call.spark(),
          files.location(),
          evolution.reader().orElse(named(format)),
          schema,
          partitionColumns(files, options, schema),
          options);
    }
    return inFolders(
        call,
        new ListedFiles(call.spark(), chosen(files, options), format, options).read(schema),
        schema);
  }

  /** Which files a query reads, of all that are there. */
  private static FileListing chosen(FileListing files, Map<String, String> options) {
    FileListing chosen = files.chosenBy(options);
    boolean direct = "false".equalsIgnoreCase(options.get("recursivefilelookup"));
    return direct && !files.hasPartitionFolders() ? chosen.only(files::isDirect) : chosen;
  }

  /** Without the columns of folders that {@code partitionColumns} leaves out. */
  private static LogicalPlan inFolders(SourceCall call, LogicalPlan rows, StructType schema) {
    Optional<Set<String>> wanted =
        call.argument("partitioncolumns")
            .map(
                text ->
                    Arrays.stream(text.split(","))
                        .map(name -> name.strip().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()));
    if (wanted.isEmpty()) {
      return rows;
    }
    List<NamedExpression> kept = new ArrayList<>();
    for (Attribute column : CollectionConverters.asJava(rows.output())) {
      if (schema.getFieldIndex(column.name()).isDefined()
          || wanted.get().contains(column.name().toLowerCase(Locale.ROOT))) {
        kept.add(column);
      }
    }
    return kept.size() == rows.output().size()
        ? rows
        : new Project(CollectionConverters.asScala(kept).toSeq(), rows);
  }

  /** The name that Spark knows the format by. */
  private static String named(String format) {
    return format.equals("avro") ? AvroFileFormat.class.getName() : format;
  }

  private static List<String> partitionColumns(
      FileListing files, Map<String, String> options, StructType schema) {
    if (Boolean.parseBoolean(options.get("recursivefilelookup"))) {
      return List.of();
    }
    Set<String> folders = files.partitionColumns();
    return Arrays.stream(schema.fieldNames()).filter(folders::contains).toList();
  }

  @Override
  public Found find(Request request) {
    for (String option : request.options().keySet()) {
      if (!OPTIONS.contains(option) && !CopiedFiles.OPTIONS.contains(option)) {
        throw TarnException.invalid("COPY INTO has no format option '" + option + "'.");
      }
    }
    return CopiedFiles.find(
        request, path -> FileListing.of(stores, resolve(request.session(), path), path));
  }

  private String resolve(SessionContext session, String path) {
    var principal = session.principal();
    var volumes = session.volumePaths();
    if (volumes.isVolumePath(path)) {
      return volumes.resolveForRead(principal, path);
    }
    if (!principal.administrator()) {
      VolumePaths.requireHarmless(path);
      paths.requireFiles(principal, Privilege.READ_FILES, path);
    }
    return path.startsWith("/") ? "file://" + path : path;
  }

  private String format(SourceCall call, FileListing files, String path) {
    String format =
        call.argument("format")
            .or(files::formatOfNames)
            .or(() -> FirstBytes.format(stores, files))
            .orElseThrow(
                () ->
                    TarnException.invalid(
                        "read_files cannot tell the format of the files in '"
                            + path
                            + "' by their names or what they begin with. Say format => '…', one of "
                            + READS
                            + "."))
            .toLowerCase(Locale.ROOT);
    if (!FORMATS.contains(format)) {
      throw TarnException.invalid(
          "read_files does not read the format '" + format + "'. It reads " + READS + ".");
    }
    return format;
  }

  private static Map<String, String> options(SourceCall call, String format, FileListing files) {
    Map<String, String> options = new LinkedHashMap<>();
    call.named()
        .forEach(
            (name, value) -> {
              if (OPTIONS.contains(name)) {
                options.put(name, value);
              } else if (!OWN.contains(name)) {
                throw TarnException.invalid("read_files has no argument '" + name + "'.");
              }
            });
    call.argument("filenamepattern").ifPresent(p -> options.put("pathglobfilter", p));
    if ("false".equalsIgnoreCase(call.argument("infercolumntypes").orElse("true"))) {
      options.put("inferschema", "false");
      options.put("primitivesasstring", "true");
    }
    if (!files.hasPartitionFolders()) {
      options.putIfAbsent("recursivefilelookup", "true");
    }
    if (RESCUING.contains(format) && !rescuedColumn(call).isEmpty() && Evolution.rescues(call)) {
      options.put("columnnameofcorruptrecord", rescuedColumn(call));
      // Parsed whole, so that what is wrong with a line does not depend on the columns asked for.
      options.put("columnpruning", "false");
    }
    return options;
  }

  private static String rescuedColumn(SourceCall call) {
    return call.argument("rescueddatacolumn").orElse(RESCUED);
  }

  private static StructType schema(
      SourceCall call,
      FileListing files,
      String format,
      Map<String, String> options,
      Evolution evolution,
      String path) {
    StructType schema;
    if (call.argument("schema").isPresent()) {
      schema = StructType.fromDDL(call.argument("schema").get());
    } else if (format.equals("text") || format.equals("binaryfile")) {
      return call.spark().read().format(format).load().schema();
    } else {
      Map<String, String> key = key(call, files, format, options);
      InferredSchemas kept = InferredSchemas.of(call.session().schemaFolder());
      schema =
          evolution.keeps()
              ? kept.evolving(
                  key,
                  () -> infer(call, files, format, options, path),
                  noted -> noted(call, files.since(noted), format, options, path))
              : kept.get(key, files.position(), () -> infer(call, files, format, options, path));
    }
    if (call.argument("schemahints").isPresent()) {
      schema = SchemaHints.apply(schema, StructType.fromDDL(call.argument("schemahints").get()));
    }
    String rescued = rescuedColumn(call);
    return RESCUING.contains(format)
            && !rescued.isEmpty()
            && Evolution.rescues(call)
            && schema.getFieldIndex(rescued).isEmpty()
        ? schema.add(rescued, DataTypes.StringType, true)
        : schema;
  }

  private static Map<String, String> key(
      SourceCall call, FileListing files, String format, Map<String, String> options) {
    Map<String, String> key = new TreeMap<>(options);
    key.put("path", files.location());
    key.put("format", format);
    if (call.streaming()) {
      // So were schemas kept when Spark's own file stream read the files.
      key.put("maxfileage", "36500d");
    }
    return key;
  }

  /** No column may be missed in files that are known to have some. */
  private static StructType noted(
      SourceCall call, FileListing some, String format, Map<String, String> options, String path) {
    if (some.isEmpty()) {
      return new StructType();
    }
    Map<String, String> all = new LinkedHashMap<>(options);
    all.remove("samplingratio");
    return infer(call, some, format, all, path);
  }

  private static StructType infer(
      SourceCall call, FileListing files, String format, Map<String, String> options, String path) {
    if (files.isEmpty()) {
      throw new TarnException(
          ErrorCode.RESOURCE_DOES_NOT_EXIST,
          "42000",
          "[CF_EMPTY_DIR_FOR_SCHEMA_INFERENCE] There are no files in '"
              + path
              + "' to infer a schema from. Put some there, or say schema => 'name TYPE, …'.",
          null);
    }
    Map<String, String> inferring = new LinkedHashMap<>(options);
    inferring.putIfAbsent("inferschema", "true");
    StructType inferred =
        call.streaming()
            ? call.spark()
                .read()
                .format(named(format))
                .options(inferring)
                .load(files.paths())
                .schema()
            : new ListedFiles(call.spark(), chosen(files, options), format, inferring)
                .inferred()
                .orElseGet(StructType::new);
    StructType schema = new StructType();
    for (var field : inferred.fields()) {
      if (!field.name().equals(rescuedColumn(call))) {
        schema = schema.add(field.name(), field.dataType(), true);
      }
    }
    return schema;
  }

  @Override
  public Optional<Map<String, String>> describe(LogicalPlan leaf) {
    if (CloudFiles.is(leaf) && leaf instanceof StreamingRelation stream) {
      return stream.dataSource().options().get("path").isDefined()
          ? Optional.of(Map.of("path", stream.dataSource().options().get("path").get()))
          : Optional.empty();
    }
    if (leaf instanceof LogicalRelation relation
        && relation.relation() instanceof HadoopFsRelation files
        && files.location() instanceof InMemoryFileIndex index) {
      String root = CollectionConverters.asJava(index.rootPaths()).iterator().next().toString();
      return Optional.of(Map.of("path", files.options().getOrElse("path", () -> root)));
    }
    return Optional.empty();
  }

  /** A digest of the names, sizes and times of all files. */
  @Override
  public String position(Map<String, String> description) {
    String path = description.get("path");
    return FileListing.of(stores, path, path).position();
  }
}
