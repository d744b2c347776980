package dev.tarn.testkit.tpc;

import io.trino.tpcds.Results;
import io.trino.tpcds.Session;
import io.trino.tpcds.Table;
import io.trino.tpcds.column.Column;
import io.trino.tpcds.column.ColumnType;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * TPC-DS: 24 tables, 99 queries, of which four have two statements.
 *
 * @see <a href="https://www.tpc.org/tpcds/">TPC-DS</a>
 */
public final class Tpcds implements TpcBenchmark {
  private static final Set<Integer> OF_TWO_STATEMENTS = Set.of(14, 23, 24, 39);
  private static final List<TpcTable> TABLES =
      generated().map(table -> new TpcTable(table.getName(), columns(table))).toList();

  private static Stream<Table> generated() {
    return Table.getBaseTables().stream().filter(table -> table != Table.DBGEN_VERSION);
  }

  private static List<TpcTable.Column> columns(Table table) {
    return Stream.of(table.getColumns())
        .map(column -> new TpcTable.Column(name(column), type(column)))
        .toList();
  }

  private static String name(Column column) {
    // The generator cuts it short.
    return column.getName().equals("p_response_targe") ? "p_response_target" : column.getName();
  }

  private static String type(Column column) {
    ColumnType type = column.getType();
    return switch (type.getBase()) {
      case INTEGER -> "INT";
      case IDENTIFIER -> column.getName().endsWith("_number") ? "BIGINT" : "INT";
      case DATE -> "DATE";
      case TIME -> "STRING";
      case DECIMAL -> "DECIMAL(" + type.getPrecision().get() + "," + type.getScale().get() + ")";
      case VARCHAR -> "VARCHAR(" + type.getPrecision().get() + ")";
      case CHAR -> "CHAR(" + type.getPrecision().get() + ")";
    };
  }

  @Override
  public String name() {
    return "tpcds";
  }

  @Override
  public List<TpcTable> tables() {
    return TABLES;
  }

  @Override
  public List<TpcQuery> queries() {
    return IntStream.rangeClosed(1, 99)
        .boxed()
        .flatMap(
            number ->
                OF_TWO_STATEMENTS.contains(number)
                    ? Stream.of(number + "a", number + "b")
                    : Stream.of(number.toString()))
        .map(number -> "q" + (number.matches("\\d[ab]?") ? "0" : "") + number)
        .map(query -> TpcQuery.read(name(), query))
        .toList();
  }

  @Override
  public void write(double scale, Path folder) throws IOException {
    Session session = Session.getDefaultSession().withScale(scale);
    for (Table table : generated().filter(t -> !t.isChild()).toList()) {
      // Returns come with the sales that they return.
      Table child = table.hasChild() ? table.getChild() : null;
      try (BufferedWriter out = open(folder, table);
          BufferedWriter children = child == null ? null : open(folder, child)) {
        for (List<List<String>> rows : Results.constructResults(table, session)) {
          out.append(line(rows.get(0)));
          if (rows.size() > 1) {
            children.append(line(rows.get(1)));
          }
        }
      }
    }
  }

  private static BufferedWriter open(Path folder, Table table) throws IOException {
    return Files.newBufferedWriter(folder.resolve(table.getName() + ".csv"));
  }

  private static String line(List<String> values) {
    return values.stream()
        .map(value -> value == null ? "" : value)
        .collect(Collectors.joining("|", "", "\n"));
  }
}
