package dev.tarn.testkit.tpc;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A table of a TPC benchmark. */
public record TpcTable(String name, List<Column> columns) {
  /**
   * @param type as the specification has it, in Spark's SQL, such as {@code DECIMAL(15,2)} or
   *     {@code CHAR(10)}
   */
  public record Column(String name, String type) {
    String typeOfFiles() {
      return type.contains("CHAR") ? "STRING" : type;
    }
  }

  public TpcTable {
    columns = List.copyOf(columns);
  }

  /** Columns with the specification's types, as {@code CREATE TABLE} takes them. */
  public String columnsAsSpecified() {
    return columns.stream().map(c -> c.name + " " + c.type).collect(Collectors.joining(", "));
  }

  /** Columns with all texts as {@code STRING}: what a reader of the files is told. */
  public String columnsWithStrings() {
    return columns.stream()
        .map(c -> c.name + " " + c.typeOfFiles())
        .collect(Collectors.joining(", "));
  }

  /** From {@code name type, name type}; the types hold no blanks. */
  static TpcTable of(String name, String columns) {
    return new TpcTable(
        name,
        List.of(columns.strip().split(",\\s+")).stream()
            .map(column -> column.split(" "))
            .map(parts -> new Column(parts[0], parts[1].toUpperCase(Locale.ROOT)))
            .toList());
  }
}
