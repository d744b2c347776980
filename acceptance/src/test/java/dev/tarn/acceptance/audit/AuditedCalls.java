package dev.tarn.acceptance.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.acceptance.restart.Survivor;
import dev.tarn.server.client.TarnClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Calls from several clients: what was answered before {@code kill -9} is in the audit log after
 * it, and once; so is lineage.
 */
public final class AuditedCalls implements Survivor {
  private static final int CALLS = 40;
  private static final int CALLERS = 4;

  private final List<String> answered = new ArrayList<>();
  private String token;

  @Override
  public void before(Tarn tarn) {
    token = tarn.administratorToken();
    // Some of them are in the table when it is killed, others in the journal.
    assertThat(calls(tarn, "early", token)).hasSize(CALLERS * CALLS);
    tarn.administrator().sql("SELECT count(*) FROM system.access.audit");
    answered.addAll(calls(tarn, "late", token));
    tarn.administrator().sql("CREATE TABLE main.default.made AS SELECT 1 AS v");
    tarn.administrator().sql("CREATE TABLE main.default.copy AS SELECT v FROM main.default.made");
  }

  @Override
  public void after(Tarn tarn) {
    assertThat(answered).hasSize(CALLERS * CALLS);
    TarnClient administrator = tarn.administrator();
    assertThat(
            administrator
                .sql(
                    "SELECT substring_index(request_params.full_name, '_', 1), count(*),"
                        + " count(DISTINCT request_params.full_name), max(response.status_code),"
                        + " max(user_identity.email) FROM system.access.audit"
                        + " WHERE action_name = 'getTable'"
                        + " AND request_params.full_name LIKE 'main.default.%'"
                        + " GROUP BY 1 ORDER BY 1")
                .rows())
        .containsExactly(
            List.of("main.default.early", "160", "160", "404", "admin"),
            List.of("main.default.late", "160", "160", "404", "admin"));
    assertThat(
            administrator
                .sql(
                    "SELECT source_column_name, target_table_name FROM"
                        + " system.access.column_lineage WHERE source_table_name = 'made'")
                .rows())
        .containsExactly(List.of("v", "copy"));
    assertThat(
            new Rest(tarn.url(), token)
                .get("/api/2.0/lineage-tracking/table-lineage?table_name=main.default.copy")
                .body())
        .contains("made");
    assertThat(
            administrator
                .sql("SELECT count(*) - count(DISTINCT event_id) FROM system.access.audit")
                .rows())
        .containsExactly(List.of("0"));
  }

  @Override
  public void close() {}

  /** Calls at once from several clients; returns what was answered. */
  private static List<String> calls(Tarn tarn, String when, String token) {
    return IntStream.range(0, CALLERS)
        .parallel()
        .boxed()
        .flatMap(
            caller -> {
              Rest rest = new Rest(tarn.url(), token);
              return IntStream.range(0, CALLS)
                  .mapToObj(
                      i -> {
                        String name = "main.default." + when + '_' + caller + '_' + i;
                        assertThat(rest.get("/api/2.1/unity-catalog/tables/" + name).status())
                            .isEqualTo(404);
                        return name;
                      });
            })
        .toList();
  }
}
