package dev.tarn.serve.results;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A column's type as the manifest spells it.
 *
 * @param typeName the base type by Databricks' names, where BIGINT is {@code LONG}
 * @param precision digits of a DECIMAL
 * @param scale digits of a DECIMAL after the point
 * @param intervalType units of an INTERVAL, such as {@code YEAR TO MONTH}
 */
public record ManifestType(
    String typeName,
    Optional<Integer> precision,
    Optional<Integer> scale,
    Optional<String> intervalType) {
  private static final Pattern DECIMAL_ARGUMENTS =
      Pattern.compile("\\s*+(?:\\(\\s*+([0-9]{1,9})\\s*+(?:,\\s*+([0-9]{1,9})\\s*+)?\\)\\s*+)?");

  /** Reads SQL type text such as {@code DECIMAL(10,2)} or {@code ARRAY<INT>}. */
  public static ManifestType of(String typeText) {
    String text = typeText.trim().toUpperCase(Locale.ROOT);
    int end = 0;
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
      end++;
    }
    String base = text.substring(0, end);
    return switch (base) {
      case "DECIMAL", "DEC", "NUMERIC" -> decimal(text.substring(end));
      case "INTERVAL" ->
          new ManifestType(
              "INTERVAL",
              Optional.empty(),
              Optional.empty(),
              Optional.of(text.substring(end).trim()).filter(units -> !units.isEmpty()));
      case "BIGINT", "LONG" -> plain("LONG");
      case "SMALLINT", "SHORT" -> plain("SHORT");
      case "TINYINT", "BYTE" -> plain("BYTE");
      case "INTEGER", "INT" -> plain("INT");
      case "REAL", "FLOAT" -> plain("FLOAT");
      case "VARCHAR", "STRING" -> plain("STRING");
      case "VOID", "NULL" -> plain("NULL");
      case "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP" -> plain("TIMESTAMP");
      case "ARRAY",
          "BINARY",
          "BOOLEAN",
          "CHAR",
          "DATE",
          "DOUBLE",
          "GEOGRAPHY",
          "GEOMETRY",
          "MAP",
          "STRUCT",
          "VARIANT" ->
          plain(base);
      default -> plain("USER_DEFINED_TYPE");
    };
  }

  private static ManifestType plain(String name) {
    return new ManifestType(name, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static ManifestType decimal(String arguments) {
    Matcher numbers = DECIMAL_ARGUMENTS.matcher(arguments);
    if (!numbers.matches()) {
      return plain("USER_DEFINED_TYPE");
    }
    return new ManifestType(
        "DECIMAL",
        Optional.of(numbers.group(1) == null ? 10 : Integer.parseInt(numbers.group(1))),
        Optional.of(numbers.group(2) == null ? 0 : Integer.parseInt(numbers.group(2))),
        Optional.empty());
  }
}
