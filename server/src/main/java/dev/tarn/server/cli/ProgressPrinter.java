package dev.tarn.server.cli;

import dev.tarn.server.client.PipelineCalls.Event;
import dev.tarn.server.client.PipelineCalls.Expectation;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Shows an update while it runs: a line per flow, rewritten in place on a terminal, and appended
 * when a flow's status changes elsewhere. Errors go to the error stream.
 */
final class ProgressPrinter {

  private static final class Flow {
    String status = "";
    long rows;
    long dropped;
    long startedNanos;
    long endedNanos;
    final Map<String, Expectation> expectations = new LinkedHashMap<>();

    double rowsPerSecond() {
      long until = endedNanos == 0 ? System.nanoTime() : endedNanos;
      double seconds = (until - startedNanos) / 1e9;
      return startedNanos == 0 || seconds <= 0 ? 0 : rows / seconds;
    }
  }

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean interactive;
  private final String remoteFolder;
  private final String localFolder;
  private final Map<String, Flow> flows = new LinkedHashMap<>();
  private final List<String> errors = new ArrayList<>();
  private final long started = System.nanoTime();
  private int drawn;

  /**
   * @param remoteFolder workspace folder of the files; in messages it is replaced by localFolder
   */
  ProgressPrinter(
      PrintWriter out,
      PrintWriter err,
      boolean interactive,
      String remoteFolder,
      String localFolder) {
    this.out = out;
    this.err = err;
    this.interactive = interactive;
    this.remoteFolder = remoteFolder;
    this.localFolder = localFolder;
  }

  void event(Event event) {
    if (event.type().equals("flow_progress") && !event.flow().isEmpty()) {
      flow(event);
    }
    if (event.level().equals("ERROR")) {
      List<String> messages = event.errors().isEmpty() ? List.of(event.message()) : event.errors();
      for (String message : messages) {
        String local = local(message);
        if (!local.isBlank() && errors.stream().noneMatch(e -> e.contains(local))) {
          errors.add((event.flow().isEmpty() ? "" : event.flow() + ": ") + local);
        }
      }
    }
  }

  private void flow(Event event) {
    Flow flow = flows.computeIfAbsent(event.flow(), name -> new Flow());
    boolean changed = !Objects.equals(flow.status, event.status());
    flow.status = event.status();
    if (changed && flow.status.equals("RUNNING") && flow.startedNanos == 0) {
      flow.startedNanos = System.nanoTime();
    }
    if (List.of("COMPLETED", "FAILED", "STOPPED", "IDLE").contains(flow.status)) {
      flow.endedNanos = System.nanoTime();
    }
    flow.rows = Math.max(flow.rows, event.outputRows().orElse(0L));
    flow.dropped = Math.max(flow.dropped, event.droppedRows().orElse(0L));
    event.expectations().forEach(e -> flow.expectations.put(e.name(), e));
    if (interactive) {
      draw();
    } else if (changed) {
      out.println(line(event.flow(), flow));
      out.flush();
    }
  }

  void end(String state, boolean validateOnly) {
    long seconds = (System.nanoTime() - started) / 1_000_000_000L;
    if (state.equals("COMPLETED")) {
      out.println(
          validateOnly ? "The pipeline is valid." : "Update completed in " + seconds + " s.");
    } else {
      errors.forEach(e -> err.println("tarn: " + e));
      err.println(
          "tarn: "
              + (validateOnly ? "the pipeline is not valid" : "the update ended as " + state)
              + ".");
    }
    out.flush();
    err.flush();
  }

  private void draw() {
    if (drawn > 0) {
      out.print("\u001b[" + drawn + "A");
    }
    flows.forEach((name, flow) -> out.print("\r\u001b[2K" + line(name, flow) + "\n"));
    drawn = flows.size();
    out.flush();
  }

  private String line(String name, Flow flow) {
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "%-10s %-36s", flow.status, name));
    if (flow.rows > 0) {
      line.append(
          String.format(
              Locale.ROOT, " %,12d rows %,12.0f rows/s", flow.rows, flow.rowsPerSecond()));
    }
    if (flow.dropped > 0) {
      line.append(String.format(Locale.ROOT, "  %,d dropped", flow.dropped));
    }
    flow.expectations.values().stream()
        .filter(e -> e.failed() > 0)
        .forEach(e -> line.append(String.format(Locale.ROOT, "  %s: %,d", e.name(), e.failed())));
    return line.toString().stripTrailing();
  }

  /** Messages name files by their place on the server; the user knows them by their own. */
  private String local(String message) {
    String withoutPrefix = remoteFolder.substring("/Workspace".length());
    return message.replace(remoteFolder, localFolder).replace(withoutPrefix, localFolder);
  }
}
