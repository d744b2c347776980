package dev.tarn.engine.duckdb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tarn.engine.translation.Literals;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/**
 * What columns each Parquet file has. The files of one table differ: columns were added or widened,
 * or other writers have other ways to write a timestamp.
 */
final class FileShapes {
  private static final int MOST_FILES = 200_000;
  private static final int FILES_AT_ONCE = 1_000;

  /**
   * @param types DuckDB's type by the column's name in lower case
   * @param namesById as {@link FooterSchema#namesById} has them
   */
  record Shape(Map<String, String> types, Map<Integer, String> namesById) {}

  private final Cache<String, Shape> shapes = Caffeine.newBuilder().maximumSize(MOST_FILES).build();
  private final Cache<String, Shape> bySchema = Caffeine.newBuilder().maximumSize(1_000).build();

  /** The files' shapes; each file is opened once in its life. */
  Map<String, Shape> of(DuckDBConnection connection, List<String> files) throws SQLException {
    Map<String, Shape> known = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    for (String file : files) {
      Shape shape = shapes.getIfPresent(file);
      known.put(file, shape);
      if (shape == null) {
        unknown.add(file);
      }
    }
    for (int i = 0; i < unknown.size(); i += FILES_AT_ONCE) {
      List<String> some = unknown.subList(i, Math.min(unknown.size(), i + FILES_AT_ONCE));
      for (Map.Entry<String, FooterSchema> file : schemas(connection, some).entrySet()) {
        String schema = file.getValue().text();
        Shape shape = bySchema.getIfPresent(schema);
        if (shape == null) {
          shape = new Shape(describe(connection, file.getKey()), file.getValue().namesById());
          bySchema.put(schema, shape);
        }
        shapes.put(file.getKey(), shape);
        known.put(file.getKey(), shape);
      }
    }
    return known;
  }

  private static Map<String, FooterSchema> schemas(DuckDBConnection connection, List<String> files)
      throws SQLException {
    Map<String, FooterSchema> schemas = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT file_name, name, num_children, field_id, type, type_length,"
                    + " repetition_type, converted_type, scale, precision, logical_type FROM"
                    + " parquet_schema("
                    + list(files)
                    + ")")) {
      while (rows.next()) {
        String[] rest = new String[7];
        for (int i = 0; i < rest.length; i++) {
          rest[i] = rows.getString(5 + i);
        }
        String fieldId = rows.getString(4);
        schemas
            .computeIfAbsent(rows.getString(1), file -> new FooterSchema())
            .add(
                rows.getString(2),
                rows.getInt(3),
                fieldId == null ? null : Integer.valueOf(fieldId),
                rest);
      }
    }
    return schemas;
  }

  private static Map<String, String> describe(DuckDBConnection connection, String file)
      throws SQLException {
    Map<String, String> types = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "DESCRIBE SELECT * FROM read_parquet(" + Literals.text(file) + ")")) {
      while (rows.next()) {
        types.put(rows.getString(1).toLowerCase(Locale.ROOT), rows.getString(2));
      }
    }
    return Map.copyOf(types);
  }

  /** A list of file names in SQL. */
  static String list(List<String> files) {
    return files.stream().map(Literals::text).collect(Collectors.joining(", ", "[", "]"));
  }
}
