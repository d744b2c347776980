package dev.tarn.serve.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tarn.engine.statement.NamePattern;
import dev.tarn.testkit.fuzz.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text is a SHOW command of drivers, or is left to the engine. */
class MetadataParserFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "SHOW CATALOGS LIKE 'a*|b.'",
            "SHOW SCHEMAS IN `my``catalog` LIKE 'it''s \\' *'",
            "SHOW TABLES IN CATALOG main SCHEMA LIKE '*' LIKE 't.'",
            "SHOW COLUMNS IN CATALOG main SCHEMA LIKE 'a' TABLE LIKE 'b' LIKE 'c';",
            "SHOW FUNCTIONS IN ALL CATALOGS",
            "SHOW KEYS IN CATALOG a IN SCHEMA b IN TABLE c",
            "SHOW FOREIGN KEYS IN CATALOG a IN SCHEMA b IN TABLE c")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @FuzzTest
  @MethodSource("seeds")
  void parses(byte[] input) {
    String sql = new String(input, StandardCharsets.UTF_8);
    assertThat(MetadataParser.parse(sql)).isNotNull();
    NamePattern.of(sql).matches("some_name");
    NamePattern.ofJdbc(sql).matches("some_name");
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void slice() {
    Mutations.run("MetadataParserFuzzTest", seeds(), 20_000, this::parses);
  }
}
