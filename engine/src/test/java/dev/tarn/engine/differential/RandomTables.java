package dev.tarn.engine.differential;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Tables with random columns and rows, rich in values at the edges of their types. */
final class RandomTables {
  private static final int ROWS = 30;

  /**
   * Types that a partition's folder can name; moments are left out, since those that its text does
   * not say exactly are refused with the whole table.
   */
  private static final String PARTITIONS = "JSTBCIL";

  /** What tables are made as: each is read in another way. */
  enum Shape {
    PLAIN,
    PARTITIONED,
    DELETED_ROWS
  }

  /**
   * @param columns besides {@code id}, which is unique and never NULL
   */
  record Table(String name, Shape shape, List<Column> columns) {
    /**
     * The columns by the grammar's types.
     *
     * @param prefix of their names, such as an alias and a point
     */
    Map<Character, List<String>> byType(String prefix) {
      Map<Character, List<String>> all = new HashMap<>();
      all.computeIfAbsent('J', t -> new ArrayList<>()).add(prefix + "id");
      for (Column column : columns) {
        all.computeIfAbsent(column.letter(), t -> new ArrayList<>()).add(prefix + column.name());
      }
      return all;
    }
  }

  /**
   * @param letter of {@link Grammar}'s types
   */
  record Column(String name, char letter, String type) {}

  private final Random random;

  RandomTables(long seed) {
    this.random = new Random(seed);
  }

  Table table(String name, Shape shape) {
    List<Column> columns = new ArrayList<>();
    // One column of most types, and of some another one.
    for (char letter : Grammar.TYPES.toCharArray()) {
      for (int i = random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(5) / 4; i > 0; i--) {
        List<String> types = types(letter);
        columns.add(
            new Column("c" + columns.size(), letter, types.get(random.nextInt(types.size()))));
      }
    }
    return new Table(name, shape, columns);
  }

  /** The statements that make a table and fill it. */
  List<String> statements(Table table) {
    List<String> statements = new ArrayList<>();
    List<Column> able =
        table.columns().stream().filter(c -> PARTITIONS.indexOf(c.letter()) >= 0).toList();
    statements.add(
        table.columns().stream()
                .map(c -> c.name() + " " + c.type())
                .collect(
                    Collectors.joining(", ", "CREATE TABLE " + table.name() + " (id INT, ", ")"))
            + (table.shape() == Shape.PARTITIONED
                ? " PARTITIONED BY (" + able.get(random.nextInt(able.size())).name() + ")"
                : "")
            + (table.shape() == Shape.DELETED_ROWS
                ? " TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')"
                : ""));
    statements.add(insert(table, 0, ROWS));
    if (table.shape() == Shape.DELETED_ROWS) {
      statements.add(insert(table, ROWS, ROWS + 10));
      statements.add("DELETE FROM " + table.name() + " WHERE id % 7 = 3");
    }
    return statements;
  }

  private String insert(Table table, int from, int to) {
    List<String> rows = new ArrayList<>();
    for (int id = from; id < to; id++) {
      List<String> values = new ArrayList<>(List.of(Integer.toString(id)));
      for (Column column : table.columns()) {
        List<String> of = values(column);
        values.add(
            random.nextInt(6) == 0
                ? "NULL"
                : "CAST(" + of.get(random.nextInt(of.size())) + " AS " + column.type() + ")");
      }
      rows.add("(" + String.join(", ", values) + ")");
    }
    return "INSERT INTO " + table.name() + " VALUES " + String.join(", ", rows);
  }

  private static List<String> types(char letter) {
    return switch (letter) {
      case 'I' -> List.of("INT", "SMALLINT", "TINYINT");
      case 'J' -> List.of("INT");
      case 'L' -> List.of("BIGINT");
      case 'P' -> List.of("DECIMAL(9,2)", "DECIMAL(15,2)", "DECIMAL(38,10)", "DECIMAL(4,4)");
      case 'C' -> List.of("DECIMAL(10,2)");
      case 'D' -> List.of("DOUBLE", "FLOAT");
      case 'E' -> List.of("DOUBLE");
      case 'S' -> List.of("STRING");
      case 'T' -> List.of("DATE");
      case 'M' -> List.of("TIMESTAMP");
      case 'N' -> List.of("TIMESTAMP_NTZ");
      case 'B' -> List.of("BOOLEAN");
      case 'X' -> List.of("BINARY");
      case 'A' -> List.of("ARRAY<INT>");
      case 'Z' -> List.of("ARRAY<STRING>");
      case 'K' -> List.of("MAP<STRING, INT>");
      default -> List.of("STRUCT<a: INT, b: STRING>");
    };
  }

