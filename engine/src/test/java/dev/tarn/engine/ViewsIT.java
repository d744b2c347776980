package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Views that outlive their session, read by both executors. */
class ViewsIT {
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

  private void grant(String privilege, String securable, Principal principal) {
    tarn.sql("GRANT " + privilege + " ON " + securable + " TO `" + principal.name() + "`");
  }

  private void assertFails(String sql) {
    assertThat(catchThrowable(() -> tarn.sql(sql))).as(sql).isInstanceOf(TarnException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark", "native"})
  void aViewLivesThroughItsStatements(String executor) {
    String schema = "viewlife_" + executor;
    String s = "main." + schema;
    tarn.sql("CREATE SCHEMA " + s);
    tarn.sql("CREATE TABLE " + s + ".t AS SELECT id, id % 3 AS k FROM range(10)");
    tarn.sql(
        "CREATE VIEW "
            + s
            + ".v (number COMMENT 'which', kind) COMMENT 'it''s `one`' TBLPROPERTIES ('a' = 'b')"
            + " AS SELECT id, k FROM "
            + s
            + ".t WHERE id > 4");
    assertThat(sql(ADMIN, executor, "SELECT * FROM " + s + ".v ORDER BY number"))
        .containsExactly("5|2", "6|0", "7|1", "8|2", "9|0");
    assertThat(sql(ADMIN, executor, "SELECT sum(number) FROM " + s + ".v")).containsExactly("35");
    assertThat(tarn.govern.tables().find(EntityName.parse(s + ".v")).orElseThrow())
        .satisfies(
            v -> {
              assertThat(v.comment()).isEqualTo("it's `one`");
              assertThat(v.properties()).containsExactly(Map.entry("a", "b"));
              assertThat(v.columns()).extracting("name").containsExactly("number", "kind");
              assertThat(v.viewDefinition()).startsWith("SELECT id, k FROM");
              assertThat(v.viewContext().settings())
                  .containsOnlyKeys("spark.sql.ansi.enabled", "spark.sql.session.timeZone");
            });

    assertThatThrownBy(() -> tarn.sql("CREATE VIEW " + s + ".v AS SELECT 1 AS x"))
        .hasMessageContaining("ALREADY_EXISTS");
    tarn.sql("CREATE VIEW IF NOT EXISTS " + s + ".v AS SELECT 1 AS one");
    tarn.sql("CREATE OR REPLACE VIEW " + s + ".v AS SELECT id FROM " + s + ".t WHERE id > 7");
    assertThat(sql(ADMIN, executor, "SELECT * FROM " + s + ".v ORDER BY id"))
        .containsExactly("8", "9");
    tarn.sql("ALTER VIEW " + s + ".v AS SELECT max(id) AS m FROM " + s + ".t");
    assertThat(sql(ADMIN, executor, "SELECT m FROM " + s + ".v")).containsExactly("9");
    tarn.sql("INSERT INTO " + s + ".t VALUES (100, 0)");
    assertThat(sql(ADMIN, executor, "SELECT m FROM " + s + ".v")).containsExactly("100");

    tarn.sql("CREATE VIEW " + s + ".outer_v AS SELECT m + 1 AS n FROM " + s + ".v");
    assertThat(sql(ADMIN, executor, "SELECT n FROM " + s + ".outer_v")).containsExactly("101");
    assertThatThrownBy(
            () -> tarn.sql("ALTER VIEW " + s + ".v AS SELECT n AS m FROM " + s + ".outer_v"))
        .hasMessageContaining("RECURSIVE");
    tarn.sql("ALTER VIEW " + s + ".outer_v RENAME TO " + schema + ".renamed");
    tarn.sql("ALTER VIEW " + s + ".renamed SET TBLPROPERTIES ('c' = 'd')");
    assertThat(tarn.sql("SHOW VIEWS IN " + s)).hasSize(2);
    assertThat(tarn.sql("SHOW TABLES IN " + s))
        .containsExactly(schema + "|renamed|false", schema + "|t|false", schema + "|v|false");
    assertThat(tarn.sql("DESCRIBE " + s + ".renamed")).containsExactly("n|bigint|null");
    assertThat(tarn.sql("DESCRIBE TABLE EXTENDED " + s + ".renamed AS JSON").get(0))
        .contains("\"view_text\":\"SELECT m + 1 AS n");
    assertThat(String.join("\n", tarn.sql("DESCRIBE EXTENDED " + s + ".renamed")))
        .contains("SELECT m + 1 AS n")
        .contains("c=d")
        .doesNotContain("definer");
    assertThat(tarn.sql("SHOW TBLPROPERTIES " + s + ".renamed").toString())
        .contains("c|d")
        .doesNotContain("spark.");

    assertThatThrownBy(() -> tarn.sql("DROP TABLE " + s + ".v")).hasMessageContaining("VIEW");
    for (String refused :
        List.of(
            "DROP VIEW " + s + ".t",
            "CREATE TABLE " + s + ".v (x INT)",
            "CREATE TABLE " + s + ".v AS SELECT 1 AS x",
            "CREATE OR REPLACE TABLE " + s + ".v (x INT)",
            "CREATE OR REPLACE VIEW " + s + ".t AS SELECT 1 AS x",
            "INSERT INTO " + s + ".v VALUES (1)",
            "INSERT OVERWRITE " + s + ".v VALUES (1)",
            "DELETE FROM " + s + ".v",
            "UPDATE " + s + ".v SET m = 1",
            "MERGE INTO " + s + ".v USING " + s + ".t ON false WHEN NOT MATCHED THEN INSERT *",
            "TRUNCATE TABLE " + s + ".v",
            "OPTIMIZE " + s + ".v",
            "VACUUM " + s + ".v")) {
      assertFails(refused);
    }
    tarn.sql("DROP TABLE " + s + ".t");
    assertThatThrownBy(() -> sql(ADMIN, "auto", "SELECT * FROM " + s + ".v"))
        .hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND")
        .hasMessageContaining("`t`");
    tarn.sql("DROP VIEW " + s + ".renamed");
    tarn.sql("DROP VIEW IF EXISTS " + s + ".renamed");
    assertThat(tarn.sql("SHOW VIEWS IN " + s)).hasSize(1);
    tarn.sql("DROP SCHEMA " + s + " CASCADE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark", "native", "auto"})
  void aViewReadsWithItsOwnersRights(String executor) {
    String s = "main.viewrights_" + executor;
    Principal owner = Principal.user("owner-" + executor);
    Principal reader = Principal.user("reader-" + executor);
    Principal second = Principal.user("second-" + executor);
    tarn.sql("CREATE SCHEMA " + s);
    tarn.sql("CREATE TABLE " + s + ".secret AS SELECT id, id * 10 AS pay FROM range(5)");
    for (Principal each : List.of(owner, reader, second)) {
      grant("USE CATALOG", "CATALOG main", each);
    }
    grant("USE SCHEMA", "SCHEMA " + s, owner);
    grant("CREATE TABLE", "SCHEMA " + s, owner);
    String create = "CREATE VIEW " + s + ".v AS SELECT id FROM " + s + ".secret";
    assertThatThrownBy(() -> tarn.sql(owner, create)).hasMessageContaining("SELECT");
    grant("SELECT", "TABLE " + s + ".secret", owner);
    tarn.sql(owner, create);

    String read = "SELECT count(*) FROM " + s + ".v";
    assertThatThrownBy(() -> sql(reader, executor, read)).hasMessageContaining("USE SCHEMA");
    grant("USE SCHEMA", "SCHEMA " + s, reader);
    assertThatThrownBy(() -> sql(reader, executor, read)).hasMessageContaining("SELECT");
    tarn.sql(owner, "GRANT SELECT ON VIEW " + s + ".v TO `" + reader.name() + "`");
    assertThat(sql(reader, executor, read)).containsExactly("5");
    assertThat(sql(reader, executor, read)).containsExactly("5");

    // Spark resolves a name once in a statement: what the view read stays closed to the rest.
    String v = s + ".v";
    String secret = s + ".secret";
    for (String around :
        List.of(
            "SELECT * FROM " + v + " JOIN " + secret + " USING (id)",
            "SELECT * FROM " + v + " WHERE id IN (SELECT pay FROM " + secret + ")",
            "SELECT (SELECT max(pay) FROM " + secret + "), id FROM " + v,
            "WITH c AS (SELECT * FROM " + v + ") SELECT * FROM c UNION SELECT pay FROM " + secret,
            "SELECT pay FROM " + secret,
            "SELECT * FROM " + v + ", LATERAL (SELECT pay FROM " + secret + ")",
            "EXPLAIN SELECT * FROM " + v + " JOIN " + secret + " USING (id)",
            "CREATE TEMPORARY VIEW x AS SELECT * FROM " + v + " JOIN " + secret + " USING (id)",
            "CREATE OR REPLACE VIEW " + v + " AS SELECT * FROM range(3)",
            "ALTER VIEW " + v + " AS SELECT 1 AS id",
            "ALTER VIEW " + v + " SET TBLPROPERTIES ('a' = 'b')",
            "ALTER VIEW " + v + " OWNER TO `" + reader.name() + "`",
            "ALTER VIEW " + v + " RENAME TO " + s + ".mine",
            "DROP VIEW " + v)) {
      assertThat(catchThrowable(() -> sql(reader, executor, around)))
          .as(around)
          .isInstanceOf(TarnException.class);
    }

    // A view over it, of somebody who may read the view alone.
    grant("USE SCHEMA", "SCHEMA " + s, second);
    grant("CREATE TABLE", "SCHEMA " + s, second);
    grant("SELECT", "TABLE " + v, second);
    tarn.sql(second, "CREATE VIEW " + s + ".w AS SELECT id + 1 AS next FROM " + v);
    grant("SELECT", "TABLE " + s + ".w", reader);
    tarn.sql("REVOKE SELECT ON TABLE " + v + " FROM `" + reader.name() + "`");
    String nested = "SELECT sum(next) FROM " + s + ".w";
    assertThat(sql(reader, executor, nested)).containsExactly("15");
    assertThatThrownBy(() -> sql(reader, executor, read)).hasMessageContaining("SELECT");

    tarn.sql("REVOKE SELECT ON TABLE " + secret + " FROM `" + owner.name() + "`");
    assertThatThrownBy(() -> sql(reader, executor, nested))
        .hasMessageContaining(owner.name())
        .hasMessageContaining("SELECT");
    tarn.sql("ALTER VIEW " + v + " SET OWNER TO admin");
    assertThat(sql(reader, executor, nested)).containsExactly("15");
    tarn.sql("REVOKE SELECT ON TABLE " + v + " FROM `" + second.name() + "`");
    assertThatThrownBy(() -> sql(reader, executor, nested)).hasMessageContaining(second.name());
  }

  private String owner(String view) {
    String[] parts = view.split("\\.");
    return tarn.govern
        .tables()
        .find(new EntityName(parts[0], parts[1], parts[2]))
        .orElseThrow()
        .owner();
  }

  @Test
  void nobodyGainsSomebodyElsesRightsByAView() {
    String s = "main.viewheirs";
    Principal owner = new Principal("heir-owner", Set.of("heirs"), false);
    Principal manager = Principal.user("heir-manager");
    tarn.holders.put(owner.name(), owner);
    tarn.holders.put(manager.name(), manager);
    tarn.sql("CREATE SCHEMA " + s);
    tarn.sql("CREATE TABLE " + s + ".pay AS SELECT 7 AS x");
    for (Principal each : List.of(owner, manager)) {
      grant("USE CATALOG", "CATALOG main", each);
      grant("USE SCHEMA", "SCHEMA " + s, each);
      grant("CREATE TABLE", "SCHEMA " + s, each);
    }
    grant("SELECT", "TABLE " + s + ".pay", owner);
    String v = s + ".v";
    tarn.sql(owner, "CREATE VIEW " + v + " AS SELECT x FROM " + s + ".pay");
    grant("MANAGE", "TABLE " + v, manager);
    grant("SELECT", "TABLE " + v, manager);
    for (String heir : List.of("admin", manager.name())) {
      assertThatThrownBy(() -> tarn.sql(owner, "ALTER VIEW " + v + " OWNER TO `" + heir + "`"))
          .hasMessageContaining("Ask an administrator");
    }
    tarn.sql(owner, "ALTER VIEW " + v + " OWNER TO heirs");
    tarn.sql(owner, "CREATE OR REPLACE VIEW " + v + " AS SELECT x + 1 AS x FROM " + s + ".pay");
    assertThat(owner(v)).isEqualTo("heirs");
    tarn.sql(manager, "ALTER VIEW " + v + " AS SELECT 1 AS x");
    assertThat(owner(v)).isEqualTo(manager.name());
    for (String computed :
        List.of(
            "SELECT * FROM IDENTIFIER(if(timestamp'now' > timestamp'2020-01-01', '"
                + s
                + ".pay', 'b'))",
            "WITH c AS (SELECT * FROM identifier /* */ ('" + s + ".pay')) SELECT * FROM c")) {
      assertThatThrownBy(() -> tarn.sql("CREATE VIEW " + s + ".computed AS " + computed))
          .hasMessageContaining("IDENTIFIER");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark", "native", "auto"})
  void anOwnersGroupsCountAsTheyStand(String executor) {
    String s = "main.viewgroups_" + executor;
    String name = "member-" + executor;
    Principal member = new Principal(name, Set.of("staff"), false);
    tarn.holders.put(name, member);
    tarn.sql("CREATE SCHEMA " + s);
    tarn.sql("CREATE TABLE " + s + ".t AS SELECT 7 AS x");
    tarn.sql("GRANT USE CATALOG ON CATALOG main TO staff");
    for (String privilege : List.of("USE SCHEMA", "CREATE TABLE", "SELECT")) {
      tarn.sql("GRANT " + privilege + " ON SCHEMA " + s + " TO staff");
    }
    tarn.sql(member, "CREATE VIEW " + s + ".v AS SELECT x FROM " + s + ".t");
    String read = "SELECT x FROM " + s + ".v";
    assertThat(sql(ADMIN, executor, read)).containsExactly("7");
    tarn.holders.put(name, Principal.user(name));
    assertThatThrownBy(() -> sql(ADMIN, executor, read)).hasMessageContaining(name);
    tarn.holders.put(name, member);
    assertThat(sql(ADMIN, executor, read)).containsExactly("7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark", "native", "auto"})
  void aDynamicViewAsksWhoReads(String executor) {
    String s = "main.viewdynamic_" + executor;
    tarn.sql("CREATE SCHEMA " + s);
    tarn.sql(
        "CREATE TABLE " + s + ".t AS SELECT * FROM VALUES ('ann', 1), ('bob', 2) AS t (who, n)");
    tarn.sql(
        "CREATE VIEW "
            + s
            + ".v AS SELECT who, CASE WHEN is_account_group_member('hr') THEN n END AS n,"
            + " session_user() AS u FROM "
            + s
            + ".t WHERE is_member('hr') OR who = current_user()");
    Principal ann = Principal.user("ann");
    Principal hr = new Principal("carol", Set.of("HR"), false);
    for (Principal each : List.of(ann, hr)) {
      grant("USE CATALOG", "CATALOG main", each);
      grant("USE SCHEMA", "SCHEMA " + s, each);
      grant("SELECT", "TABLE " + s + ".v", each);
    }
    String read = "SELECT * FROM " + s + ".v ORDER BY who";
    for (int i = 0; i < 2; i++) {
      assertThat(sql(ann, executor, read)).containsExactly("ann|null|ann");
      assertThat(sql(hr, executor, read)).containsExactly("ann|1|carol", "bob|2|carol");
      assertThat(sql(ADMIN, executor, read)).isEmpty();
    }
    assertThat(sql(hr, executor, "SELECT is_member('hr'), is_member('users'), is_member('x')"))
        .containsExactly("true|true|false");

    // Nothing of a session's own stands for what the view names.
    try (SqlSession session = tarn.session(ann, executor)) {
      for (String mine :
          List.of(
              "CREATE TEMPORARY FUNCTION is_member(g STRING) RETURNS BOOLEAN RETURN true",
              "CREATE OR REPLACE TEMPORARY FUNCTION is_account_group_member(g STRING)"
                  + " RETURNS BOOLEAN RETURN true",
              "CREATE TEMPORARY FUNCTION current_user() RETURNS STRING RETURN 'bob'",
              "DECLARE VARIABLE current_user STRING DEFAULT 'bob'",
              "CREATE TEMPORARY VIEW t AS SELECT 'ann' AS who, 9 AS n",
              "USE " + s)) {
        catchThrowable(() -> run(session, mine));
      }
      if (!executor.equals("native")) {
        assertThat(run(session, read)).containsExactly("ann|null|ann");
      }
    }
  }

  @Test
  void aViewMeansWhatItMeantWhereItWasWritten() {
    tarn.sql("CREATE SCHEMA main.viewplace");
    tarn.sql("CREATE SCHEMA main.viewother");
    tarn.sql("CREATE TABLE main.viewplace.t AS SELECT 'place' AS x");
    tarn.sql("CREATE TABLE main.viewother.t AS SELECT 'other' AS x");
    var place = new SessionDefaults(Optional.of("main"), Optional.of("viewplace"), Map.of());
    try (var session = tarn.engine.openSession(ADMIN, place)) {
      run(session, "CREATE VIEW v AS SELECT x FROM t");
      run(session, "SET spark.sql.session.timeZone = Asia/Tokyo");
      run(session, "SET ansi_mode = false");
      run(
          session,
          "CREATE VIEW lenient AS SELECT x, CAST(x AS INT) AS n,"
              + " CAST(TIMESTAMP '2020-01-01 00:00:00Z' AS STRING) AS at FROM t");
    }
    var other = new SessionDefaults(Optional.of("main"), Optional.of("viewother"), Map.of());
    for (String executor : List.of("auto", "spark")) {
      try (var session = tarn.engine.openSession(ADMIN, other)) {
        run(session, "SET tarn.executor = " + executor);
        assertThat(run(session, "SELECT x FROM main.viewplace.v")).containsExactly("place");
        assertThat(run(session, "SELECT * FROM main.viewplace.lenient"))
            .containsExactly("place|null|2020-01-01 09:00:00");
      }
    }
  }

  /** An executor may look at rows before it filters them; what it then says must not name them. */
  @Test
  void noReasonOrErrorNamesAHiddenValue() {
    tarn.sql("CREATE SCHEMA main.viewhidden");
    tarn.sql(
        "CREATE TABLE main.viewhidden.t AS SELECT IF(id < 5000, concat('hidden', id),"
            + " CAST(id AS STRING)) AS x, id FROM range(10000)");
    tarn.sql("CREATE VIEW main.viewhidden.v AS SELECT x FROM main.viewhidden.t WHERE id >= 5000");
    for (String condition :
        List.of(
            "CAST(x AS INT) > 9990",
            "CAST(x AS DOUBLE) > 9990.5 AND x <> ''",
            "CAST(concat(x, '') AS DECIMAL(10, 2)) > 9990",
            "CAST(substring_index(x, ':', 1) AS INT) > 9990")) {
      String read = "SELECT count(*) FROM main.viewhidden.v WHERE " + condition;
      for (String executor : List.of("native", "auto", "spark")) {
        try (SqlSession session = tarn.session(ADMIN, executor);
            ResultStream rows = session.execute(UUID.randomUUID().toString(), read, List.of())) {
          assertThat(rows.refusal() + rows.profile()).doesNotContainPattern("hidden[0-9]");
          assertThat(EngineUnderTest.rows(rows)).as(condition).containsExactly("9");
        } catch (TarnException e) {
          assertThat(executor).as(condition + e.getMessage()).isEqualTo("native");
          assertThat(e.getMessage()).doesNotContainPattern("hidden[0-9]");
        }
      }
    }
  }

  @Test
  void hostileTextStaysText() {
    tarn.sql("CREATE SCHEMA main.viewhostile");
    String name = "main.viewhostile.`v``';--`";
    tarn.sql(
        "CREATE VIEW "
            + name
            + " (`a``b` COMMENT 'c\\'d\\\\', `x y` COMMENT 'drop') COMMENT 'e\\'f`'"
            + " TBLPROPERTIES ('k\\'' = 'v') AS SELECT 1, '`\\'' AS y");
    String made = tarn.sql("SHOW CREATE TABLE " + name).get(0);
    tarn.sql("DROP VIEW " + name);
    tarn.sql(made);
    assertThat(tarn.sql("SHOW CREATE TABLE " + name)).containsExactly(made);
    assertThat(tarn.sql("SELECT * FROM " + name)).containsExactly("1|`'");
    String create = "CREATE VIEW main.viewhostile.p ";
    for (String refused :
        List.of(
            create
                + "TBLPROPERTIES ('view.sqlConfig.spark.tarn.definer' = '{\"name\":\"admin\"}')"
                + " AS SELECT 1 AS x",
            create
                + "TBLPROPERTIES ('view.sqlConfig.spark.sql.runSQLOnFiles' = 'true')"
                + " AS SELECT 1 AS x",
            create + "AS SELECT * FROM text.`/etc/passwd`",
            create + "AS SELECT * FROM parquet.`/tmp`",
            create + "AS SELECT java_method('java.lang.System', 'getenv') AS x",
            create + "AS SELECT TRANSFORM (1) USING 'cat' AS (x)",
            "CREATE VIEW spark_catalog.default.p AS SELECT 1 AS x",
            "CREATE GLOBAL TEMPORARY VIEW p AS SELECT 1 AS x",
            "CREATE VIEW main.information_schema.p AS SELECT 1 AS x",
            "SET spark.tarn.definer = x",
            "DESCRIBE HISTORY " + name,
            "DESCRIBE DETAIL " + name,
            "SELECT * FROM " + name + " VERSION AS OF 0",
            "CREATE TABLE main.viewhostile.c SHALLOW CLONE " + name)) {
      assertFails(refused);
    }
    assertThat(tarn.sql("SHOW TABLES IN main.viewhostile")).hasSize(1);
  }
}
