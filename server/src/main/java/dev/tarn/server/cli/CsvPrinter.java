package dev.tarn.server.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;

/** RFC 4180 with a header. NULL is empty, an empty text is {@code ""}. */
final class CsvPrinter implements RowPrinter {
  private final PrintWriter out;

  CsvPrinter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void columns(List<Column> columns) {
    line(columns.stream().map(Column::name).toList());
  }

  @Override
  public void row(List<String> values) {
    line(values);
  }

  @Override
  public void end() {}

  private void line(List<String> values) {
    out.print(values.stream().map(CsvPrinter::field).collect(Collectors.joining(",")));
    out.print("\r\n");
  }

  private static String field(String value) {
    if (value == null) {
      return "";
    }
    boolean plain =
        !value.isEmpty()
            && value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
  }
}
