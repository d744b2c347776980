package dev.tarn.engine.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.testkit.fuzz.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text passes through what changes statements before Spark parses them. */
class DialectFuzzTest {
  private static final Set<String> SOURCES = Set.of("read_files", "read_kafka");
  private static final int LONG_STATEMENT = 1 << 19;

  static Stream<byte[]> seeds() {
    return Stream.of(
            "CREATE OR REFRESH STREAMING TABLE t (a INT, CONSTRAINT `c d` EXPECT (a < 5) ON"
                + " VIOLATION DROP ROW, b STRUCT<x: INT>) AS SELECT * FROM STREAM(read_files('x'))",
            "CREATE MATERIALIZED VIEW v (CONSTRAINT 🐦 EXPECT (x)) PARTITIONED BY (d) AS SELECT 1",
            "BEGIN DECLARE x INT; IF a THEN GRANT SELECT ON TABLE t TO `b`; ELSE SET x = 1; END IF;"
                + " WHILE x DO SHOW CATALOGS; END WHILE; END",
            "SELECT * FROM STREAM read_kafka(a => 'b') -- REFRESH\n/* EXPECT */")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @FuzzTest
  @MethodSource("seeds")
  void rewrites(byte[] input) {
    String sql = new String(input, StandardCharsets.UTF_8);
    try {
      DatabricksSql.of(ScriptText.rewritten(sql), SOURCES);
    } catch (TarnException e) {
      assertThat(e.getMessage()).contains("PARSE_SYNTAX_ERROR");
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void slice() {
    Mutations.run("DialectFuzzTest", seeds(), 10_000, this::rewrites);
  }

  @Test
  void anUnclosedQuoteIsNoName() {
    assertThatThrownBy(
            () ->
                DatabricksSql.of(
                    "CREATE STREAMING TABLE t (CONSTRAINT ` EXPECT (a)) AS SELECT 1", SOURCES))
        .isInstanceOf(TarnException.class);
  }

  @Test
  void aStatementWithinAStatementStaysThere() {
    assertThat(ScriptText.rewritten("BEGIN SHOW CATALOGS THEN SHOW CATALOGS; END"))
        .isEqualTo("BEGIN EXECUTE IMMEDIATE 'SHOW CATALOGS THEN SHOW CATALOGS'; END");
  }

  /** Time that grows with the square of the length would be days. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void timeGrowsWithTheLengthOnly() {
    for (String part : new String[] {"BEGIN ", "; ", "THEN SHOW CATALOGS ", "SHOW VIEWS; "}) {
      rewrites(repeated("BEGIN ", part, ""));
    }
    rewrites(repeated("CREATE STREAMING TABLE t (a INT", ",\na INT", ") AS SELECT 1"));
    rewrites(repeated("CREATE STREAMING TABLE t ", "(", ""));
    rewrites(repeated("CREATE ", "STREAMING TABLE ", ""));
    rewrites(repeated("SELECT ", "STREAM(read_files(", ""));
  }

  private static byte[] repeated(String start, String part, String end) {
    return (start + part.repeat(LONG_STATEMENT / part.length()) + end)
        .getBytes(StandardCharsets.UTF_8);
  }
}
