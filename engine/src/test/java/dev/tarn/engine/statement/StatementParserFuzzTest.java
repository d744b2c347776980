package dev.tarn.engine.statement;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.testkit.fuzz.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text is a statement of ours, a mistake of its author's, or Spark's. */
class StatementParserFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "GRANT SELECT, USE SCHEMA ON SCHEMA `a b`.c TO `x@y`",
            "REVOKE ALL PRIVILEGES ON TABLE a.b.c FROM users",
            "CREATE CATALOG IF NOT EXISTS c COMMENT 'it''s'",
            "CREATE EXTERNAL VOLUME v LOCATION 'file:/x' COMMENT \"\"",
            "DROP CATALOG c CASCADE;",
            "SHOW VOLUMES IN a.b LIKE '*'",
            "SHOW CREATE TABLE t",
            "DESCRIBE TABLE EXTENDED a.b AS JSON",
            "COMMENT ON COLUMN a.b.c.d IS NULL",
            "ALTER SCHEMA s SET OWNER TO `o`",
            "ALTER VIEW a.b.c OWNER TO o",
            "ALTER TABLE a.b.c ALTER COLUMN d SET TAGS ('k' = 'v', 'l')",
            "UNSET TAG ON COLUMN t.c k",
            "ALTER TABLE t DROP FOREIGN KEY IF EXISTS (a, b) CASCADE",
            "CREATE OR REPLACE POLICY p ON SCHEMA s COMMENT 'c' COLUMN MASK f TO a, b EXCEPT c FOR"
                + " TABLES WHEN has_tag('x') AND NOT (has_tag_value('y', 'z')) MATCH COLUMNS"
                + " has_tag('k') AS c, has_tag('l') ON COLUMN c USING COLUMNS (c, 'd', 5)",
            "SHOW EFFECTIVE POLICIES ON TABLE t",
            "USE CATALOG main")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @FuzzTest
  @MethodSource("seeds")
  void parses(byte[] input) {
    String sql = new String(input, StandardCharsets.UTF_8);
    try {
      if (StatementParser.isOurs(sql)) {
        assertThat(new StatementParser("main", "default").parse(sql)).isNotNull();
      } else {
        Unsupported.refuse(sql);
      }
    } catch (TarnException e) {
      assertThat(e.code()).isNotEqualTo(ErrorCode.INTERNAL_ERROR);
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void slice() {
    Mutations.run("StatementParserFuzzTest", seeds(), 20_000, this::parses);
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPatternOfManyStarsTakesNoLongerThanItIsLong() {
    String name = "a".repeat(255);
    assertThat(Statements.like(Optional.of("x|" + "*a".repeat(100) + "*b"))).rejects(name);
    assertThat(Statements.like(Optional.of("B|" + "*A".repeat(100) + "*"))).accepts(name, "b");
    assertThat(Statements.like(Optional.of("a*c"))).accepts("abc", "AC").rejects("acd", "bac");
    assertThat(Statements.like(Optional.of(""))).accepts("").rejects(name);
  }
}
