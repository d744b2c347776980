package dev.tarn.engine.duckdb;

import dev.tarn.engine.snapshot.SnapshotTable;
import dev.tarn.engine.sql.Profile;
import dev.tarn.engine.translation.DuckTypes;
import dev.tarn.engine.translation.Literals;
import dev.tarn.engine.translation.PlanTranslator;
import dev.tarn.engine.translation.Untranslatable;
import dev.tarn.store.cache.RemoteFile;
import dev.tarn.store.delta.DataFile;
import dev.tarn.store.delta.TableSnapshot;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import org.duckdb.DuckDBConnection;
import scala.Option;

/**
 * Reads relations from the files of their snapshots: one {@code read_parquet} for all files that
 * have the same columns, the same values of partition columns and no deleted rows.
 */
final class ParquetScans implements PlanTranslator.Scans {
  private static final int MOST_PARTS = 500;

  /** Per file. */
  private static final long MOST_ROWS_COUNTED = 100_000;

  private static final Set<String> INTEGERS = Set.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT");
  private static final String FIELD_ID = "delta.columnMapping.id";

  private final String zone;
  private final DuckDBConnection connection;
  private final FileShapes shapes;
  private final DeletedRows deletedRows;
  private final FileCopies.Leased copies;
  private final List<Opened> opened = new ArrayList<>();
  private Profile.Files files = new Profile.Files(0, 0, 0, 0);

  /**
   * @param zone of the session, which timestamps without one are in
   * @param copies of remote files, which the statement goes on to read
   */
  ParquetScans(
      String zone,
      DuckDBConnection connection,
      FileShapes shapes,
      DeletedRows deletedRows,
      FileCopies.Leased copies) {
    this.zone = zone;
    this.copies = copies;
    this.connection = connection;
    this.shapes = shapes;
    this.deletedRows = deletedRows;
  }

  /** Of all scans so far. */
  Profile.Files files() {
    return files;
  }

  /** By all scans so far. */
  List<Opened> opened() {
    return List.copyOf(opened);
  }

  /** Files of a table that are opened. */
  record Opened(TableSnapshot snapshot, List<DataFile> files) {
    /**
     * @throws dev.tarn.kernel.error.TarnException INVALID_STATE if a symbolic link leads to one
     */
    void requireReal() {
      snapshot.requireReal(files);
    }
  }

  /** Files that one SELECT can read at once. */
  private record Part(
      FileShapes.Shape shape, Map<String, String> partitionValues, DataFile withDeletedRows) {}

  @Override
  public String select(
      DataSourceV2Relation relation, List<AttributeReference> columns, List<Expression> conjuncts) {
    if (!(relation.table() instanceof SnapshotTable table)) {
      throw new Untranslatable("relation " + relation.name());
    }
    TableSnapshot snapshot = table.snapshot();
    List<DataFile> wanted = snapshot.files(FileFilters.of(conjuncts));
    OptionalLong rows = columns.isEmpty() ? rowsByTheLog(wanted) : OptionalLong.empty();
    if (rows.isPresent()) {
      count(snapshot.files(), List.of());
      return "SELECT 1 AS one FROM range(" + rows.getAsLong() + ")";
    }
    count(snapshot.files(), wanted);
    Opened read = new Opened(snapshot, wanted);
    read.requireReal();
    opened.add(read);
    Map<Part, List<String>> parts = parts(snapshot, columns, wanted);
    if (parts.isEmpty()) {
      return "SELECT "
          + list(columns, column -> "CAST(NULL AS " + type(column) + ")")
          + " WHERE false";
    }
    return parts.entrySet().stream()
        .map(part -> select(table, columns, part.getKey(), part.getValue()))
        .collect(Collectors.joining(" UNION ALL "));
  }

  /**
   * How many rows there are, if the log says so of every file, as {@code count(*)} is answered by
   * Delta; empty also where the files have so many rows that opening them is faster.
   */
  private static OptionalLong rowsByTheLog(List<DataFile> files) {
    long rows = 0;
    for (DataFile file : files) {
      if (file.rows() < file.deletedRows()) {
        return OptionalLong.empty();
      }
      rows += file.rows() - file.deletedRows();
    }
    return rows > files.size() * MOST_ROWS_COUNTED ? OptionalLong.empty() : OptionalLong.of(rows);
  }

  private void count(List<DataFile> all, List<DataFile> wanted) {
    long bytes = wanted.stream().mapToLong(DataFile::size).sum();
    long allBytes =
        all.size() == wanted.size() ? bytes : all.stream().mapToLong(DataFile::size).sum();
    files =
        new Profile.Files(
            files.read() + wanted.size(),
            files.bytes() + bytes,
            files.pruned() + all.size() - wanted.size(),
            files.prunedBytes() + allBytes - bytes);
  }

  private Map<Part, List<String>> parts(
      TableSnapshot snapshot, List<AttributeReference> columns, List<DataFile> wanted) {
    List<String> partitions =
        snapshot.partitionColumns().stream()
            .filter(p -> columns.stream().anyMatch(c -> c.name().equalsIgnoreCase(p)))
            .toList();
    Map<String, FileShapes.Shape> shape;
    List<String> paths = paths(wanted);
    try {
      shape = shapes.of(connection, paths);
    } catch (SQLException e) {
      throw new Untranslatable("files that could not be opened: " + e.getMessage());
    }
    Map<Part, List<String>> parts = new LinkedHashMap<>();
    for (int i = 0; i < paths.size(); i++) {
      DataFile file = wanted.get(i);
      String path = paths.get(i);
      Map<String, String> values = new LinkedHashMap<>();
      partitions.forEach(p -> values.put(p, file.partitionValues().get(p)));
      Part part = new Part(shape.get(path), values, file.hasDeletedRows() ? file : null);
      parts.computeIfAbsent(part, p -> new ArrayList<>()).add(path);
      if (parts.size() > MOST_PARTS) {
        throw new Untranslatable("more than " + MOST_PARTS + " kinds of files in one table");
      }
    }
    return parts;
  }

