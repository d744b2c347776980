package dev.tarn.examples.flights;

import dev.tarn.server.client.PipelineCalls;
import dev.tarn.server.client.PipelineCalls.Event;
import dev.tarn.server.client.PipelineCalls.Expectation;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Follows one update of the pipeline and shows it: a bar over all flows, a line per flow. */
final class PipelineProgress {
  private static final long POLL_MILLIS = 250;
  private static final Set<String> ENDED = Set.of("COMPLETED", "FAILED", "CANCELED");
  private static final Set<String> FLOW_ENDED =
      Set.of("COMPLETED", "FAILED", "SKIPPED", "STOPPED", "IDLE", "EXCLUDED");

  private static final class Flow {
    private String status = "";
    private long rows;
    private long dropped;
    private Instant started;
    private Instant ended;
    private boolean printed;
    private final Map<String, Expectation> expectations = new TreeMap<>();
  }

  private final DemoScreen screen;
  private final int expectedFlows;
  private final Map<String, Flow> flows = new LinkedHashMap<>();
  private final List<String> errors = new ArrayList<>();

  /**
   * @param expectedFlows datasets of the pipeline, for the bar
   */
  PipelineProgress(DemoScreen screen, int expectedFlows) {
    this.screen = screen;
    this.expectedFlows = expectedFlows;
  }

  /** Returns the update's last state when it has one. */
  String follow(PipelineCalls pipelines, String pipeline, String update)
      throws InterruptedException {
    Set<String> seen = new HashSet<>();
    while (true) {
      // The state first: what happened before the end is then among the events.
      String state = pipelines.state(pipeline, update);
      for (Event event : pipelines.events(pipeline, update)) {
        if (seen.add(event.id())) {
          take(event);
        }
      }
      boolean over = ENDED.contains(state);
      // After the whole batch of events: a flow's figures may come just behind its end.
      flows.forEach(
          (name, flow) -> {
            if (over || FLOW_ENDED.contains(flow.status)) {
              print(name, flow);
            }
          });
      if (over) {
        return state;
      }
      showBar();
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Messages of what went wrong, each once. */
  List<String> errors() {
    return List.copyOf(errors);
  }

  long rows() {
    return flows.values().stream().mapToLong(flow -> flow.rows).sum();
  }

  int flows() {
    return flows.size();
  }

  /** Rows dropped by expectations in this update. */
  long dropped() {
    return flows.values().stream().mapToLong(flow -> flow.dropped).sum();
  }

  private void take(Event event) {
    if (event.level().equals("ERROR")) {
      List<String> messages = event.errors().isEmpty() ? List.of(event.message()) : event.errors();
      for (String message : messages) {
        String error = event.flow().isEmpty() ? message : name(event.flow()) + ": " + message;
        if (!message.isBlank() && errors.stream().noneMatch(e -> e.contains(message))) {
          errors.add(error);
        }
      }
    }
    if (!event.type().equals("flow_progress") || event.flow().isEmpty()) {
      return;
    }
    Flow flow = flows.computeIfAbsent(name(event.flow()), name -> new Flow());
    flow.status = event.status();
    if (flow.started == null && flow.status.equals("RUNNING")) {
      flow.started = time(event);
    }
    if (FLOW_ENDED.contains(flow.status)) {
      flow.ended = time(event);
    }
    flow.rows = Math.max(flow.rows, event.outputRows().orElse(0L));
    flow.dropped = Math.max(flow.dropped, event.droppedRows().orElse(0L));
    event.expectations().forEach(e -> flow.expectations.put(e.name(), e));
  }

  private void showBar() {
    long ended = flows.values().stream().filter(f -> FLOW_ENDED.contains(f.status)).count();
    String running =
        flows.entrySet().stream()
            .filter(e -> e.getValue().status.equals("RUNNING"))
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(", "));
    screen.progress(
        (double) ended / expectedFlows,
        ended + " of " + expectedFlows + (running.isEmpty() ? "" : "  " + shortened(running)));
  }

  private void print(String name, Flow flow) {
    if (flow.printed) {
      return;
    }
    flow.printed = true;
    StringBuilder line = new StringBuilder();
    line.append(mark(flow)).append(' ').append(String.format(Locale.ROOT, "%-38s", name));
    line.append(
        flow.rows == 0
            ? String.format(
                Locale.ROOT, "%16s", flow.status.equals("FAILED") ? "failed" : "nothing new")
            : String.format(Locale.ROOT, "%11s rows", DemoScreen.count(flow.rows)));
    // A rate over a few rows says nothing.
    if (flow.rows >= 1000 && flow.started != null && flow.ended != null) {
      long millis = Math.max(1, Duration.between(flow.started, flow.ended).toMillis());
      line.append(
          String.format(Locale.ROOT, "%10s/s", DemoScreen.count(flow.rows * 1000 / millis)));
    }
    if (flow.dropped > 0) {
      line.append("   dropped ").append(DemoScreen.count(flow.dropped));
    }
    String broken =
        flow.expectations.values().stream()
            .filter(e -> e.failed() > 0)
            .map(e -> e.name() + ' ' + DemoScreen.count(e.failed()))
            .collect(Collectors.joining(", "));
    if (!broken.isEmpty()) {
      line.append("   failed ").append(broken);
    }
    screen.detail(line.toString());
  }

  private static Instant time(Event event) {
    try {
      return Instant.parse(event.timestamp());
    } catch (DateTimeParseException e) {
      return Instant.now();
    }
  }

  private static String mark(Flow flow) {
    return flow.status.equals("FAILED") ? "✗" : "✓";
  }

  private static String shortened(String text) {
    return text.length() > 48 ? text.substring(0, 47) + "…" : text;
  }

  private static String name(String flow) {
    String plain = flow.replace("`", "");
    return plain.substring(plain.lastIndexOf('.') + 1);
  }
}