  private static List<String> values(Column column) {
    return switch (column.type()) {
      case "TINYINT" -> List.of("1", "0", "-1", "7", "127", "-128");
      case "SMALLINT" -> List.of("1", "0", "-1", "100", "32767", "-32768");
      case "INT" ->
          column.letter() == 'J'
              ? List.of("1", "0", "-1", "2", "3", "5", "-4", "12", "31")
              : List.of("1", "0", "-1", "2", "10", "12345", "2147483647", "-2147483648");
      case "BIGINT" ->
          List.of(
              "1",
              "0",
              "-1",
              "1609459200",
              "9007199254740993",
              "9223372036854775807",
              "-9223372036854775807");
      case "FLOAT", "DOUBLE" ->
          column.letter() == 'E'
              ? List.of("1.5D", "0.0D", "-2.25D", "0.5D", "1024.0D", "3.0D", "-0.125D", "100.0D")
              : List.of(
                  "1.5D",
                  "0.0D",
                  "'-0.0'",
                  "0.1D",
                  "-3.25D",
                  "16777217D",
                  "1e15D",
                  "1e-7D",
                  "'NaN'",
                  "'Infinity'",
                  "'-Infinity'");
      case "DECIMAL(9,2)" -> List.of("1", "0", "-1", "0.05", "-0.05", "9999999.99", "2.50");
      case "DECIMAL(10,2)" -> List.of("1", "0", "-1.50", "0.05", "12.34", "2.50", "-0.01", "9.99");
      case "DECIMAL(15,2)" -> List.of("1", "0.07", "9999999999999.99", "-1234.56", "50000");
      case "DECIMAL(38,10)" ->
          List.of("1", "0.0000000001", "-2.5", "9999999999999999999999999999.9999999999BD", "0.5");
      case "DECIMAL(4,4)" -> List.of("0", "0.0001", "-0.9999", "0.5", "0.1234");
      case "DATE" ->
          List.of(
              "'2024-02-29'",
              "'1970-01-01'",
              "'1969-12-31'",
              "'2000-01-31'",
              "'2020-12-31'",
              "'2021-01-03'",
              "'0001-01-01'",
              "'9999-12-31'");
      case "TIMESTAMP", "TIMESTAMP_NTZ" ->
          List.of(
              "'2020-02-29 12:34:56.789012'",
              "'1970-01-01 00:00:00'",
              "'1969-12-31 23:59:59.999999'",
              "'2024-03-10 02:30:00'",
              "'2024-11-03 01:30:00'",
              "'2024-11-03 05:30:00'",
              "'1900-01-01 00:00:00'",
              "'2021-01-03 05:00:00.1'");
      case "BOOLEAN" -> List.of("true", "false");
      case "BINARY" -> List.of("X'00'", "X''", "X'FF'", "X'CAFE'", "X'414243'");
      case "ARRAY<INT>" -> List.of("array(1, 2, 3)", "array()", "array(NULL, 7)", "array(-1, 0)");
      case "ARRAY<STRING>" ->
          List.of("array('a', 'b')", "array()", "array(NULL, '')", "array('é')");
      case "MAP<STRING, INT>" ->
          List.of("map('a', 1)", "map()", "map('b', NULL, 'a', 7)", "map('', -1)");
      case "STRUCT<a: INT, b: STRING>" ->
          List.of("named_struct('a', 1, 'b', 'x')", "named_struct('a', NULL, 'b', '')");
      default ->
          List.of(
              "'a'",
              "''",
              "'b'",
              "'A'",
              "' a '",
              "'abc'",
              "'%'",
              "'a_c'",
              "'1'",
              "'-12.5'",
              "'ä'",
              "'ß'",
              "'日本'",
              "'😀x'",
              "'e\\u0301'",
              "'a\\nb'",
              "'2024-02-29'",
              "'true'",
              "'x,y,,z'",
              "'NaN'");
    };
  }
}
