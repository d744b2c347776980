package dev.tarn.serve.statements;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.testkit.fuzz.Mutations;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Any JSON is a request in order, or one that is refused for what is wrong with it. */
class ExecuteStatementFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "{\"statement\":\"SELECT ?\",\"warehouse_id\":\"a\",\"parameters\":[{\"ordinal\":1,"
                + "\"type\":\"DECIMAL(10,2)\",\"value\":\"1\"},{\"ordinal\":2}],\"row_limit\":1,"
                + "\"byte_limit\":2,\"wait_timeout\":\"10s\",\"on_wait_timeout\":\"CANCEL\"}",
            "{\"statement\":\"SELECT :a\",\"parameters\":[{\"name\":\"a\",\"type\":\"INT\"}],"
                + "\"disposition\":\"EXTERNAL_LINKS\",\"format\":\"ARROW_STREAM\"}",
            "{\"statement\":\"SELECT 1\",\"disposition\":\"INLINE_OR_EXTERNAL_LINKS\","
                + "\"format\":\"ARROW_STREAM\",\"result_compression\":\"LZ4_FRAME\","
                + "\"wait_timeout\":\"0s\"}",
            "{\"statement\":null,\"parameters\":[null,{\"ordinal\":1e999999999}]}",
            "{\"parameters\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @FuzzTest
  @MethodSource("seeds")
  void isInOrderOrRefused(byte[] input) {
    try {
      ExecuteStatement request =
          Json.mapper()
              .readValue(new String(input, StandardCharsets.UTF_8), ExecuteStatement.class);
      if (request != null) {
        StatementChecks checks = StatementChecks.of(request, ResultsConfig.DEFAULT);
        assertThat(checks.patience()).isBetween(Duration.ZERO, WAIT);
      }
    } catch (JsonProcessingException e) {
      assertThat(e.getMessage()).isNotEmpty();
    } catch (TarnException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER_VALUE);
    }
  }

  private static final Duration WAIT = Duration.ofSeconds(50);

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void slice() {
    Mutations.run("ExecuteStatementFuzzTest", seeds(), 20_000, this::isInOrderOrRefused);
  }
}
