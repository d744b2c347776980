package dev.tarn.bench.measure;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** What a benchmark found, as text for the screen and as rows for {@code bench/RESULTS.md}. */
public final class Report {
  private record Row(String what, Samples tarn, Samples peer, boolean rate) {
    /** Above 1, Tarn is faster or smaller. */
    double ratio() {
      double ratio = peer.median() / tarn.median();
      return rate ? 1 / ratio : ratio;
    }
  }

  private final String name;
  private final List<Row> rows = new ArrayList<>();

  public Report(String name) {
    this.name = name;
  }

  /** Sets times or sizes beside the peer's; the ratio is that of the medians, peer ÷ Tarn. */
  public void compare(String what, Samples tarn, Samples peer) {
    rows.add(new Row(what, tarn, peer, false));
  }

  /** Sets rates beside the peer's; the ratio is that of the medians, Tarn ÷ peer. */
  public void compareRates(String what, Samples tarn, Samples peer) {
    rows.add(new Row(what, tarn, peer, true));
  }

  /** A figure without a peer. */
  public void add(String what, Samples tarn) {
    rows.add(new Row(what, tarn, null, false));
  }

  public void print(PrintWriter out) {
    out.println();
    out.println("| benchmark | what | rounds | Tarn (min / median / max) | peer | ratio |");
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
              + (row.peer == null ? "" : "**" + Samples.format(row.ratio()) + "**")
              + " |");
    }
    out.flush();
  }
}
