package dev.tarn.examples.flights;

import dev.tarn.server.client.Rows;
import dev.tarn.server.client.TarnClient;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the demo prints: a line per step with a bar that fills where there is a terminal, then
 * tables and charts. Without a terminal every line is printed once, when it is final.
 */
final class DemoScreen {
  private static final int BAR = 24;
  private static final int CHART = 40;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final Set<String> NUMBERS =
      Set.of("BYTE", "SHORT", "INT", "LONG", "FLOAT", "DOUBLE", "DECIMAL");
  private static final String[] EIGHTHS = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

  private final PrintWriter out;
  private final boolean terminal;
  private String step = "";
  private long stepStarted;
  private long lastDrawn;

  DemoScreen(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Prints a line of text. */
  synchronized void line(String text) {
    out.println(text);
    out.flush();
  }

  /** Begins a step; {@link #done} ends it. */
  synchronized void begin(String name, String doing) {
    step = name;
    stepStarted = System.nanoTime();
    lastDrawn = 0;
    draw(doing);
  }

  /** Shows how far the step is, at most ten times a second. */
  synchronized void progress(double share, String text) {
    if (System.nanoTime() - lastDrawn >= REDRAW_NANOS) {
      draw(bar(share, BAR) + "  " + text);
      lastDrawn = System.nanoTime();
    }
  }

  /** Ends the step with what came of it. */
  synchronized void done(String result) {
    if (terminal) {
      out.print("\r\u001b[2K");
    }
    double seconds = (System.nanoTime() - stepStarted) / 1e9;
    line(String.format(Locale.ROOT, "%-11s %-76s %6.1f s", step, result, seconds));
  }

  /** A line below the running step; the step's own line moves down. */
  synchronized void detail(String text) {
    if (terminal) {
      out.print("\r\u001b[2K");
    }
    line("            " + text);
    lastDrawn = 0;
  }

  /** Clears the running step's line, before an error is printed. */
  synchronized void abandon() {
    if (terminal) {
      out.print("\r\u001b[2K");
      out.flush();
    }
  }

  private void draw(String text) {
    if (terminal) {
      out.print(String.format(Locale.ROOT, "\r\u001b[2K%-11s %s", step, text));
      out.flush();
    }
  }

  /** A title and a result as aligned columns. */
  synchronized void table(String title, TarnClient.Result result) {
    heading(title);
    List<Rows.Column> columns = result.columns();
    List<List<String>> lines = new ArrayList<>();
    lines.add(columns.stream().map(Rows.Column::name).toList());
    for (List<String> row : result.rows()) {
      lines.add(row.stream().map(v -> v == null ? "-" : v.replaceAll("\\p{Cntrl}", " ")).toList());
    }
    int[] widths = new int[columns.size()];
    for (List<String> cells : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], cells.get(i).codePointCount(0, cells.get(i).length()));
      }
    }
    for (int l = 0; l < lines.size(); l++) {
      StringBuilder text = new StringBuilder("  ");
      for (int i = 0; i < widths.length; i++) {
        String cell = lines.get(l).get(i);
        String pad = " ".repeat(widths[i] - cell.codePointCount(0, cell.length()));
        boolean right = NUMBERS.contains(columns.get(i).typeName());
        text.append(right ? pad + cell : cell + pad).append("   ");
      }
      out.println(text.toString().stripTrailing());
      if (l == 0) {
        StringBuilder rule = new StringBuilder("  ");
        for (int width : widths) {
          rule.append("─".repeat(width)).append("   ");
        }
        out.println(rule.toString().stripTrailing());
      }
    }
    out.flush();
  }

  /**
   * A horizontal bar chart.
   *
   * @param rows label, then value; the largest value fills the width
   */
  synchronized void chart(String title, List<List<String>> rows, String unit) {
    heading(title);
    double largest =
        rows.stream().mapToDouble(row -> Double.parseDouble(row.get(1))).max().orElse(1);
    for (List<String> row : rows) {
      double value = Double.parseDouble(row.get(1));
      double eighths = Math.max(0, value) / Math.max(largest, 1e-9) * CHART * 8;
      int whole = (int) Math.round(eighths);
      out.println(
          String.format(
              Locale.ROOT,
              "  %6s  %-" + CHART + "s  %5s%s",
              row.get(0),
              "█".repeat(whole / 8) + EIGHTHS[whole % 8],
              row.get(1),
              unit));
    }
    out.flush();
  }

  private void heading(String title) {
    out.println();
    out.println(terminal ? "\u001b[1m" + title + "\u001b[0m" : title);
  }

  static String bar(double share, int width) {
    int full = (int) Math.round(Math.min(1, Math.max(0, share)) * width);
    return "█".repeat(full) + "░".repeat(width - full);
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String count(long number, String noun) {
    return count(number) + ' ' + noun + (number == 1 ? "" : "s");
  }
}
