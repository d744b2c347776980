package dev.tarn.bench.measure;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** What a benchmark found, as text for the screen and as rows for {@code bench/RESULTS.md}. */
public final class Report {
  private record Row(String what, Samples tarn, Samples peer) {}

  private final String name;
  private final List<Row> rows = new ArrayList<>();

  public Report(String name) {
    this.name = name;
  }

  /** Sets Tarn beside its peer; the ratio is that of the medians. */
  public void compare(String what, Samples tarn, Samples peer) {
    rows.add(new Row(what, tarn, peer));
  }

  /** A figure without a peer. */
  public void add(String what, Samples tarn) {
    rows.add(new Row(what, tarn, null));
  }

  public void print(PrintWriter out) {
    out.println();
    out.println("| benchmark | what | rounds | Tarn (min / median / max) | peer | peer ÷ Tarn |");
    out.println("|---|---|---|---|---|---|");
    for (Row row : rows) {
      out.println(
          "| "
              + name
              + " | "
              + row.what
              + " | "
              + row.tarn.count()
              + " | "
              + row.tarn.figures()
              + " | "
              + (row.peer == null ? "" : row.peer.figures())
              + " | "
              + (row.peer == null
                  ? ""
                  : "**" + Samples.format(row.peer.median() / row.tarn.median()) + "**")
              + " |");
    }
    out.flush();
  }
}
