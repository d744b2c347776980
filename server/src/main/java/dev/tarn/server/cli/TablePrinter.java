package dev.tarn.server.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Aligned columns. Widths come from the first rows; a later value that is wider pushes its line
 * out, and nothing is ever cut.
 */
final class TablePrinter implements RowPrinter {
  private static final int ROWS_MEASURED = 1_000;
  private static final Set<String> RIGHT =
      Set.of("BYTE", "SHORT", "INT", "LONG", "FLOAT", "DOUBLE", "DECIMAL");

  private final PrintWriter out;
  private final List<List<String>> held = new ArrayList<>();
  private List<Column> columns = List.of();
  private int[] widths;
  private long rows;

  TablePrinter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void columns(List<Column> found) {
    columns = found;
  }

  @Override
  public void row(List<String> values) {
    rows++;
    List<String> cells = values.stream().map(TablePrinter::cell).toList();
    if (widths != null) {
      line(cells);
      return;
    }
    held.add(cells);
    if (held.size() == ROWS_MEASURED) {
      release();
    }
  }

  @Override
  public void end() {
    if (columns.isEmpty()) {
      out.println("OK");
      return;
    }
    if (widths == null) {
      release();
    }
    out.println("(" + rows + (rows == 1 ? " row)" : " rows)"));
  }

  private void release() {
    widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          Math.max(
              width(columns.get(i).name()),
              held.stream().mapToInt(cells -> width(cells.get(column))).max().orElse(0));
    }
    line(columns.stream().map(c -> cell(c.name())).toList());
    StringBuilder rule = new StringBuilder();
    for (int width : widths) {
      rule.append(rule.length() == 0 ? "" : "-+-").append("-".repeat(width));
    }
    out.println(rule);
    held.forEach(this::line);
    held.clear();
  }

  private void line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String padding = " ".repeat(Math.max(0, widths[i] - width(cells.get(i))));
      boolean right = RIGHT.contains(columns.get(i).typeName());
      line.append(i == 0 ? "" : " | ")
          .append(right ? padding + cells.get(i) : cells.get(i) + padding);
    }
    out.println(line.toString().stripTrailing());
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Control characters would break the lines, or steer the terminal. */
  private static String cell(String value) {
    if (value == null) {
      return "NULL";
    }
    StringBuilder cell = new StringBuilder(value.length());
    value
        .codePoints()
        .forEach(
            c -> {
              if (c == '\n') {
                cell.append("\\n");
              } else if (c == '\t') {
                cell.append("\\t");
              } else if (Character.isISOControl(c)) {
                cell.append(String.format("\\u%04x", c));
              } else {
                cell.appendCodePoint(c);
              }
            });
    return cell.toString();
  }
}
