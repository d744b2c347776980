package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The statements that Databricks documents for securables, in the forms that it documents. */
class SecurableStatementsIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();
  private static final Principal ANN = Principal.user("statements-ann");

  private static List<String> run(SqlSession session, String sql) {
    return EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
  }

  @Test
  void twoWhoSetPropertiesAtOnceSetBoth() {
    TARN.sql("CREATE SCHEMA main.properties_of_two");
    IntStream.range(0, 2)
        .parallel()
        .forEach(
            who -> {
              try (SqlSession session = TARN.session(EngineUnderTest.ADMIN)) {
                for (int i = 0; i < 20; i++) {
                  session
                      .execute(
                          UUID.randomUUID().toString(),
                          String.format(
                              "ALTER SCHEMA main.properties_of_two SET DBPROPERTIES ('k%d_%d' ="
                                  + " 'v')",
                              who, i),
                          List.of())
                      .close();
                }
              }
            });
    assertThat(
            TARN.govern
                .schemas()
                .find(new SchemaName("main", "properties_of_two"))
                .orElseThrow()
                .properties())
        .hasSize(40);
    TARN.sql("DROP SCHEMA main.properties_of_two");
  }

  @Test
  void everyFormIsUnderstood() {
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN)) {
      for (String sql :
          """
          CREATE CATALOG forms
          ALTER CATALOG forms SET OWNER TO admin
          ALTER CATALOG forms SET TAGS ('a' = 'b', 'c')
          ALTER CATALOG forms UNSET TAGS ('c')
          COMMENT ON CATALOG forms IS NULL
          USE CATALOG 'forms'
          CREATE SCHEMA s
          ALTER DATABASE s OWNER TO admin
          ALTER SCHEMA s SET DBPROPERTIES ('k' = 'v', a.b = 'c')
          ALTER SCHEMA s UNSET DBPROPERTIES (k)
          COMMENT ON SCHEMA s IS 'it''s'
          USE SCHEMA s
          CREATE VOLUME v
          ALTER VOLUME v RENAME TO v2
          ALTER VOLUME s.v2 RENAME TO forms.s.v
          ALTER VOLUME v SET TAGS ('a' = 'b')
          COMMENT ON VOLUME v IS 'x'
          CREATE TABLE streaming (id BIGINT, name STRING)
          ALTER TABLE streaming SET TAGS ('a' = 'b')
          ALTER STREAMING TABLE streaming ALTER COLUMN id SET TAGS ('a' = 'b')
          ALTER STREAMING TABLE streaming ALTER COLUMN id COMMENT 'the id'
          ALTER MATERIALIZED VIEW streaming OWNER TO admin
          COMMENT ON MATERIALIZED VIEW streaming IS 'x'
          SET TAG ON MATERIALIZED VIEW streaming b = c
          CREATE FUNCTION f(x BIGINT) RETURNS BOOLEAN RETURN x > 0
          ALTER FUNCTION f SET TAGS ('a' = 'b')
          ALTER STREAMING TABLE streaming SET ROW FILTER f ON (id)
          ALTER MATERIALIZED VIEW streaming DROP ROW FILTER
          DROP MATERIALIZED VIEW IF EXISTS nothing
          GRANT SELECT ON streaming TO `statements-ann`
          GRANT MODIFY ON STREAMING TABLE streaming TO `statements-ann`
          GRANT REFRESH ON MATERIALIZED VIEW streaming TO `statements-ann`
          GRANT EXECUTE ON REGISTERED MODEL f TO `statements-ann`
          GRANT USE CATALOG ON CATALOG TO `statements-ann`
          GRANT USE SCHEMA ON DATABASE s TO `statements-ann`
          CREATE SERVER forms_server TYPE mysql OPTIONS (host 'h', port '1', user 'u')
          GRANT USE CONNECTION ON SERVER forms_server TO `statements-ann`
          DESCRIBE SERVER forms_server
          COMMENT ON SERVER forms_server IS 'x'
          ALTER SERVER forms_server OWNER TO admin
          DROP SERVER forms_server
          CREATE SERVICE CREDENTIAL forms_service WITH (role_arn = 'arn:aws:iam::1:role/x')
          GRANT ACCESS ON SERVICE CREDENTIAL forms_service TO `statements-ann`
          ALTER SERVICE CREDENTIAL forms_service SET OWNER TO admin
          DROP SERVICE CREDENTIAL forms_service
          """
              .lines()
              .toList()) {
        run(session, sql);
      }
      assertThat(run(session, "DESCRIBE SCHEMA EXTENDED s")).contains("Properties|((a.b,c))");
      assertThat(run(session, "SHOW VOLUMES IN s LIKE 'v*'")).containsExactly("s|v");
      assertThat(run(session, "DESCRIBE streaming")).contains("id|bigint|the id");
      run(session, "CREATE FUNCTION hide(s STRING, id BIGINT) RETURNS STRING RETURN '*'");
      run(
          session,
          "CREATE TABLE described (id BIGINT PRIMARY KEY, s STRING MASK hide USING COLUMNS (id))"
              + " WITH ROW FILTER f ON (id)");
      assertThat(run(session, "DESCRIBE TABLE EXTENDED described"))
          .contains("# Detailed Table Information||", "Owner|admin|")
          .endsWith(
              "||",
              "# Constraints||",
              "described_pk|PRIMARY KEY (id)|",
              "||",
              "# Row Filter||",
              "Function|forms.s.f|",
              "Arguments|(id)|",
              "||",
              "# Column Masks||",
              "s|forms.s.hide USING COLUMNS (id)|");
      assertThat(run(session, "DESCRIBE EXTENDED streaming")).noneMatch(r -> r.startsWith("# Co"));
      run(session, "CREATE TEMPORARY VIEW described AS SELECT 1 AS one");
      assertThat(run(session, "DESCRIBE EXTENDED described"))
          .contains("one|int|null")
          .noneMatch(r -> r.startsWith("# Co"));
      assertThat(
              run(
                  session,
                  "SELECT grantor, grantee FROM information_schema.schema_privileges"
                      + " WHERE schema_name = 's'"))
          .containsExactly("admin|statements-ann");
      assertThat(
              run(
                  session,
                  "SELECT created_by, last_altered_by FROM information_schema.schemata"
                      + " WHERE schema_name = 's'"))
          .containsExactly("admin|admin");
    }
    assertThatThrownBy(() -> TARN.sql("DROP MATERIALIZED VIEW forms.s.streaming"))
        .hasMessageContaining("[WRONG_COMMAND_FOR_OBJECT_TYPE]");
    assertThatThrownBy(() -> TARN.sql("ALTER VOLUME forms.s.v RENAME TO forms.default.v"))
        .hasMessageContaining("within its schema");

    // What holds on a table is granted on it, or on what it lies in; one's own everybody may see.
    List<String> held =
        List.of(
            "statements-ann|MODIFY|TABLE|forms.s.streaming",
            "statements-ann|REFRESH|TABLE|forms.s.streaming",
            "statements-ann|SELECT|TABLE|forms.s.streaming",
            "statements-ann|USE SCHEMA|SCHEMA|forms.s",
            "statements-ann|USE CATALOG|CATALOG|forms");
    assertThat(TARN.sql("SHOW GRANTS ON MATERIALIZED VIEW forms.s.streaming")).isEqualTo(held);
    String own = "SHOW GRANTS `Statements-Ann` ON forms.s.streaming";
    assertThat(TARN.sql(ANN, own)).isEqualTo(held);
    for (String sql :
        List.of(
            "SHOW GRANTS ON forms.s.streaming",
            "SHOW GRANTS admin ON forms.s.streaming",
            "SHOW GRANTS `statements-ann` ON forms.s.nothing",
            "SHOW GRANTS `statements-ann` ON CATALOG nothing")) {
      assertThatThrownBy(() -> TARN.sql(ANN, sql))
          .as(sql)
          .isInstanceOf(TarnException.class)
          .hasMessageContaining("PERMISSION_DENIED");
    }
  }

  private static String location(String schema, String table) {
    return TARN.govern
        .tables()
        .find(new EntityName("lake", schema, table))
        .orElseThrow()
        .storageLocation();
  }

  @Test
  void managedTablesLieWhereTheirSchemaOrCatalogSays() {
    String lake = TARN.folder.resolve("managed lake").toString();
    TARN.govern.externalLocations().create(EngineUnderTest.ADMIN, "lake", lake, null, false);
    TARN.sql("CREATE CATALOG IF NOT EXISTS lake COMMENT 'c' MANAGED LOCATION '" + lake + "'");
    TARN.sql(
        "CREATE SCHEMA lake.own WITH DBPROPERTIES ('a' = 'b') MANAGED LOCATION '"
            + lake
            + "/own' COMMENT 'it''s'");
    String catalog = TARN.govern.storage().of(new SchemaName("lake", "default")).root();
    String own = TARN.govern.storage().of(new SchemaName("lake", "own")).root();
    assertThat(catalog).startsWith("file://" + lake + "/__unitystorage/catalogs/");
    assertThat(own).startsWith("file://" + lake + "/own/__unitystorage/schemas/");
    assertThat(TARN.sql("DESCRIBE CATALOG EXTENDED lake"))
        .contains("Storage Root|file://" + lake, "Storage Location|" + catalog, "Comment|c");
    assertThat(TARN.sql("DESCRIBE SCHEMA EXTENDED lake.own"))
        .contains("Location|" + own, "Comment|it's", "Properties|((a,b))");

    TARN.sql("CREATE TABLE lake.default.t AS SELECT id FROM range(3)");
    TARN.sql("CREATE TABLE lake.own.t (id BIGINT)");
    TARN.sql("INSERT INTO lake.own.t SELECT id FROM lake.default.t");
    TARN.sql("CREATE VOLUME lake.own.v");
    assertThat(location("default", "t")).startsWith(catalog + "/tables/");
    assertThat(location("own", "t")).startsWith(own + "/tables/");
    assertThat(TARN.sql("SELECT storage_location FROM lake.information_schema.volumes").toString())
        .contains(own + "/volumes/");
    String from = location("own", "t");
    TARN.sql("ALTER TABLE lake.own.t RENAME TO lake.default.moved");
    TARN.sql("DELETE FROM lake.default.moved WHERE id = 1");
    TARN.sql("VACUUM lake.default.moved");
    TARN.sql("DROP TABLE lake.default.moved");
    TARN.sql("UNDROP TABLE lake.default.moved");
    assertThat(TARN.sql("SELECT id FROM lake.default.moved ORDER BY id")).containsExactly("0", "2");
    assertThat(location("default", "moved")).isEqualTo(from);

    TARN.sql("ALTER CATALOG lake SET MANAGED LOCATION '" + lake + "/next'");
    TARN.sql("CREATE TABLE lake.default.copy SHALLOW CLONE lake.default.t");
    assertThat(location("default", "copy"))
        .startsWith("file://" + lake + "/next/__unitystorage/catalogs/");
    assertThat(TARN.sql("SELECT count(*) FROM lake.default.copy")).containsExactly("3");
    for (String refused :
        List.of(
            "CREATE TABLE main.default.x (n INT) LOCATION '" + own + "/x'",
            "CREATE TABLE main.default.x (n INT) LOCATION '" + catalog + "'",
            "CREATE EXTERNAL VOLUME main.default.x LOCATION '" + lake + "'")) {
      assertThatThrownBy(() -> TARN.sql(refused)).as(refused).hasMessageContaining("overlaps");
    }
    assertThatThrownBy(() -> TARN.sql("CREATE SCHEMA lake.x LOCATION '" + lake + "/x'"))
        .hasMessageContaining("MANAGED LOCATION");
    String twice = " MANAGED LOCATION '" + lake + "/x'";
    assertThatThrownBy(() -> TARN.sql("CREATE SCHEMA lake.x" + twice + twice))
        .hasMessageContaining("twice");

    TARN.sql("GRANT BROWSE ON CATALOG lake TO `statements-ann`");
    assertThat(TARN.sql(ANN, "DESCRIBE CATALOG EXTENDED lake").toString())
        .contains("Owner")
        .doesNotContain(lake);
    assertThat(TARN.sql(ANN, "DESCRIBE SCHEMA EXTENDED lake.own").toString())
        .contains("Owner")
        .doesNotContain(lake);
    TARN.sql("DROP CATALOG lake CASCADE");
    TARN.govern.externalLocations().delete(EngineUnderTest.ADMIN, "lake", true);
  }

  @Test
  void toDropATableIsItsOwnersAndManagers() {
    TARN.sql("CREATE SCHEMA main.dropping");
    for (String table : List.of("unseen", "read", "managed")) {
      TARN.sql("CREATE TABLE main.dropping." + table + " AS SELECT 1 AS x");
    }
    TARN.sql("GRANT USE CATALOG ON CATALOG main TO `statements-ann`");
    TARN.sql("GRANT USE SCHEMA ON SCHEMA main.dropping TO `statements-ann`");
    TARN.sql("GRANT SELECT, MODIFY ON TABLE main.dropping.read TO `statements-ann`");
    TARN.sql("GRANT MANAGE ON TABLE main.dropping.managed TO `statements-ann`");
    for (String table : List.of("unseen", "read")) {
      assertThatThrownBy(() -> TARN.sql(ANN, "DROP TABLE main.dropping." + table))
          .as(table)
          .hasMessageContaining("MANAGE");
    }
    TARN.sql(ANN, "DROP TABLE main.dropping.managed");
    TARN.sql(ANN, "DROP TABLE IF EXISTS main.dropping.managed");
    TARN.sql("DROP SCHEMA main.dropping CASCADE");
    TARN.sql("REVOKE USE CATALOG ON CATALOG main FROM `statements-ann`");
  }

  @Test
  void whatIsNotSupportedSaysWhatToDo() {
    for (String sql :
        """
        CREATE CATALOG c USING SHARE provider.share
        CREATE CATALOG c DEFAULT COLLATION UTF8_LCASE
        ALTER CATALOG c ENABLE PREDICTIVE OPTIMIZATION
        ALTER TABLE main.default.t INHERIT PREDICTIVE OPTIMIZATION
        ALTER MATERIALIZED VIEW v ADD SCHEDULE EVERY 1 HOUR
        REFRESH MATERIALIZED VIEW v
        CREATE MATERIALIZED VIEW main.default.made AS SELECT 1 AS a
        CREATE OR REFRESH STREAMING TABLE main.default.made
        CREATE OR REPLACE MATERIALIZED VIEW main.default.made AS SELECT 1 AS a
        DENY SELECT ON TABLE t TO ann
        """
            .lines()
            .toList()) {
      assertThatThrownBy(() -> TARN.sql(sql))
          .as(sql)
          .hasMessageStartingWith("[UNSUPPORTED_STATEMENT]");
    }
  }
}
