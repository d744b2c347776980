package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Queries of Databricks' documentation, by a user to whom nothing was granted. */
class SampleQueriesIT {
  private static final Principal NEWCOMER = Principal.user("newcomer");

  private final EngineUnderTest tarn = EngineUnderTest.get();

  private List<String> natively(String sql) {
    return run("native", sql);
  }

  private List<String> run(String executor, String sql) {
    try (SqlSession session = tarn.session(NEWCOMER, executor)) {
      return EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
    }
  }

  @Test
  void tripsAndOrdersAreQueriedAsTheDocumentationDoes() {
    assertThat(natively("SELECT * FROM samples.nyctaxi.trips LIMIT 10")).hasSize(10);
    assertThat(
            natively(
                "SELECT T.pickup_zip, AVG(T.fare_amount) AS fare FROM samples.nyctaxi.trips T"
                    + " GROUP BY T.pickup_zip ORDER BY fare DESC LIMIT 5"))
        .hasSize(5);
    assertThat(
            natively(
                "SELECT date_trunc('DAY', tpep_pickup_datetime) AS day, round(sum(fare_amount), 2)"
                    + " FROM samples.nyctaxi.trips WHERE tpep_pickup_datetime BETWEEN"
                    + " TIMESTAMP '2016-01-10' AND TIMESTAMP '2016-01-31' AND pickup_zip IN (10001,"
                    + " 10019) GROUP BY ALL ORDER BY day"))
        .hasSizeBetween(20, 22);
    assertThat(
            natively(
                "SELECT o_orderdate AS date, o_orderpriority AS priority, sum(o_totalprice) AS"
                    + " total FROM samples.tpch.orders WHERE o_orderdate > '1994-01-01' AND"
                    + " o_orderdate < '1994-01-31' GROUP BY 1, 2 ORDER BY 1, 2"))
        .hasSizeGreaterThan(100);
    assertThat(
            natively(
                "SELECT n_name, count(*) AS customers, sum(c_acctbal) AS balance FROM"
                    + " samples.tpch.customer JOIN samples.tpch.nation ON c_nationkey ="
                    + " n_nationkey JOIN samples.tpch.region ON n_regionkey = r_regionkey WHERE"
                    + " r_name = 'ASIA' GROUP BY n_name ORDER BY customers DESC"))
        .hasSize(5);
    assertThat(
            natively(
                "SELECT l_returnflag, l_linestatus, sum(l_quantity), avg(l_extendedprice) FROM"
                    + " samples.tpch.lineitem WHERE l_shipdate <= DATE '1998-09-02' GROUP BY 1, 2"
                    + " ORDER BY 1, 2"))
        .hasSize(4);
    assertThat(
            natively(
                "SELECT a.city, count(*) FROM samples.flights.flights f JOIN"
                    + " samples.flights.airports a ON f.origin = a.iata WHERE f.delay > 60 GROUP BY"
                    + " a.city ORDER BY 2 DESC LIMIT 3"))
        .hasSize(3);
  }

  @Test
  void bothExecutorsReadTheSame() {
    for (String sql :
        List.of(
            "SELECT count(*), min(l_shipdate), sum(l_extendedprice) FROM samples.tpch.lineitem",
            "SELECT min(date), max(date), sum(delay) FROM samples.flights.flights",
            "SELECT count(*), count(state), max(latitude) FROM samples.flights.airports",
            "SELECT max(flight_date), sum(cost_total) FROM samples.flights.bird_strikes",
            "SELECT min(tpep_pickup_datetime), max(pickup_zip) FROM samples.nyctaxi.trips")) {
      assertThat(natively(sql)).as(sql).hasSize(1).isEqualTo(run("spark", sql));
    }
  }

  @Test
  void samplesAreInEveryListing() {
    assertThat(tarn.sql(NEWCOMER, "SHOW CATALOGS")).contains("samples", "system");
    assertThat(tarn.sql(NEWCOMER, "SHOW SCHEMAS IN samples"))
        .containsExactly("flights", "information_schema", "nyctaxi", "tpch");
    assertThat(tarn.sql(NEWCOMER, "SHOW TABLES IN samples.nyctaxi"))
        .containsExactly("nyctaxi|trips|false");
    assertThat(
            tarn.sql(
                NEWCOMER,
                "SELECT table_schema, count(*) FROM samples.information_schema.tables WHERE"
                    + " table_schema <> 'information_schema' GROUP BY 1 ORDER BY 1"))
        .containsExactly("flights|3", "nyctaxi|1", "tpch|8");
    assertThat(
            tarn.sql(
                NEWCOMER,
                "SELECT column_name, full_data_type FROM system.information_schema.columns WHERE"
                    + " table_catalog = 'samples' AND table_name = 'customer' AND column_name IN"
                    + " ('c_custkey', 'c_acctbal') ORDER BY 1"))
        .containsExactly("c_acctbal|decimal(18,2)", "c_custkey|bigint");
    assertThat(tarn.sql(NEWCOMER, "DESCRIBE TABLE samples.nyctaxi.trips")).hasSize(6);
  }

  @Test
  void nobodyChangesThemNotEvenAnAdministrator() {
    for (String sql :
        List.of(
            "INSERT INTO samples.tpch.region VALUES (9, 'x', 'y')",
            "DELETE FROM samples.tpch.region",
            "UPDATE samples.tpch.region SET r_name = 'x'",
            "MERGE INTO samples.tpch.region USING (SELECT 1 AS k) ON r_regionkey = k WHEN MATCHED"
                + " THEN DELETE",
            "TRUNCATE TABLE samples.tpch.region",
            "DROP TABLE samples.tpch.region",
            "ALTER TABLE samples.tpch.region ADD COLUMN c INT",
            "ALTER TABLE samples.tpch.region RENAME TO tpch.other",
            "ALTER TABLE samples.tpch.region OWNER TO admin",
            "COMMENT ON TABLE samples.tpch.region IS 'mine'",
            "OPTIMIZE samples.tpch.region",
            "VACUUM samples.tpch.region",
            "CREATE OR REPLACE TABLE samples.tpch.region AS SELECT 1 AS x",
            "CREATE TABLE samples.tpch.mine AS SELECT 1 AS x",
            "CREATE VIEW samples.tpch.v AS SELECT 1 AS x",
            "CREATE FUNCTION samples.tpch.f() RETURNS INT RETURN 1",
            "CREATE SCHEMA samples.mine",
            "DROP SCHEMA samples.tpch CASCADE",
            "DROP CATALOG samples CASCADE",
            "GRANT MODIFY ON TABLE samples.tpch.region TO `newcomer`",
            "REVOKE SELECT ON CATALOG samples FROM `account users`",
            "ALTER CATALOG samples OWNER TO admin")) {
      assertThat(catchThrowable(() -> tarn.sql(sql)))
          .as(sql)
          .isInstanceOfSatisfying(
              TarnException.class,
              e -> assertThat(e.code()).as(sql + e).isEqualTo(ErrorCode.PERMISSION_DENIED));
    }
    assertThat(natively("SELECT count(*) FROM samples.tpch.region")).containsExactly("5");
    tarn.sql("CREATE TABLE main.default.copied AS SELECT * FROM samples.tpch.nation");
    assertThat(tarn.sql("SELECT count(*) FROM main.default.copied")).containsExactly("25");
  }
}
