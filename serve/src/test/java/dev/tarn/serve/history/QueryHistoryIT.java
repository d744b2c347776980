package dev.tarn.serve.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.engine.sql.Profile;
import dev.tarn.kernel.http.Method;
import dev.tarn.serve.ServeTestRoom;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.serve.statements.StatementsConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryHistoryIT {
  private static final String PATH = "/api/2.0/sql/history/queries";

  @TempDir Path data;
  private ServeTestRoom room;

  @BeforeEach
  void start() {
    room = new ServeTestRoom(data, ResultsConfig.DEFAULT, StatementsConfig.DEFAULT);
  }

  @AfterEach
  void stop() {
    room.close();
  }

  private List<String> texts(dev.tarn.kernel.identity.Principal who, String query) {
    List<String> found = new ArrayList<>();
    room.get(who, PATH + query)
        .json()
        .get("res")
        .forEach(q -> found.add(q.get("query_text").asText()));
    return found;
  }

  @Test
  void tellsWhatRanAndHow() {
    String id =
        room.call(
                Method.POST,
                ServeTestRoom.ALICE,
                "/api/2.0/sql/statements",
                "{\"warehouse_id\":\"default\",\"wait_timeout\":\"50s\","
                    + "\"statement\":\"/* c */ WITH x AS (SELECT 1) SELECT * FROM range(7)\"}",
                Map.of("user-agent", "databricks-sdk-java/0.141.0 jvm/17"))
            .json()
            .get("statement_id")
            .asText();
    room.execute(ServeTestRoom.ALICE, "SELECT nonsense", "");

    JsonNode all = room.get(ServeTestRoom.ALICE, PATH + "?include_metrics=true").json();
    assertThat(all.get("has_next_page").asBoolean()).isFalse();
    JsonNode failed = all.at("/res/0");
    assertThat(failed.get("status").asText()).isEqualTo("FAILED");
    assertThat(failed.get("error_message").asText()).contains("nonsense");
    JsonNode done = all.at("/res/1");
    assertThat(done.get("query_id").asText()).isEqualTo(id);
    assertThat(done.get("status").asText()).isEqualTo("FINISHED");
    assertThat(done.get("statement_type").asText()).isEqualTo("SELECT");
    assertThat(done.get("rows_produced").asInt()).isEqualTo(7);
    assertThat(done.get("user_name").asText()).isEqualTo(ServeTestRoom.ALICE.name());
    assertThat(done.get("user_id").asInt()).isEqualTo(2);
    assertThat(done.get("client_application").asText()).isEqualTo("Databricks SDK for Java");
    assertThat(done.get("executor").asText()).isEqualTo("spark");
    assertThat(done.get("query_end_time_ms").asLong())
        .isGreaterThanOrEqualTo(done.get("query_start_time_ms").asLong());
    assertThat(done.at("/metrics/rows_produced_count").asInt()).isEqualTo(7);
    assertThat(done.at("/metrics/network_sent_bytes").asLong()).isPositive();
    assertThat(done.at("/metrics/result_from_cache").asBoolean()).isFalse();
    assertThat(done.at("/metrics").has("read_files_count")).isFalse();
    assertThat(done.at("/profile/executor").asText()).isEqualTo("spark");
    assertThat(done.at("/profile/operators")).isEmpty();
    assertThat(room.get(ServeTestRoom.ALICE, PATH).json().at("/res/0").has("metrics")).isFalse();
  }

  @Test
  void filtersAndPages() {
    for (int i = 0; i < 5; i++) {
      room.execute(ServeTestRoom.ALICE, "SELECT " + i, "");
    }
    room.execute(ServeTestRoom.BOB, "SELECT nonsense", "");
    JsonNode first = room.get(ServeTestRoom.ADMIN, PATH + "?max_results=4").json();
    assertThat(first.get("res")).hasSize(4);
    String next = first.get("next_page_token").asText();
    assertThat(texts(ServeTestRoom.ADMIN, "?max_results=4&page_token=" + next))
        .containsExactly("SELECT 1", "SELECT 0");
    assertThat(texts(ServeTestRoom.ADMIN, "?filter_by.statuses=FAILED"))
        .containsExactly("SELECT nonsense");
    assertThat(texts(ServeTestRoom.ADMIN, "?filter_by.user_ids=3&filter_by.user_ids=99"))
        .containsExactly("SELECT nonsense");
    String id = first.at("/res/1/query_id").asText();
    assertThat(texts(ServeTestRoom.ADMIN, "?filter_by.statement_ids=" + id))
        .containsExactly("SELECT 4");
    long start = first.at("/res/3/query_start_time_ms").asLong();
    assertThat(
            texts(
                ServeTestRoom.ADMIN,
                "?filter_by.query_start_time_range.end_time_ms=" + (start - 1)))
        .doesNotContain("SELECT 4", "SELECT 2");
    assertThat(texts(ServeTestRoom.ADMIN, "?filter_by.warehouse_ids=none")).isEmpty();
    for (String wrong :
        List.of("max_results=1001", "page_token=x", "filter_by.statuses=OLD", "max_results=a")) {
      assertThat(room.get(ServeTestRoom.ADMIN, PATH + '?' + wrong).status()).isEqualTo(400);
    }
  }

  @Test
  void showsOthersQueriesOnlyToThoseWhoMayMonitor() {
    room.execute(ServeTestRoom.ALICE, "SELECT 'of alice'", "");

    assertThat(texts(ServeTestRoom.BOB, "")).isEmpty();
    assertThat(texts(ServeTestRoom.BOB, "?filter_by.user_ids=2")).isEmpty();
    assertThat(texts(ServeTestRoom.ADMIN, "")).containsExactly("SELECT 'of alice'");
    String id =
        room.get(ServeTestRoom.BOB, "/api/2.0/sql/warehouses/default").json().get("id").asText();
    room.call(
        Method.PATCH,
        ServeTestRoom.ADMIN,
        "/api/2.0/permissions/warehouses/" + id,
        "{\"access_control_list\":[{\"user_name\":\"bob@example.com\","
            + "\"permission_level\":\"CAN_MONITOR\"}]}",
        Map.of());
    assertThat(texts(ServeTestRoom.BOB, "")).containsExactly("SELECT 'of alice'");
  }

  @Test
  void survivesRestartsAndSaysWhatWasLost() {
    room.execute(ServeTestRoom.ALICE, "SELECT 1", "");
    room.serve()
        .history()
        .record(query("lost", "SELECT 'running'", QueryStatus.RUNNING, Instant.now()));
    assertThat(texts(ServeTestRoom.ADMIN, "")).hasSize(2);
    room.close();
    start();

    JsonNode lost = room.get(ServeTestRoom.ADMIN, PATH + "?filter_by.statement_ids=lost").json();
    assertThat(lost.at("/res/0/status").asText()).isEqualTo("FAILED");
    assertThat(lost.at("/res/0/error_message").asText()).contains("server restarted");
    assertThat(texts(ServeTestRoom.ALICE, "?filter_by.statuses=FINISHED"))
        .containsExactly("SELECT 1");
  }

  @Test
  void keepsNoMoreThanItMay() {
    Instant now = Instant.now();
    try (QueryHistory history =
        new QueryHistory(
            room.database(),
            "test",
            who -> Set.of(),
            new HistoryConfig(30, 3),
            Clock.fixed(now, ZoneOffset.UTC))) {
      history.record(query("old", "old", QueryStatus.FINISHED, now.minus(Duration.ofDays(31))));
      for (int i = 0; i < 5; i++) {
        history.record(
            query("q" + i, "x".repeat(100_000), QueryStatus.FINISHED, now.plusMillis(i)));
      }
      assertThat(all(history)).hasSize(6);
      history.expire();
      assertThat(all(history)).extracting(Query::id).containsExactly("q4", "q3", "q2");
      assertThat(all(history)).allSatisfy(q -> assertThat(q.text()).hasSize(65_536));
    }
  }

  @Test
  void aPageOfLongTextsEndsEarlyAndIsFollowedByAnother() {
    Instant now = Instant.now();
    try (QueryHistory history =
        new QueryHistory(
            room.database(),
            "test",
            who -> Set.of(),
            HistoryConfig.DEFAULT,
            Clock.fixed(now, ZoneOffset.UTC))) {
      for (int i = 0; i < 200; i++) {
        history.record(query("q" + i, "x".repeat(65_000), QueryStatus.FINISHED, now.plusMillis(i)));
      }
      List<String> seen = new ArrayList<>();
      Optional<String> token = Optional.empty();
      do {
        QueryHistory.Page page = history.list(ServeTestRoom.ADMIN, QueryFilter.NONE, 1000, token);
        assertThat(page.queries()).hasSizeBetween(1, 100);
        page.queries().forEach(each -> seen.add(each.id()));
        token = page.nextPageToken();
      } while (token.isPresent());
      assertThat(seen).hasSize(200).doesNotHaveDuplicates().startsWith("q199", "q198");
    }
  }

  private static List<Query> all(QueryHistory history) {
    return history.list(ServeTestRoom.ADMIN, QueryFilter.NONE, 0, Optional.empty()).queries();
  }

  private static Query query(String id, String text, QueryStatus status, Instant started) {
    return new Query(
        id,
        ServeTestRoom.ALICE.name(),
        "w",
        null,
        text,
        QueryClient.UNKNOWN,
        status,
        started.toEpochMilli(),
        null,
        0,
        0,
        0,
        0,
        0,
        0,
        "spark",
        null,
        null,
        List.of(),
        Profile.NONE);
  }
}
