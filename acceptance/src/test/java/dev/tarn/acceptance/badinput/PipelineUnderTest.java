package dev.tarn.acceptance.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tarn.server.client.PipelineCalls;
import dev.tarn.server.client.TarnClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A pipeline of one SQL file, in a schema of its own. */
final class PipelineUnderTest {
  private static final Set<String> ENDED = Set.of("COMPLETED", "FAILED", "CANCELED");

  private final TarnClient client;
  private final String schema;
  private final String folder;
  private final String id;

  /** How an update ended. */
  record Outcome(String state, List<PipelineCalls.Event> events) {

    /** All messages of errors. */
    String errors() {
      StringBuilder errors = new StringBuilder();
      for (PipelineCalls.Event event : events) {
        if (event.level().equals("ERROR")) {
          errors.append(event.message()).append('\n');
          event.errors().forEach(e -> errors.append(e).append('\n'));
        }
      }
      return errors.toString();
    }

    Outcome isCompleted() {
      assertThat(state).as(errors()).isEqualTo("COMPLETED");
      return this;
    }

    /** Returns its errors. */
    String failed() {
      assertThat(state).isEqualTo("FAILED");
      assertThat(errors()).doesNotContain("\tat ").doesNotContain("INTERNAL_ERROR");
      return errors();
    }
  }

  PipelineUnderTest(
      TarnClient client, String schema, Map<String, String> configuration, String sql) {
    this.client = client;
    this.schema = schema;
    this.folder = "/Workspace/Users/admin/pipelines/" + schema;
    client.sql("CREATE SCHEMA IF NOT EXISTS main." + schema);
    client.putWorkspaceFile(folder + "/flows.sql", sql.getBytes(StandardCharsets.UTF_8));
    this.id = client.pipelines().createOrEdit(schema, "main", schema, folder, configuration);
  }

  String id() {
    return id;
  }

  /** Full name of one of its tables. */
  String table(String name) {
    return "main." + schema + "." + name;
  }

  String start() {
    return client.pipelines().start(id, false, false);
  }

  Outcome update() {
    return follow(start());
  }

  Outcome follow(String update) {
    await("the update of " + schema + " to end")
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> ENDED.contains(client.pipelines().state(id, update)));
    return new Outcome(client.pipelines().state(id, update), client.pipelines().events(id, update));
  }

  /** Rows written so far by an update. */
  long rows(String update) {
    return client.pipelines().events(id, update).stream()
        .mapToLong(e -> e.outputRows().orElse(0L))
        .max()
        .orElse(0);
  }

  List<List<String>> select(String columns, String table, String more) {
    return client.sql("SELECT " + columns + " FROM " + table(table) + " " + more).rows();
  }
}
