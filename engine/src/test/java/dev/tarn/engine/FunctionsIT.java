package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions of the catalog, called by both executors. */
class FunctionsIT {
  private static final Principal ADMIN = EngineUnderTest.ADMIN;

  private final EngineUnderTest tarn = EngineUnderTest.get();

  private List<String> sql(Principal principal, String executor, String sql) {
    try (SqlSession session = tarn.session(principal, executor)) {
      return run(session, sql);
    }
  }

  private static List<String> run(SqlSession session, String sql) {
    return EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
  }

  private void assertFails(String sql) {
    assertThat(catchThrowable(() -> tarn.sql(sql))).as(sql).isInstanceOf(TarnException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark", "native"})
  void aFunctionLivesThroughItsStatements(String executor) {
    String s = "main.fnlife_" + executor;
    tarn.sql("CREATE SCHEMA " + s);
    tarn.sql("CREATE TABLE " + s + ".t AS SELECT id, id % 3 AS k FROM range(6)");
    tarn.sql(
        "CREATE FUNCTION "
            + s
            + ".area(w DOUBLE COMMENT 'wide', h DOUBLE DEFAULT 2.0) RETURNS DOUBLE"
            + " COMMENT 'w by h' RETURN w * h");
    assertThat(sql(ADMIN, executor, "SELECT " + s + ".area(3, 4), " + s + ".area(3)"))
        .containsExactly("12.0|6.0");
    assertThat(sql(ADMIN, executor, "SELECT id FROM " + s + ".t WHERE " + s + ".area(id, 1) > 3.5"))
        .containsExactlyInAnyOrder("4", "5");
    assertThat(tarn.govern.functions().find(EntityName.parse(s + ".area")).orElseThrow())
        .satisfies(
            f -> {
              assertThat(f.comment()).isEqualTo("w by h");
              assertThat(f.definition().body()).isEqualTo("w * h");
              assertThat(f.definition().deterministic()).isTrue();
              assertThat(f.definition().readsData()).isFalse();
              assertThat(f.definition().parameters()).extracting("name").containsExactly("w", "h");
            });

    assertFails("CREATE FUNCTION " + s + ".area() RETURNS INT RETURN 1");
    tarn.sql("CREATE FUNCTION IF NOT EXISTS " + s + ".area() RETURNS INT RETURN 1");
    tarn.sql("CREATE OR REPLACE FUNCTION " + s + ".area(w INT) RETURNS INT RETURN w + 1");
    assertThat(sql(ADMIN, executor, "SELECT " + s + ".area(3)")).containsExactly("4");
    tarn.sql(
        "CREATE FUNCTION "
            + s
            + ".top(group INT) RETURNS BIGINT RETURN SELECT max(id) FROM "
            + s
            + ".t WHERE k = group");
    assertThat(sql(ADMIN, "auto", "SELECT " + s + ".top(1)")).containsExactly("4");
    tarn.sql("CREATE FUNCTION " + s + ".twice(x INT) RETURNS INT RETURN " + s + ".area(x) * 2");
    assertThat(sql(ADMIN, executor, "SELECT " + s + ".twice(3)")).containsExactly("8");
    tarn.sql(
        "CREATE FUNCTION "
            + s
            + ".of(group INT) RETURNS TABLE (id BIGINT) RETURN SELECT id FROM "
            + s
            + ".t WHERE k = group");
    assertThat(sql(ADMIN, "auto", "SELECT * FROM " + s + ".of(2) ORDER BY id"))
        .containsExactly("2", "5");
    tarn.sql("CREATE VIEW " + s + ".v AS SELECT " + s + ".area(k) AS a FROM " + s + ".t");
    assertThat(sql(ADMIN, executor, "SELECT sum(a) FROM " + s + ".v")).containsExactly("12");

    assertThat(tarn.sql("DESCRIBE FUNCTION EXTENDED " + s + ".area").toString())
        .contains("w INT")
        .contains("w + 1")
        .contains("admin");
    assertThat(tarn.sql("SHOW USER FUNCTIONS IN " + s)).hasSize(4);
    for (String refused :
        List.of(
            "SELECT " + s + ".area()",
            "SELECT " + s + ".area(1, 2)",
            "SELECT " + s + ".of(1)",
            "SELECT * FROM " + s + ".area(1)",
            "SELECT " + s + ".nope(1)",
            "CREATE FUNCTION " + s + ".wrong(x INT) RETURNS INT RETURN y",
            "CREATE FUNCTION " + s + ".wrong(x INT) RETURNS INT RETURN sum(x)",
            "CREATE FUNCTION " + s + ".wrong() RETURNS INT RETURN SELECT 1 FROM nowhere",
            "CREATE FUNCTION "
                + s
                + ".wrong() RETURNS STRING"
                + " RETURN java_method('java.lang.System', 'getenv')",
            "CREATE FUNCTION " + s + ".wrong AS 'java.lang.String'",
            "CREATE FUNCTION "
                + s
                + ".wrong() RETURNS BIGINT"
                + " RETURN SELECT count(*) FROM text.`/etc/passwd`",
            "CREATE FUNCTION "
                + s
                + ".wrong() RETURNS BIGINT"
                + " RETURN SELECT count(*) FROM IDENTIFIER('t')",
            "CREATE FUNCTION "
                + s
                + ".wrong(x BIGINT DEFAULT (SELECT max(id) FROM range(3)))"
                + " RETURNS TABLE(y BIGINT) RETURN SELECT x",
            "CREATE FUNCTION "
                + s
                + ".wrong(x INT DEFAULT "
                + s
                + ".twice(1)) RETURNS INT RETURN x",
            "CREATE FUNCTION spark_catalog.default.wrong() RETURNS INT RETURN 1",
            "DROP FUNCTION " + s + ".nope",
            "DROP SCHEMA " + s)) {
      assertFails(refused);
    }
    tarn.sql("DROP FUNCTION " + s + ".twice");
    tarn.sql("DROP FUNCTION IF EXISTS " + s + ".twice");
    assertFails("SELECT " + s + ".twice(1)");
    tarn.sql("DROP SCHEMA " + s + " CASCADE");
    assertFails("SELECT " + s + ".area(1)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark", "auto"})
  void aBodyHasItsOwnersRights(String executor) {
    String s = "main.fnrights_" + executor;
    Principal owner = Principal.user("fn-owner-" + executor);
    Principal caller = Principal.user("fn-caller-" + executor);
    tarn.sql("CREATE SCHEMA " + s);
    tarn.sql("CREATE TABLE " + s + ".pay AS SELECT id, id * 10 AS pay FROM range(5)");
    for (Principal each : List.of(owner, caller)) {
      tarn.sql("GRANT USE CATALOG ON CATALOG main TO `" + each.name() + "`");
      tarn.sql("GRANT USE SCHEMA ON SCHEMA " + s + " TO `" + each.name() + "`");
    }
    String create =
        "CREATE FUNCTION "
            + s
            + ".total() RETURNS BIGINT RETURN SELECT sum(pay) FROM "
            + s
            + ".pay";
    assertThatThrownBy(() -> tarn.sql(owner, create)).hasMessageContaining("SELECT");
    tarn.sql("GRANT SELECT ON TABLE " + s + ".pay TO `" + owner.name() + "`");
    assertThatThrownBy(() -> tarn.sql(owner, create)).hasMessageContaining("CREATE FUNCTION");
    tarn.sql("GRANT CREATE FUNCTION ON SCHEMA " + s + " TO `" + owner.name() + "`");
    tarn.sql(owner, create);
    String call = "SELECT " + s + ".total()";
    assertThatThrownBy(() -> sql(caller, executor, call)).hasMessageContaining("EXECUTE");
    tarn.sql(owner, "GRANT EXECUTE ON FUNCTION " + s + ".total TO `" + caller.name() + "`");
    assertThat(sql(caller, executor, call)).containsExactly("100");
    for (String around :
        List.of(
            "SELECT " + s + ".total(), (SELECT max(pay) FROM " + s + ".pay)",
            "SELECT * FROM " + s + ".pay WHERE pay < " + s + ".total()",
            "CREATE OR REPLACE FUNCTION " + s + ".total() RETURNS BIGINT RETURN 1",
            "DROP FUNCTION " + s + ".total",
            "ALTER FUNCTION " + s + ".total OWNER TO `" + caller.name() + "`")) {
      assertThat(catchThrowable(() -> sql(caller, executor, around)))
          .as(around)
          .isInstanceOf(TarnException.class);
    }
    assertThatThrownBy(() -> tarn.sql(owner, "ALTER FUNCTION " + s + ".total OWNER TO admin"))
        .hasMessageContaining("Ask an administrator");
    tarn.sql("REVOKE SELECT ON TABLE " + s + ".pay FROM `" + owner.name() + "`");
    assertThatThrownBy(() -> sql(caller, executor, call)).hasMessageContaining(owner.name());
    tarn.sql("ALTER FUNCTION " + s + ".total OWNER TO admin");
    assertThat(sql(caller, executor, call)).containsExactly("100");
  }

  @Test
  void nothingOfTheCallersStandsForWhatABodyNames() {
    tarn.sql("CREATE SCHEMA main.fnnames");
    tarn.sql("CREATE SCHEMA main.fnother");
    tarn.sql("CREATE TABLE main.fnnames.t AS SELECT 'meant' AS x");
    tarn.sql("CREATE TABLE main.fnother.t AS SELECT 'other' AS x");
    try (SqlSession session = tarn.session(ADMIN, "auto")) {
      run(session, "USE main.fnnames");
      run(session, "CREATE FUNCTION inner_f() RETURNS STRING RETURN SELECT max(x) FROM t");
      run(session, "CREATE FUNCTION f() RETURNS STRING RETURN inner_f()");
      run(
          session,
          "CREATE FUNCTION g() RETURNS STRING RETURN WITH t AS (SELECT * FROM t), u AS (SELECT *"
              + " FROM t) SELECT max(x) FROM u");
      run(session, "CREATE FUNCTION h() RETURNS STRING RETURN SELECT max(x) FROM fnnames.t");
      run(session, "CREATE FUNCTION i() RETURNS TABLE (x STRING) RETURN SELECT x FROM t");
      run(session, "CREATE FUNCTION j() RETURNS BOOLEAN RETURN is_member('nobody')");
      run(session, "DECLARE VARIABLE mine STRING DEFAULT 'mine'");
      assertThatThrownBy(() -> run(session, "CREATE FUNCTION k() RETURNS STRING RETURN mine"))
          .hasMessageContaining("variable");
      assertThatThrownBy(
              () -> run(session, "CREATE FUNCTION k() RETURNS STRING RETURN SELECT mine FROM t"))
          .hasMessageContaining("variable");
    }
    try (SqlSession session = tarn.session(ADMIN, "auto")) {
      run(session, "USE main.fnother");
      run(session, "CREATE TEMPORARY VIEW t AS SELECT 'temporary' AS x");
      run(session, "CREATE TEMPORARY VIEW u AS SELECT 'temporary' AS x");
      run(session, "CREATE TEMPORARY FUNCTION inner_f() RETURNS STRING RETURN 'temporary'");
      catchThrowable(
          () ->
              run(
                  session,
                  "CREATE TEMPORARY FUNCTION is_member(g STRING) RETURNS BOOLEAN RETURN true"));
      for (String f : List.of("f", "g", "h")) {
        assertThat(run(session, "SELECT main.fnnames." + f + "()")).as(f).containsExactly("meant");
      }
      assertThat(run(session, "SELECT * FROM main.fnnames.i()")).containsExactly("meant");
      assertThat(run(session, "SELECT main.fnnames.j()")).containsExactly("false");
    }
    assertThat(tarn.sql("SELECT main.fnnames.f()")).containsExactly("meant");
  }
}
