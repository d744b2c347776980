package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tarn.engine.sql.Parameter;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Variables, scripts, EXECUTE IMMEDIATE and parameters, and that none of them evades a check. */
class ScriptsIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();
  private static final Principal ANALYST = Principal.user("scripts-analyst");

  @BeforeAll
  static void tables() {
    TARN.sql("CREATE SCHEMA main.scripts");
    TARN.sql("CREATE TABLE main.scripts.t AS SELECT id FROM range(4)");
    TARN.sql("CREATE TABLE main.scripts.secret AS SELECT 42 AS x");
    TARN.sql("GRANT USE CATALOG ON CATALOG main TO `scripts-analyst`");
    TARN.sql("GRANT USE SCHEMA ON SCHEMA main.scripts TO `scripts-analyst`");
    TARN.sql("GRANT SELECT ON TABLE main.scripts.t TO `scripts-analyst`");
  }

  private static List<String> run(SqlSession session, String sql, Parameter... parameters) {
    return EngineUnderTest.rows(
        session.execute(UUID.randomUUID().toString(), sql, List.of(parameters)));
  }

  @Test
  void aScriptHasVariablesBranchesLoopsAndHandlers() {
    assertThat(
            TARN.sql(
                """
                BEGIN
                  DECLARE i, s BIGINT DEFAULT 0;
                  WHILE i < 3 DO SET i = i + 1; SET s = s + i; END WHILE;
                  FOR r AS SELECT id FROM main.scripts.t DO SET s = s + r.id; END FOR;
                  IF s = 12 THEN SELECT 'twelve' AS a, s; ELSE SELECT 'other', s; END IF;
                END
                """))
        .containsExactly("twelve|12");
    assertThat(
            TARN.sql(
                """
                BEGIN
                  DECLARE EXIT HANDLER FOR DIVIDE_BY_ZERO SELECT 'caught' AS what;
                  SELECT 1 / 0;
                END
                """))
        .containsExactly("caught");
    assertThat(
            TARN.sql(
                """
                BEGIN
                  DECLARE x BIGINT;
                  DECLARE c CURSOR FOR SELECT max(id) FROM main.scripts.t;
                  OPEN c;
                  FETCH c INTO x;
                  CLOSE c;
                  SELECT x;
                END
                """))
        .containsExactly("3");
  }

  @Test
  void tarnsOwnStatementsWorkInside() {
    assertThat(
            TARN.sql(
                """
                BEGIN
                  CREATE TABLE main.scripts.made AS SELECT 1 AS x;
                  GRANT SELECT ON TABLE main.scripts.made TO `scripts-analyst`;
                  IF true THEN COMMENT ON SCHEMA main.scripts IS 'it''s'; END IF;
                  SHOW GRANTS `scripts-analyst` ON TABLE main.scripts.made;
                END
                """))
        .as("a command yields no result of a script")
        .isEmpty();
    assertThat(TARN.sql(ANALYST, "SELECT x FROM main.scripts.made")).containsExactly("1");
    assertThat(TARN.sql("DESCRIBE SCHEMA main.scripts")).contains("Comment|it's");
    assertThat(TARN.sql("EXECUTE IMMEDIATE 'SHOW GRANTS ON TABLE main.scripts.made'"))
        .contains("scripts-analyst|SELECT|TABLE|main.scripts.made");
    assertThat(TARN.sql("EXECUTE IMMEDIATE 'SHOW CATALOGS'")).contains("main");
  }

  @Test
  void sessionVariablesAreTheSessionsOwn() {
    try (SqlSession one = TARN.session(EngineUnderTest.ADMIN);
        SqlSession other = TARN.session(EngineUnderTest.ADMIN)) {
      run(one, "DECLARE VARIABLE v INT DEFAULT 5");
      run(one, "SET VAR v = v + 1");
      run(one, "EXECUTE IMMEDIATE 'SELECT ? * ?' INTO v USING 21, 2");
      assertThat(run(one, "SELECT v, session.v, system.session.v")).containsExactly("42|42|42");
      assertThat(catchThrowable(() -> run(other, "SELECT v"))).isInstanceOf(TarnException.class);
      assertThat(catchThrowable(() -> run(other, "BEGIN SELECT session.v; END")))
          .isInstanceOf(TarnException.class);
    }
  }

  @Test
  void parametersReachEveryStatement() {
    Parameter id = new Parameter(Optional.of("id"), "2", "BIGINT");
    Parameter table = new Parameter(Optional.of("t"), "main.scripts.t", "STRING");
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN)) {
      assertThat(run(session, "SELECT * FROM IDENTIFIER(:t) WHERE id = :id", id, table))
          .containsExactly("2");
      assertThat(run(session, "SELECT ? + 1, ?", positional("41", "INT"), positional(null, "DATE")))
          .containsExactly("42|null");
      assertThat(run(session, "BEGIN IF :id > 1 THEN SELECT :id AS got; END IF; END", id))
          .containsExactly("2");
      run(
          session,
          "DECLARE d DATE DEFAULT :day",
          new Parameter(Optional.of("day"), "2024-02-29", "DATE"));
      assertThat(run(session, "SELECT year(d)")).containsExactly("2024");
      assertThat(run(session, "EXECUTE IMMEDIATE 'SELECT :p || :q' USING 'a' AS p, 'b' AS q"))
          .containsExactly("ab");
      assertThatThrownBy(() -> run(session, "SELECT :missing"))
          .hasMessageContaining("UNBOUND_SQL_PARAMETER");
    }
  }

  private static Parameter positional(String value, String type) {
    return new Parameter(Optional.empty(), value, type);
  }

  @Test
  void aFunctionLivesInItsSession() {
    try (SqlSession session = TARN.session(ANALYST)) {
      run(session, "CREATE TEMPORARY FUNCTION plus(x INT, y INT) RETURNS INT RETURN x + y");
      assertThat(run(session, "SELECT plus(20, 22)")).containsExactly("42");
      run(
          session,
          "CREATE TEMPORARY FUNCTION first_two() RETURNS TABLE (id BIGINT)"
              + " RETURN SELECT id FROM main.scripts.t WHERE id < 2");
      assertThat(run(session, "SELECT count(*) FROM first_two()")).containsExactly("2");
      run(session, "DROP TEMPORARY FUNCTION plus");
    }
  }

  @Test
  void aLoopWithoutJobsIsCancelled() {
    try (SqlSession session = TARN.session(ANALYST)) {
      CompletableFuture<Throwable> ended =
          CompletableFuture.supplyAsync(
              () ->
                  catchThrowable(
                      () ->
                          session.execute(
                              "endless",
                              """
                              BEGIN
                                DECLARE i INT DEFAULT 0;
                                DECLARE CONTINUE HANDLER FOR SQLEXCEPTION SET i = -1;
                                WHILE true DO SET i = i + 1; END WHILE;
                              END
                              """,
                              List.of())));
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                session.cancel("endless");
                return ended.isDone();
              });
      assertThat(ended.orTimeout(1, TimeUnit.SECONDS).join())
          .isInstanceOfSatisfying(
              TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
      assertThat(run(session, "SELECT 1")).containsExactly("1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ADD JAR '/tmp/evil.jar'",
        "SET spark.tarn.session = 0",
        "SET spark.tarn.session",
        "SET",
        "RESET",
        "SET CATALOG nosuch",
        "SELECT java_method('java.lang.System', 'getProperty', 'user.home')",
        "SELECT reflect('java.lang.System', 'getenv')",
        "SELECT TRANSFORM (1) USING 'cat' AS (x)",
        "SELECT * FROM main.scripts.secret",
        "INSERT INTO main.scripts.t VALUES (9)",
        "DROP TABLE main.scripts.t",
        "SELECT * FROM delta.`/tmp/x`",
        "SELECT * FROM parquet.`/tmp/x`",
        "SELECT * FROM text.`/etc/passwd`",
        "SHOW COLUMNS IN main.scripts.secret",
        "SHOW CREATE TABLE main.scripts.secret",
        "DESCRIBE TABLE EXTENDED main.scripts.secret AS JSON",
        "DESCRIBE delta.`/tmp/x`",
        "SHOW PARTITIONS delta.`/tmp/x`",
        "REFRESH TABLE main.scripts.secret",
        "CREATE TEMPORARY VIEW v USING csv OPTIONS (path '/etc/passwd')",
        "CREATE TABLE spark_catalog.default.t (x INT)",
        "USE spark_catalog.default",
        "CREATE FUNCTION main.scripts.f() RETURNS INT RETURN 1",
        "CREATE FUNCTION spark_catalog.default.f() RETURNS INT RETURN 1",
        "CREATE TEMPORARY FUNCTION f AS 'java.lang.String'",
        "CREATE TEMPORARY FUNCTION f() RETURNS STRING RETURN reflect('java.lang.System', 'getenv')",
        "CREATE TEMPORARY FUNCTION f() RETURNS INT RETURN (SELECT x FROM main.scripts.secret)",
        "GRANT SELECT ON TABLE main.scripts.secret TO `scripts-analyst`",
        "COMMENT ON SCHEMA main.scripts IS 'mine'",
        "COMMENT ON COLUMN main.scripts.t.id IS 'mine'",
        "ALTER SCHEMA main.scripts SET OWNER TO `scripts-analyst`",
        "CREATE CATALOG mine",
        "USE CATALOG nosuch",
        "SELECT * FROM main.scripts.t WITH ('fs.s3a.endpoint' = 'http://elsewhere')",
        "WITH c AS (SELECT * FROM main.scripts.t WITH ('fs.x.impl' = 'X')) SELECT * FROM c",
        "SELECT 1 WHERE EXISTS (SELECT * FROM main.scripts.t WITH ('fs.x.impl' = 'X'))"
      })
  void nothingForbiddenIsAllowedInside(String sql) {
    String literal = '\'' + sql.replace("'", "\\'") + '\'';
    for (String attack :
        List.of(
            sql,
            "EXECUTE IMMEDIATE " + literal,
            "EXPLAIN EXECUTE IMMEDIATE " + literal,
            "BEGIN DECLARE q STRING DEFAULT " + literal + "; EXECUTE IMMEDIATE q; END",
            "BEGIN IF 1 = 1 THEN " + sql + "; END IF; END")) {
      assertThat(catchThrowable(() -> TARN.sql(ANALYST, attack)))
          .as(attack)
          .isInstanceOf(TarnException.class);
    }
    assertThat(TARN.sql("SELECT count(*) FROM main.scripts.t")).containsExactly("4");
  }

  @Test
  void aCursorAndALoopReadOnlyWhatIsGranted() {
    for (String script :
        List.of(
            "BEGIN FOR r AS SELECT * FROM main.scripts.secret DO SELECT r.x; END FOR; END",
            "BEGIN DECLARE x INT; DECLARE c CURSOR FOR SELECT x FROM main.scripts.secret; OPEN c;"
                + " FETCH c INTO x; CLOSE c; SELECT x; END",
            "BEGIN DECLARE x INT DEFAULT (SELECT x FROM main.scripts.secret); SELECT x; END",
            "BEGIN WHILE (SELECT max(x) > 0 FROM main.scripts.secret) DO SELECT 1; END WHILE; END",
            "DECLARE x INT DEFAULT (SELECT x FROM main.scripts.secret)")) {
      assertThat(catchThrowable(() -> TARN.sql(ANALYST, script)))
          .as(script)
          .isInstanceOfSatisfying(
              TarnException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"CACHE TABLE main.scripts.t", "\n analyze  table main.scripts.t"})
  void whatIsNotSupportedSaysWhatToUse(String sql) {
    assertThat(catchThrowable(() -> TARN.sql(sql)))
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.sqlState()).contains("0A000"));
  }

  @Test
  void statementsThatToolsSend() {
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN)) {
      run(session, "USE CATALOG main");
      run(session, "USE SCHEMA system.information_schema");
      assertThat(run(session, "SELECT current_catalog(), current_schema()"))
          .containsExactly("system|information_schema");
      run(session, "USE SCHEMA main.scripts");
      assertThat(run(session, "SHOW COLUMNS IN t")).containsExactly("id");
      assertThat(run(session, "SHOW CREATE TABLE t").get(0))
          .startsWith("CREATE TABLE main.scripts.t (\n  id BIGINT)\nUSING delta\n");
      assertThat(run(session, "DESCRIBE TABLE EXTENDED t AS JSON").get(0))
          .contains("\"columns\":[{\"name\":\"id\",\"type\":{\"name\":\"bigint\"}");
      assertThat(run(session, "DESCRIBE CATALOG main")).contains("Catalog Name|main");
      run(session, "COMMENT ON COLUMN t.id IS 'the number'");
      assertThat(run(session, "DESCRIBE t")).containsExactly("id|bigint|the number");
      run(session, "CREATE TEMPORARY VIEW tv AS SELECT 1 AS x");
      assertThat(run(session, "SHOW VIEWS")).containsExactly("|tv|true|false");
      assertThat(run(session, "DESCRIBE tv")).containsExactly("x|int|null");
      run(session, "SET timezone = Europe/Zurich");
      assertThat(run(session, "SELECT current_timezone()")).containsExactly("Europe/Zurich");
      run(session, "SET ansi_mode = false");
      assertThat(run(session, "SELECT 1 / 0")).containsExactly("null");
      run(session, "RESET ansi_mode");
      assertThatThrownBy(() -> run(session, "SELECT 1 / 0")).hasMessageContaining("DIVIDE_BY_ZERO");
    }
  }
}
