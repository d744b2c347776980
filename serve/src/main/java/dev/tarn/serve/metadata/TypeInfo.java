package dev.tarn.serve.metadata;

import dev.tarn.serve.results.ManifestType;
import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;

/** SQL's types in JDBC's terms. */
final class TypeInfo {
  /** One row for each type, in the shape of {@link DatabaseMetaData#getTypeInfo()}. */
  static final List<List<Object>> ROWS =
      List.of(
          row("TINYINT", Types.TINYINT, 3, null, null, 10, 0),
          row("BIGINT", Types.BIGINT, 19, null, null, 10, 0),
          row("BINARY", Types.BINARY, null, "X'", null, null, null),
          row("DECIMAL", Types.DECIMAL, 38, null, "precision,scale", 10, 38),
          row("INT", Types.INTEGER, 10, null, null, 10, 0),
          row("SMALLINT", Types.SMALLINT, 5, null, null, 10, 0),
          row("FLOAT", Types.FLOAT, 7, null, null, 10, null),
          row("DOUBLE", Types.DOUBLE, 15, null, null, 10, null),
          row("STRING", Types.VARCHAR, 255, "'", null, null, null),
          row("BOOLEAN", Types.BOOLEAN, 1, null, null, null, null),
          row("DATE", Types.DATE, 10, "'", null, null, null),
          row("TIMESTAMP", Types.TIMESTAMP, 29, "'", null, null, null),
          row("TIMESTAMP_NTZ", Types.TIMESTAMP, 29, "'", null, null, null),
          row("ARRAY", Types.ARRAY, null, null, null, null, null),
          row("MAP", Types.VARCHAR, null, null, null, null, null),
          row("STRUCT", Types.STRUCT, null, null, null, null, null),
          row("VARIANT", Types.OTHER, null, null, null, null, null),
          row("VOID", Types.NULL, null, null, null, null, null));

  private TypeInfo() {}

  private static List<Object> row(
      String name,
      int jdbcType,
      Integer precision,
      String prefix,
      String parameters,
      Integer radix,
      Integer maximumScale) {
    boolean number = radix != null;
    return Arrays.asList(
        name,
        jdbcType,
        precision,
        prefix,
        prefix == null ? null : "'",
        parameters,
        DatabaseMetaData.typeNullable,
        jdbcType == Types.VARCHAR,
        DatabaseMetaData.typeSearchable,
        !number,
        false,
        false,
        null,
        number && maximumScale != null ? 0 : null,
        maximumScale,
        null,
        null,
        radix);
  }

  static int jdbcType(String typeText) {
    return switch (ManifestType.of(typeText).typeName()) {
      case "BOOLEAN" -> Types.BOOLEAN;
      case "BYTE" -> Types.TINYINT;
      case "SHORT" -> Types.SMALLINT;
      case "INT" -> Types.INTEGER;
      case "LONG" -> Types.BIGINT;
      case "FLOAT" -> Types.FLOAT;
      case "DOUBLE" -> Types.DOUBLE;
      case "DECIMAL" -> Types.DECIMAL;
      case "DATE" -> Types.DATE;
      case "TIMESTAMP" -> Types.TIMESTAMP;
      case "BINARY" -> Types.BINARY;
      case "CHAR" -> Types.CHAR;
      case "ARRAY" -> Types.ARRAY;
      case "STRUCT" -> Types.STRUCT;
      case "NULL" -> Types.NULL;
      case "VARIANT" -> Types.OTHER;
      default -> Types.VARCHAR;
    };
  }
}
