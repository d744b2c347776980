package dev.tarn.engine.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.dialect.Expectation.Action;
import dev.tarn.kernel.error.TarnException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabricksSqlTest {
  private static DatabricksSql parse(String sql) {
    return DatabricksSql.of(sql, Set.of("read_files", "read_kafka"));
  }

  private static String words(String sql) {
    return parse(sql).text.strip().replaceAll("\\s+", " ");
  }

  @Test
  void expectationsLeaveTheColumnList() {
    DatabricksSql sql =
        parse(
            "CREATE OR REFRESH STREAMING TABLE t (\n"
                + "  a INT,\n"
                + "  CONSTRAINT one EXPECT (a < 5 AND b IN (1, 2)),\n"
                + "  b STRUCT<x: INT, y: DECIMAL(10, 2)>,\n"
                + "  CONSTRAINT `two, three` EXPECT (f(a, ')') IS NOT NULL) ON VIOLATION DROP ROW,\n"
                + "  constraint four expect (a > 0) on violation fail update\n"
                + ") COMMENT 'x' AS SELECT 1");
    assertThat(sql.expectations)
        .containsExactly(
            new Expectation("one", "a < 5 AND b IN (1, 2)", Action.WARN),
            new Expectation("two, three", "f(a, ')') IS NOT NULL", Action.DROP),
            new Expectation("four", "a > 0", Action.FAIL));
    assertThat(sql.text.strip().replaceAll("\\s+", " "))
        .isEqualTo(
            "CREATE STREAMING TABLE t ( a INT, b STRUCT<x: INT, y: DECIMAL(10, 2)> ) COMMENT 'x' AS"
                + " SELECT 1");
  }

  @Test
  void aListOfExpectationsAloneDisappears() {
    assertThat(
            words(
                "CREATE MATERIALIZED VIEW v (CONSTRAINT c EXPECT (x > 0), CONSTRAINT d EXPECT (y))"
                    + " AS SELECT x, y FROM t"))
        .isEqualTo("CREATE MATERIALIZED VIEW v AS SELECT x, y FROM t");
  }

  @Test
  void whatFollowsKeepsItsPlace() {
    String sql =
        "CREATE OR REFRESH STREAMING TABLE 🐦 (\n CONSTRAINT c EXPECT (x > 0)\n)\nAS SELECT nope";
    assertThat(parse(sql).text).hasSameSizeAs(sql);
    assertThat(parse(sql).text.indexOf("nope")).isEqualTo(sql.indexOf("nope"));
    assertThat(parse(sql).text.lines().count()).isEqualTo(sql.lines().count());
  }

  @Test
  void streamsOfSourcesGetTheirStreamingName() {
    assertThat(words("SELECT * FROM STREAM read_files('/x')"))
        .isEqualTo("SELECT * FROM stream_read_files('/x')");
    assertThat(words("SELECT * FROM STREAM(read_kafka(a => 'b'))"))
        .isEqualTo("SELECT * FROM (stream_read_kafka(a => 'b'))");
    assertThat(words("SELECT * FROM stream\n  READ_FILES ('/x') JOIN STREAM read_kafka('y')"))
        .isEqualTo("SELECT * FROM stream_read_files ('/x') JOIN stream_read_kafka('y')");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 'STREAM read_files(1)', \"EXPECT\" -- CREATE OR REFRESH STREAM read_files(",
        "SELECT * FROM STREAM(t) JOIN STREAM u",
        "SELECT * FROM STREAM other('x')",
        "CREATE TABLE t (a INT, CONSTRAINT c CHECK (a > 0)) -- EXPECT",
        "SELECT refresh, expect FROM stream",
      })
  void everythingElseIsLeftAlone(String sql) {
    assertThat(parse(sql).text).isEqualTo(sql);
    assertThat(parse(sql).expectations).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- mine\nCREATE OR REPLACE MATERIALIZED VIEW v AS SELECT 1",
        "create or replace streaming table t",
      })
  void whatIsReplacedIsToBeRefreshed(String sql) {
    assertThatThrownBy(() -> parse(sql))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("CREATE OR REFRESH");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE STREAMING TABLE t (CONSTRAINT c EXPECT a > 0) AS SELECT 1",
        "CREATE STREAMING TABLE t (CONSTRAINT c EXPECT (a > 0) ON VIOLATION IGNORE) AS SELECT 1",
        "CREATE STREAMING TABLE t (CONSTRAINT c EXPECT (a > 0) DROP ROW) AS SELECT 1",
        "CREATE STREAMING TABLE t (CONSTRAINT c EXPECT (a > 0) AS SELECT 1",
        "CREATE STREAMING TABLE t (CONSTRAINT c EXPECT (a), CONSTRAINT C EXPECT (b)) AS SELECT 1",
      })
  void mistakesAreSyntaxErrorsWithAPlace(String sql) {
    assertThatThrownBy(() -> parse(sql))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("PARSE_SYNTAX_ERROR")
        .hasMessageContaining("line 1");
  }
}
