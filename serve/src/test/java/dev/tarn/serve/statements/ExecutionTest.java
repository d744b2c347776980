package dev.tarn.serve.statements;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.kernel.identity.Principal;
import dev.tarn.serve.history.Query;
import dev.tarn.serve.history.QueryClient;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ExecutionTest {
  private Instant now = Instant.parse("2024-01-01T00:00:00Z");

  private Execution execution(String sql) {
    Clock clock =
        new Clock() {
          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return now;
          }
        };
    return new Execution(
        "1",
        Principal.user("alice"),
        ExecuteStatement.of("default", sql),
        new Execution.Origin(null, QueryClient.UNKNOWN, "spark", changed -> {}),
        clock);
  }

  @Test
  void isForgottenOnceNobodyAsksForIt() {
    Execution execution = execution("SELECT 1");
    Instant begin = now;
    assertThat(execution.forgottenSince(begin)).isFalse();
    now = begin.plusSeconds(100);
    assertThat(execution.forgottenSince(now)).isTrue();
    execution.askedFor();
    assertThat(execution.forgottenSince(now)).isFalse();
    now = begin.plusSeconds(200);
    assertThat(execution.forgottenSince(now)).isTrue();
    execution.cancel();
    assertThat(execution.forgottenSince(now)).isFalse();
  }

  @Test
  void keepsNoLongTextOnceItHasEnded() {
    String sql = "SELECT '" + "x".repeat(1_000_000) + "'";
    Execution execution = execution(sql);
    assertThat(execution.request().statement()).isEqualTo(sql);
    execution.cancel();
    assertThat(execution.request().statement()).hasSize(Query.LONGEST_TEXT + 1);
    Execution small = execution("SELECT 1");
    small.cancel();
    assertThat(small.request().statement()).isEqualTo("SELECT 1");
  }
}
