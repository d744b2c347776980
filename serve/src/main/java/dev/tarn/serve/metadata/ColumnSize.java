package dev.tarn.serve.metadata;

import dev.tarn.serve.results.ManifestType;
import java.util.Locale;

/**
 * A column's size the way JDBC's {@code getColumns} counts it.
 *
 * @param decimalDigits or null where it does not apply
 * @param radix or null where it does not apply
 */
record ColumnSize(Integer size, Integer decimalDigits, Integer radix) {
  private static final int TEXT = 255;

  static ColumnSize of(String typeText) {
    ManifestType type = ManifestType.of(typeText);
    return switch (type.typeName()) {
      case "BYTE" -> number(3);
      case "SHORT" -> number(5);
      case "INT" -> number(10);
      case "LONG" -> number(19);
      case "FLOAT" -> number(7);
      case "DOUBLE" -> number(15);
      case "DECIMAL" ->
          new ColumnSize(type.precision().orElseThrow(), type.scale().orElseThrow(), 10);
      case "BOOLEAN" -> new ColumnSize(1, null, null);
      case "DATE" -> new ColumnSize(10, null, null);
      case "TIMESTAMP" -> new ColumnSize(29, 6, null);
      default -> new ColumnSize(TEXT, null, null);
    };
  }

  private static ColumnSize number(int digits) {
    return new ColumnSize(digits, 0, 10);
  }

  /** The type's name in upper case, except for the names of a struct's fields. */
  static String displayed(String typeText) {
    return typeText.indexOf('<') < 0 ? typeText.toUpperCase(Locale.ROOT) : typeText;
  }
}
