package dev.tarn.testkit.cases;

/**
 * A value of one SQL type, and what every protocol must make of it.
 *
 * @param name unique in its table, for messages
 * @param sql an expression; {@code SELECT <sql> AS v} yields the value
 * @param typeText the column's type in SQL, as result schemas and Arrow metadata spell it
 * @param typeName the type's name in a result manifest
 * @param text the value as JSON_ARRAY and CSV carry it; null for SQL NULL
 */
public record TypeCase(String name, String sql, String typeText, String typeName, String text) {

  /** The query whose only column, {@code v}, is the value. */
  public String query() {
    return "SELECT " + sql + " AS v";
  }

  @Override
  public String toString() {
    return name;
  }
}
