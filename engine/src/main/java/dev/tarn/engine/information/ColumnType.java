package dev.tarn.engine.information;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type in the columns that SQL's information schema has for it.
 *
 * @param intervalType units of an INTERVAL; null for other types
 */
record ColumnType(
    String name,
    Integer precision,
    Integer radix,
    Integer scale,
    Integer datetimePrecision,
    String intervalType) {
  private static final Pattern BASE = Pattern.compile("[A-Z_]+");
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+), ?(\\d+)\\)");

  static ColumnType of(String typeText) {
    String text = typeText.toUpperCase(Locale.ROOT);
    Matcher base = BASE.matcher(text);
    String name = base.lookingAt() ? base.group() : text;
    Matcher decimal = DECIMAL.matcher(text);
    if (decimal.lookingAt()) {
      return new ColumnType(
          name,
          Integer.valueOf(decimal.group(1)),
          10,
          Integer.valueOf(decimal.group(2)),
          null,
          null);
    }
    return switch (name) {
      case "TINYINT" -> binary(name, 8, 0);
      case "SMALLINT" -> binary(name, 16, 0);
      case "INT" -> binary(name, 32, 0);
      case "BIGINT" -> binary(name, 64, 0);
      case "FLOAT" -> binary(name, 32, null);
      case "DOUBLE" -> binary(name, 64, null);
      case "DATE" -> new ColumnType(name, null, null, null, 0, null);
      case "TIMESTAMP", "TIMESTAMP_NTZ" -> new ColumnType(name, null, null, null, 3, null);
      case "INTERVAL" ->
          new ColumnType(
              name,
              null,
              null,
              null,
              text.endsWith("SECOND") ? 3 : 0,
              text.substring(name.length()).strip());
      default -> new ColumnType(name, null, null, null, null, null);
    };
  }

  private static ColumnType binary(String name, int bits, Integer scale) {
    return new ColumnType(name, bits, 2, scale, null, null);
  }

  /** From {@code data_type} to {@code maximum_cardinality}. */
  List<Object> values() {
    return Arrays.asList(
        name, null, null, precision, radix, scale, datetimePrecision, intervalType, null, null);
  }
}
