package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InformationSchemaIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();
  private static final Principal BROWSER = Principal.user("browser");

  @BeforeAll
  static void tables() {
    TARN.sql("CREATE CATALOG info COMMENT 'for the test'");
    TARN.sql("CREATE SCHEMA info.sales COMMENT 'sold'");
    TARN.sql(
        "CREATE TABLE info.sales.orders (id BIGINT NOT NULL COMMENT 'key', price DECIMAL(10,2),"
            + " at TIMESTAMP, tags ARRAY<STRING>) COMMENT 'all of them'");
    TARN.sql("CREATE TABLE info.sales.secret (x INT)");
    TARN.sql("CREATE VOLUME info.sales.files");
    TARN.sql("GRANT USE CATALOG ON CATALOG info TO browser");
    TARN.sql("GRANT USE SCHEMA ON SCHEMA info.sales TO browser");
    TARN.sql("GRANT SELECT ON TABLE info.sales.orders TO browser");
  }

  @Test
  void describesTablesAndTheirColumns() {
    assertThat(
            TARN.sql(
                "SELECT table_catalog, table_schema, table_name, table_type, is_insertable_into,"
                    + " table_owner, comment, data_source_format, created <= last_altered"
                    + " FROM info.information_schema.tables"
                    + " WHERE table_schema = 'sales' AND table_name = 'orders'"))
        .containsExactly("info|sales|orders|MANAGED|YES|admin|all of them|DELTA|true");
    assertThat(
            TARN.sql(
                "SELECT ordinal_position, column_name, is_nullable, full_data_type, data_type,"
                    + " numeric_precision, numeric_precision_radix, numeric_scale,"
                    + " datetime_precision, comment FROM info.information_schema.columns"
                    + " WHERE table_name IN ('orders', 'nosuch') ORDER BY ordinal_position"))
        .containsExactly(
            "1|id|NO|bigint|BIGINT|64|2|0|null|key",
            "2|price|YES|decimal(10,2)|DECIMAL|10|10|2|null|null",
            "3|at|YES|timestamp|TIMESTAMP|null|null|null|3|null",
            "4|tags|YES|array<string>|ARRAY|null|null|null|null|null");
  }

  @Test
  void joinsAndGroupsLikeAnyTable() {
    assertThat(
            TARN.sql(
                "SELECT t.table_name, count(*) FROM info.information_schema.tables t JOIN"
                    + " info.information_schema.columns c USING (table_catalog, table_schema,"
                    + " table_name) WHERE t.table_schema = 'sales' GROUP BY ALL ORDER BY 1"))
        .containsExactly("orders|4", "secret|1");
    assertThat(
            TARN.sql(
                "SELECT schema_name, schema_owner, comment FROM info.information_schema.schemata"
                    + " WHERE schema_name = 'sales' AND schema_name LIKE 's%'"))
        .containsExactly("sales|admin|sold");
    assertThat(TARN.sql("SELECT volume_name, volume_type FROM info.information_schema.volumes"))
        .containsExactly("files|MANAGED");
    assertThat(TARN.sql("SELECT * FROM info.information_schema.information_schema_catalog_name"))
        .containsExactly("info");
  }

  @Test
  void listsItself() {
    assertThat(TARN.sql("SHOW SCHEMAS IN info"))
        .containsExactly("default", "information_schema", "sales");
    assertThat(TARN.sql("SHOW TABLES IN info.information_schema"))
        .hasSize(24)
        .contains("information_schema|columns|false");
    assertThat(TARN.sql("DESCRIBE info.information_schema.catalog_privileges"))
        .contains("grantee|string|null");
    assertThat(
            TARN.sql(
                "SELECT table_type FROM info.information_schema.tables"
                    + " WHERE table_schema = 'information_schema' AND table_name = 'views'"))
        .containsExactly("VIEW");
    for (String name :
        TARN.sql(
            "SELECT table_name FROM info.information_schema.tables"
                + " WHERE table_schema = 'information_schema'")) {
      TARN.sql("SELECT * FROM info.information_schema." + name);
      TARN.sql("SELECT * FROM system.information_schema." + name);
    }
  }

  @Test
  void showsOnlyWhatThePrincipalMaySee() {
    assertThat(
            TARN.sql(
                BROWSER,
                "SELECT table_name FROM info.information_schema.tables"
                    + " WHERE table_schema <> 'information_schema'"))
        .containsExactly("orders");
    assertThat(
            TARN.sql(
                BROWSER,
                "SELECT count(*) FROM info.information_schema.columns WHERE table_name = 'secret'"))
        .containsExactly("0");
    assertThat(TARN.sql(BROWSER, "SELECT * FROM info.information_schema.table_privileges"))
        .isEmpty();
    assertThat(
            TARN.sql(
                "SELECT grantee, table_name, privilege_type"
                    + " FROM info.information_schema.table_privileges"))
        .containsExactly("browser|orders|SELECT");
    assertThat(
            TARN.sql(
                "SELECT grantee, privilege_type FROM info.information_schema.catalog_privileges"))
        .containsExactly("browser|USE_CATALOG");
    assertThat(
            catchThrowable(
                () ->
                    TARN.sql(
                        Principal.user("nobody"), "SELECT * FROM info.information_schema.tables")))
        .isInstanceOf(TarnException.class);
  }

  @Test
  void systemShowsAllCatalogs() {
    assertThat(
            TARN.sql(
                "SELECT catalog_name FROM system.information_schema.catalogs"
                    + " WHERE catalog_name IN ('info', 'main') ORDER BY 1"))
        .containsExactly("info", "main");
    assertThat(
            TARN.sql(
                BROWSER,
                "SELECT table_catalog, table_name FROM system.information_schema.tables"
                    + " WHERE table_catalog = 'info' AND table_schema = 'sales'"))
        .containsExactly("info|orders");
    assertThat(
            TARN.sql(
                Principal.user("nobody"),
                "SELECT count(*) FROM system.information_schema.tables WHERE table_schema ="
                    + " 'sales'"))
        .containsExactly("0");
    assertThat(TARN.sql("SHOW SCHEMAS IN system")).isEqualTo(List.of("information_schema"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE SCHEMA info.information_schema",
        "DROP SCHEMA info.information_schema CASCADE",
        "CREATE TABLE info.information_schema.mine (x INT)",
        "CREATE TABLE info.information_schema.tables (x INT)",
        "INSERT INTO info.information_schema.catalogs SELECT * FROM"
            + " info.information_schema.catalogs",
        "DELETE FROM info.information_schema.tables",
        "DROP TABLE info.information_schema.tables",
        "ALTER TABLE info.information_schema.tables ADD COLUMN x INT",
        "CREATE CATALOG system",
        "CREATE CATALOG spark_catalog",
        "CREATE SCHEMA system.mine",
        "CREATE TABLE system.information_schema.mine (x INT)",
        "DROP TABLE system.information_schema.tables"
      })
  void isNobodysToChange(String sql) {
    assertThat(catchThrowable(() -> TARN.sql(sql))).as(sql).isInstanceOf(TarnException.class);
    assertThat(TARN.sql("SELECT count(*) > 0 FROM info.information_schema.tables"))
        .containsExactly("true");
  }
}