  /** Where the files lie on this machine. */
  private List<String> paths(List<DataFile> wanted) {
    List<String> paths = new ArrayList<>(wanted.stream().map(DataFile::path).toList());
    List<Integer> remote =
        IntStream.range(0, paths.size())
            .filter(i -> !paths.get(i).startsWith("/"))
            .boxed()
            .toList();
    List<Path> local =
        copies.of(
            remote.stream()
                .map(i -> wanted.get(i))
                .map(file -> new RemoteFile(file.path(), file.size(), file.modificationTime()))
                .toList());
    for (int i = 0; i < local.size(); i++) {
      paths.set(remote.get(i), local.get(i).toString());
    }
    paths.forEach(ParquetScans::check);
    return paths;
  }

  private static void check(String path) {
    if (path.chars().anyMatch(c -> c == '*' || c == '?' || c == '[')) {
      throw new Untranslatable("a file whose name has wildcards in it");
    }
  }

  private String select(
      SnapshotTable table, List<AttributeReference> columns, Part part, List<String> files) {
    String list =
        list(
            columns,
            column -> {
              StructField field = table.fullSchema().apply(column.name());
              return part.partitionValues().containsKey(field.name())
                  ? constant(part.partitionValues().get(field.name()), column.dataType())
                  : stored(field, part.shape(), isMappedById(table.snapshot()));
            });
    if (part.withDeletedRows() == null) {
      return "SELECT " + list + " FROM read_parquet(" + FileShapes.list(files) + ")";
    }
    String deleted = deletedRows.table(table.snapshot(), part.withDeletedRows());
    return "SELECT "
        + list
        + " FROM read_parquet("
        + FileShapes.list(files)
        + ", file_row_number = true) WHERE file_row_number NOT IN (FROM "
        + deleted
        + ")";
  }

  private static String list(
      List<AttributeReference> columns,
      java.util.function.Function<AttributeReference, String> expression) {
    return columns.isEmpty()
        ? "1 AS one"
        : columns.stream()
            .map(c -> expression.apply(c) + " AS " + PlanTranslator.column(c))
            .collect(Collectors.joining(", "));
  }

  private static String type(AttributeReference column) {
    return DuckTypes.duck(column.dataType());
  }

  /** A column as the file has it, in the type that the table has. */
  private static String stored(StructField field, FileShapes.Shape shape, boolean byId) {
    String name = byId ? nameById(field, shape) : NestedColumns.physicalName(field);
    String wanted = DuckTypes.duck(field.dataType());
    String stored = name == null ? null : shape.types().get(name.toLowerCase(Locale.ROOT));
    if (stored == null) {
      // The column was added to the table after the file.
      return "CAST(NULL AS " + wanted + ")";
    }
    String column = Literals.name(name);
    if (same(stored, DuckTypes.duck(NestedColumns.physical(field.dataType())))) {
      return NestedColumns.renamed(column, field.dataType(), 0);
    }
    if (field.dataType() instanceof TimestampType && stored.equals("TIMESTAMP")) {
      return "(" + column + " AT TIME ZONE 'UTC')";
    }
    if (INTEGERS.contains(stored) && INTEGERS.contains(wanted)) {
      return "CAST(" + column + " AS " + wanted + ")";
    }
    throw new Untranslatable(
        "column "
            + field.name()
            + ", which is "
            + stored
            + " in a file and "
            + wanted
            + " in the table");
  }

  private static boolean isMappedById(TableSnapshot snapshot) {
    return "id".equals(snapshot.properties().get("delta.columnMapping.mode"));
  }

  /** Null if the file does not have the column. */
  private static String nameById(StructField field, FileShapes.Shape shape) {
    if (NestedColumns.isNested(field.dataType())
        || shape.namesById().isEmpty()
        || !field.metadata().contains(FIELD_ID)) {
      throw new Untranslatable(
          "column " + field.name() + ", which its id does not lead to in every file");
    }
    String name = shape.namesById().get((int) field.metadata().getLong(FIELD_ID));
    if (FooterSchema.SEVERAL.equals(name)) {
      throw new Untranslatable("column " + field.name() + ", whose id several columns have");
    }
    return name;
  }

  private static boolean same(String stored, String wanted) {
    return stored.equals(wanted) || plain(stored).equals(plain(wanted));
  }

  private static String plain(String type) {
    return type.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")
        .replace(" ", "")
        .replace("\"", "");
  }

  /** A partition column's value, which the log has as text. */
  private String constant(String text, DataType type) {
    if (text == null) {
      return "CAST(NULL AS " + DuckTypes.duck(type) + ")";
    }
    Object value =
        new Cast(
                Literal.create(UTF8String.fromString(text), DataTypes.StringType),
                type,
                Option.apply(zone),
                EvalMode.ANSI())
            .eval(null);
    return "CAST(" + Literals.value(value, type) + " AS " + DuckTypes.duck(type) + ")";
  }
}
