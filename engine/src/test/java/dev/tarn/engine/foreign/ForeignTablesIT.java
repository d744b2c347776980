package dev.tarn.engine.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.govern.connections.Connections;
import dev.tarn.govern.search.SearchHit;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tables of a real PostgreSQL, read where they are. */
class ForeignTablesIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();
  private static final Principal BOB = Principal.user("foreign-bob");
  private static final String SECRET = "hunter2-of-the-shop";

  private static PostgresServer server;
  private static String url;

  @BeforeAll
  static void start() throws SQLException {
    server = PostgresServer.start();
    url = server.newDatabase();
    there(
        "CREATE TABLE orders (id int8 PRIMARY KEY, customer text COLLATE \"und-x-icu\", region varchar(10) NOT NULL,"
            + " total numeric(10,2), at timestamptz, card text)",
        "INSERT INTO orders VALUES"
            + " (1, 'Ann', 'EU', 10.50, '2024-03-31 01:30:00+00', '4111-1'),"
            + " (2, 'bob', 'US', 20.25, '2024-07-01 12:00:00+02', '4111-2'),"
            + " (3, 'Zoe', 'EU', 30.00, NULL, '4111-3'),"
            + " (4, NULL, 'EU', NULL, '2025-01-01 00:00:00+00', '4111-4')",
        "COMMENT ON TABLE orders IS 'what was bought'",
        "COMMENT ON COLUMN orders.card IS 'of the bank'",
        "CREATE SCHEMA \"Archive\"",
        "CREATE TABLE \"Archive\".\"Old Orders\" (x int)",
        "CREATE TABLE \"Archive\".\"OldOrders\" (\"Id\" int, \"a \"\"b\" text)",
        "INSERT INTO \"Archive\".\"OldOrders\" VALUES (7, 'x''y')");
    connection("foreign_pg", URI.create(url.substring("jdbc:".length())).getPort());
    catalog("shop", "foreign_pg");
  }

  @AfterAll
  static void stop() {
    try {
      TARN.sql("DROP SCHEMA IF EXISTS main.foreign_views CASCADE");
      TARN.sql("DROP CATALOG IF EXISTS shop");
      TARN.sql("DROP CATALOG IF EXISTS guarded");
      TARN.sql("DROP SCHEMA IF EXISTS main.foreign_rules CASCADE");
      TARN.sql("DROP CONNECTION IF EXISTS foreign_pg");
      TARN.sql("DROP CONNECTION IF EXISTS foreign_dead");
    } finally {
      server.close();
    }
  }

  private static void connection(String name, int port) {
    TARN.govern
        .connections()
        .create(
            EngineUnderTest.ADMIN,
            new Connections.NewConnection(
                name,
                "POSTGRESQL",
                Map.of(
                    "host",
                    "127.0.0.1",
                    "port",
                    Integer.toString(port),
                    "user",
                    "tarn",
                    "password",
                    SECRET),
                Map.of(),
                null,
                true));
  }

  private static String database() {
    return URI.create(url.substring("jdbc:".length())).getPath().substring(1);
  }

  private static void catalog(String name, String connection) {
    catalog(name, connection, database());
  }

  private static void catalog(String name, String connection, String database) {
    TARN.govern
        .foreignCatalogs()
        .create(
            EngineUnderTest.ADMIN, name, null, Map.of(), connection, Map.of("database", database));
  }

  private static void there(String... statements) throws SQLException {
    at(url, statements);
  }

  private static void at(String place, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(place);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void refused(Principal by, String sql, String words) {
    assertThatThrownBy(() -> TARN.sql(by, sql))
        .as(sql)
        .isInstanceOf(TarnException.class)
        .hasMessageContaining(words)
        .hasMessageNotContaining(SECRET);
  }

  private static String plan(String sql) {
    return String.join("\n", TARN.sql("EXPLAIN FORMATTED " + sql));
  }

  @Test
  void is_read_by_whom_it_was_granted_to() {
    String all =
        "SELECT id, customer, total FROM shop.public.orders WHERE region = 'EU' ORDER BY id";
    refused(BOB, all, "PERMISSION_DENIED");
    TARN.sql("GRANT USE CATALOG ON CATALOG shop TO `foreign-bob`");
    refused(BOB, all, "USE SCHEMA");
    TARN.sql("GRANT USE SCHEMA ON SCHEMA shop.public TO `foreign-bob`");
    refused(BOB, all, "SELECT");
    TARN.sql("GRANT SELECT ON TABLE shop.public.orders TO `foreign-bob`");
    assertThat(TARN.sql(BOB, all)).containsExactly("1|Ann|10.50", "3|Zoe|30.00", "4|null|null");
    refused(BOB, "SELECT * FROM shop.archive.oldorders", "USE SCHEMA");
    assertThat(TARN.sql("SELECT id, `a \"b` FROM shop.archive.oldorders WHERE id = 7"))
        .containsExactly("7|x'y");
    refused(EngineUnderTest.ADMIN, "GRANT SELECT ON TABLE shop.public.nosuch TO `x`", "nosuch");
    refused(EngineUnderTest.ADMIN, "SELECT * FROM shop.public.nosuch", "nosuch");
  }

  @Test
  void is_listed_and_described() {
    assertThat(TARN.sql("SHOW SCHEMAS IN shop"))
        .contains("public", "archive", "information_schema");
    assertThat(TARN.sql("SHOW TABLES IN shop.archive").toString())
        .contains("oldorders")
        .doesNotContain("old orders");
    assertThat(TARN.sql("DESCRIBE TABLE shop.public.orders"))
        .contains("total|decimal(10,2)|null", "card|string|of the bank");
    assertThat(TARN.sql("SHOW CREATE TABLE shop.public.orders").get(0))
        .startsWith("CREATE FOREIGN TABLE shop.public.orders (")
        .contains("USING postgresql")
        .doesNotContain("delta");
    assertThat(TARN.sql("DESCRIBE TABLE EXTENDED shop.public.orders AS JSON").get(0))
        .contains("\"type\":\"FOREIGN\"", "\"provider\":\"postgresql\"")
        .doesNotContain("delta", "location");
    assertThat(
            TARN.sql(
                "SELECT table_type, data_source_format, comment FROM"
                    + " system.information_schema.tables WHERE table_catalog = 'shop' AND"
                    + " table_name = 'orders'"))
        .containsExactly("FOREIGN|POSTGRESQL_FORMAT|what was bought");
    assertThat(
            TARN.govern
                .tables()
                .page(
                    EngineUnderTest.ADMIN,
                    new EntityName("shop", "public", "x").parent(),
                    "",
                    100,
                    name -> true)
                .tables())
        .extracting(each -> each.name().name())
        .contains("orders");
  }

  @Test
  void names_that_differ_by_case_are_one_however_it_was_asked_for() throws SQLException {
    there(
        "CREATE SCHEMA twice",
        "CREATE SCHEMA \"Twice\"",
        "CREATE TABLE twice.\"T1\" AS SELECT 1 AS a",
        "CREATE TABLE \"Twice\".t1 AS SELECT 2 AS a",
        "CREATE TABLE twice.t2 AS SELECT 3 AS a",
        "CREATE TABLE \"Twice\".t2 AS SELECT 4 AS a",
        "CREATE TABLE \"Twice\".\"T3\" AS SELECT 5 AS a",
        "CREATE TABLE \"Twice\".t3 AS SELECT 6 AS a");
    TARN.sql("REFRESH FOREIGN CATALOG shop");
    String all =
        "SELECT t1.a, t2.a, t3.a FROM shop.twice.t1 CROSS JOIN shop.twice.t2 CROSS JOIN"
            + " shop.twice.t3";
    assertThat(TARN.sql(all)).containsExactly("1|3|6");
    TARN.sql("REFRESH FOREIGN SCHEMA shop.twice");
    assertThat(TARN.sql(all)).containsExactly("1|3|6");
  }

  @Test
  void types_are_mapped_without_loss() throws SQLException {
    there(
        "CREATE TYPE mood AS ENUM ('sad', 'ok')",
        "CREATE DOMAIN small AS numeric(4,1)",
        "CREATE TABLE kinds (k int, b bool, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8,"
            + " n numeric, n38 numeric(38,10), n50 numeric(50,2), t text, c char(5), d date,"
            + " ts timestamp, tz timestamptz, tm time, iv interval, u uuid, j json, jb jsonb,"
            + " raw bytea, a int4[], ta text[], da date[], ip inet, e mood, dom small, o oid)",
        "INSERT INTO kinds VALUES (1, true, 32767, 2147483647, 9223372036854775807, 3.4028235e38,"
            + " 'NaN', 12345678901234567890.123456789012345678,"
            + " 1234567890123456789012345678.0123456789,"
            + " 123456789012345678901234567890123456789012345678.25, E'\\u00fc\\n''', 'ab',"
            + " '9999-12-31', '2024-03-31 02:30:00.123456', '2024-03-31 02:30:00.000001+02',"
            + " '23:59:59.999999', '1 year 2 days 03:00:00',"
            + " '00112233-4455-6677-8899-aabbccddeeff', '{\"b\":  1}', '{\"b\":  1}',"
            + " '\\x00ff', '{1,NULL,-3}', '{\"a,b\",NULL}', '{2024-02-29}', '10.0.0.0/8',"
            + " 'sad', 999.9, 4294967295)",
        "INSERT INTO kinds VALUES (2, false, -32768, -2147483648, -9223372036854775808, '-Infinity',"
            + " 'Infinity', -0.000000000000000001, -0.0000000001, -0.01, '', '', '0001-01-01',"
            + " '0001-01-01 00:00:00', '1500-03-01 00:00:00+00', '00:00:00', '-1 days',"
            + " '00000000-0000-0000-0000-000000000000', '[]', 'null', '', '{}', '{}', '{}', '::1',"
            + " 'ok', -999.9, 0)",
        "INSERT INTO kinds (k) VALUES (3)");
    assertThat(TARN.sql("DESCRIBE TABLE shop.public.kinds"))
        .extracting(row -> row.substring(0, row.lastIndexOf('|')))
        .startsWith(
            "k|int",
            "b|boolean",
            "i2|smallint",
            "i4|int",
            "i8|bigint",
            "f4|float",
            "f8|double",
            "n|decimal(38,18)",
            "n38|decimal(38,10)",
            "n50|string",
            "t|string",
            "c|string",
            "d|date",
            "ts|timestamp_ntz",
            "tz|timestamp",
            "tm|string",
            "iv|string",
            "u|string",
            "j|string",
            "jb|string",
            "raw|binary",
            "a|array<int>",
            "ta|array<string>",
            "da|string",
            "ip|string",
            "e|string",
            "dom|decimal(4,1)",
            "o|bigint");
    assertThat(kinds(1))
        .isEqualTo(
            "true;32767;2147483647;9223372036854775807;3.4028235E38;NaN;"
                + "12345678901234567890.123456789012345678;"
                + "1234567890123456789012345678.0123456789;"
                + "123456789012345678901234567890123456789012345678.25;\u00fc\n';ab;9999-12-31;"
                + "2024-03-31 02:30:00.123456;2024-03-31 00:30:00.000001;23:59:59.999999;"
                + "1 year 2 days 03:00:00;00112233-4455-6677-8899-aabbccddeeff;{\"b\":  1};"
                + "{\"b\": 1};00FF;[1, null, -3];[a,b, null];{2024-02-29};10.0.0.0/8;sad;999.9;"
                + "4294967295");
    assertThat(kinds(2))
        .isEqualTo(
            "false;-32768;-2147483648;-9223372036854775808;-Infinity;Infinity;"
                + "-0.000000000000000001;-0.0000000001;-0.01;;;0001-01-01;0001-01-01 00:00:00;"
                + "1500-03-01 00:00:00;00:00:00;-1 days;00000000-0000-0000-0000-000000000000;[];"
                + "null;;[];[];{};::1/128;ok;-999.9;0");
    assertThat(kinds(3)).isEqualTo("null;".repeat(26) + "null");
    assertThat(TARN.sql("SELECT k FROM shop.public.kinds WHERE u > '0' AND j LIKE '{%'"))
        .containsExactly("1");
    String numbers = "SELECT max(n38), sum(n38), min(dom), sum(dom), max(n) FROM shop.public.kinds";
    assertThat(plan(numbers)).contains("MAX(\"n38\")", "SUM(\"n38\")", "MAX(\"n\")");
    assertThat(TARN.sql(numbers))
        .containsExactly(
            "1234567890123456789012345678.0123456789|1234567890123456789012345678.0123456788"
                + "|-999.9|0.0|12345678901234567890.123456789012345678");
  }

  private static String kinds(int row) {
    String columns =
        "b,i2,i4,i8,f4,f8,n,n38,n50,t,c,d,ts,tz,tm,iv,u,j,jb,hex(raw),a,ta,da,ip,e,dom,o";
    StringBuilder each = new StringBuilder();
    for (String column : columns.split(",")) {
      each.append(each.isEmpty() ? "" : ", ")
          .append("coalesce(CAST(")
          .append(column)
          .append(" AS STRING), 'null')");
    }
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN)) {
      EngineUnderTest.rows(
          session.execute(UUID.randomUUID().toString(), "SET TIME ZONE 'UTC'", List.of()));
      return EngineUnderTest.rows(
              session.execute(
                  UUID.randomUUID().toString(),
                  "SELECT concat_ws(';', " + each + ") FROM shop.public.kinds WHERE k = " + row,
                  List.of()))
          .get(0);
    }
  }

  @Test
  void a_value_that_would_change_is_refused_by_name() throws SQLException {
    there(
        "CREATE TABLE odd (n numeric, d date, ts timestamp, tz timestamptz, a int[], ok int)",
        "INSERT INTO odd VALUES ('NaN', 'infinity', '-infinity', 'infinity', '{{1,2},{3,4}}', 1)",
        "CREATE TABLE finer (n numeric)",
        "INSERT INTO finer VALUES (0.1234567890123456789)");
    assertThat(TARN.sql("SELECT ok FROM shop.public.odd")).containsExactly("1");
    for (String column : List.of("n", "d", "ts", "tz", "a")) {
      refused(
          EngineUnderTest.ADMIN,
          "SELECT " + column + " FROM shop.public.odd",
          "Column '" + column + "' of type");
    }
    refused(EngineUnderTest.ADMIN, "SELECT n FROM shop.public.finer", "more digits");
  }

  @Test
  void the_other_system_does_what_it_can() {
    assertThat(
            plan("SELECT id FROM shop.public.orders WHERE total > 15 AND customer < 'b' LIMIT 1"))
        .contains("\"total\" > 15.00", "\"customer\" < 'b'", "LIMIT 1", "COLLATE")
        .doesNotContain("* Filter", SECRET);
    assertThat(plan("SELECT region, count(*), sum(total) FROM shop.public.orders GROUP BY region"))
        .contains("GROUP BY \"region\"", "SUM(\"total\")");
    assertThat(plan("SELECT id FROM shop.public.orders ORDER BY customer LIMIT 2"))
        .contains("ORDER BY \"customer\" ASC NULLS FIRST");
    assertThat(
            TARN.sql(
                "SELECT region, count(*), sum(total), max(customer) FROM shop.public.orders GROUP"
                    + " BY region ORDER BY region"))
        .containsExactly("EU|3|40.50|Zoe", "US|1|20.25|bob");
    assertThat(TARN.sql("SELECT customer FROM shop.public.orders ORDER BY customer LIMIT 3"))
        .containsExactly("null", "Ann", "Zoe");
    assertThat(
            TARN.sql(
                "SELECT id FROM shop.public.orders WHERE at = TIMESTAMP '2024-07-01T10:00:00Z'"))
        .containsExactly("2");
  }

  @Test
  void texts_of_another_encoding_are_compared_here() throws SQLException {
    there(
        "CREATE DATABASE western ENCODING 'WIN1252' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE"
            + " 'C'");
    // Bytes FF and 80 there.
    at(
        url.replace(database(), "western"),
        "CREATE TABLE letters (a text, n int)",
        "INSERT INTO letters VALUES (E'\\u00ff', 1), (E'\\u20ac', 2)");
    catalog("western", "foreign_pg", "western");
    String letters = " FROM western.public.letters";
    assertThat(TARN.sql("SELECT n" + letters + " ORDER BY a LIMIT 1")).containsExactly("1");
    assertThat(TARN.sql("SELECT n" + letters + " WHERE a > '\u00ff'")).containsExactly("2");
    assertThat(TARN.sql("SELECT n" + letters + " WHERE a = '\u2603'")).isEmpty();
    assertThat(TARN.sql("SELECT max(a)" + letters)).containsExactly("\u20ac");
    assertThat(plan("SELECT max(n)" + letters + " WHERE n > 1"))
        .contains("MAX(\"n\")", "\"n\" > 1");
    TARN.sql("DROP CATALOG western");
  }

  @Test
  void a_search_asks_no_system() throws SQLException {
    connection("foreign_searched", URI.create(url.substring("jdbc:".length())).getPort());
    catalog("searched", "foreign_searched");
    there("CREATE TABLE soughtafter (a int)");
    assertThat(TARN.sql("SELECT * FROM searched.public.soughtafter")).isEmpty();
    await()
        .untilAsserted(
            () -> assertThat(found("soughtafter")).containsExactly("searched.public.soughtafter"));
    there("DROP TABLE soughtafter");
    TARN.sql("REFRESH FOREIGN SCHEMA searched.public");
    TARN.sql("ALTER CONNECTION foreign_searched OPTIONS (host '127.0.0.1', port '1')");
    assertThat(found("soughtafter")).isEmpty();
    refused(
        EngineUnderTest.ADMIN, "SELECT * FROM searched.public.soughtafter", "'foreign_searched'");
    TARN.sql("DROP CATALOG searched");
    TARN.sql("DROP CONNECTION foreign_searched");
  }

  private static List<String> found(String text) {
    return TARN
        .govern
        .search()
        .find(EngineUnderTest.ADMIN, text, List.of(), 10, "")
        .results()
        .stream()
        .map(SearchHit::fullName)
        .toList();
  }

  @Test
  void a_large_table_is_read_in_parts() throws SQLException {
    there("CREATE TABLE large AS SELECT i AS id, i % 7 AS m FROM generate_series(1, 1000) i");
    String parts =
        " shop.public.large WITH ('partitionColumn' = 'ID', 'lowerBound' = 100, 'upperBound' ="
            + " 900, 'numPartitions' = 4)";
    assertThat(TARN.sql("SELECT count(*), sum(id), min(id), max(id) FROM" + parts))
        .containsExactly("1000|500500|1|1000");
    assertThat(TARN.sql("SELECT m, count(*) FROM" + parts + " GROUP BY m ORDER BY m"))
        .startsWith("0|142", "1|143");
    assertThat(TARN.sql("SELECT DISTINCT spark_partition_id() FROM" + parts)).hasSize(4);
    refused(
        EngineUnderTest.ADMIN,
        "SELECT * FROM shop.public.large WITH ('partitionColumn' = '1) OR (1', 'lowerBound' = 0,"
            + " 'upperBound' = 9, 'numPartitions' = 2)",
        "partitionColumn");
    refused(
        EngineUnderTest.ADMIN,
        "SELECT * FROM shop.public.large WITH ('numPartitions' = 2)",
        "'partitionColumn' is missing");
    refused(
        EngineUnderTest.ADMIN,
        "SELECT * FROM shop.public.large WITH ('url' = 'jdbc:x')",
        "not available");
  }

  @Test
  void what_changed_there_is_known_after_a_refresh() throws SQLException {
    there("CREATE TABLE moving (a int)", "CREATE TABLE passing (a int)");
    TARN.sql("REFRESH FOREIGN SCHEMA shop.public");
    assertThat(TARN.sql("SHOW TABLES IN shop.public").toString()).contains("moving", "passing");
    TARN.sql("GRANT SELECT ON TABLE shop.public.moving TO `foreign-bob`");
    there("ALTER TABLE moving ADD b text", "DROP TABLE passing");
    TARN.sql("REFRESH FOREIGN TABLE shop.public.moving");
    assertThat(TARN.sql("DESCRIBE TABLE shop.public.moving"))
        .startsWith("a|int|null", "b|string|null");
    there("DROP TABLE moving");
    TARN.sql("REFRESH FOREIGN SCHEMA shop.public");
    refused(EngineUnderTest.ADMIN, "SELECT * FROM shop.public.moving", "cannot be found");
    assertThat(TARN.sql("SHOW TABLES IN shop.public").toString()).doesNotContain("passing");
    assertThat(TARN.sql("SHOW GRANTS ON TABLE shop.public.moving").toString())
        .contains("foreign-bob");
    TARN.sql("REFRESH FOREIGN CATALOG shop");
    refused(Principal.user("foreign-eve"), "REFRESH FOREIGN CATALOG shop", "PERMISSION_DENIED");
    refused(EngineUnderTest.ADMIN, "REFRESH FOREIGN CATALOG main", "not foreign");
  }

  @Test
  void what_was_not_there_is_asked_for_again_after_a_refresh() throws SQLException {
    String late = "SELECT * FROM shop.public.late";
    refused(EngineUnderTest.ADMIN, late, "cannot be found");
    there("CREATE TABLE late AS SELECT 1 AS a");
    refused(EngineUnderTest.ADMIN, late, "cannot be found");
    TARN.sql("REFRESH FOREIGN TABLE shop.public.late");
    assertThat(TARN.sql(late)).containsExactly("1");
  }

  @Test
  void a_view_of_it_reads_with_its_owners_rights() {
    TARN.sql("CREATE SCHEMA IF NOT EXISTS main.foreign_views");
    TARN.sql(
        "CREATE VIEW main.foreign_views.eu AS SELECT id, total FROM shop.public.orders WHERE region"
            + " = 'EU'");
    Principal cat = Principal.user("foreign-cat");
    TARN.sql("GRANT USE SCHEMA, SELECT ON SCHEMA main.foreign_views TO `foreign-cat`");
    TARN.sql("GRANT USE CATALOG ON CATALOG main TO `foreign-cat`");
    assertThat(
            TARN.sql(
                cat, "SELECT id FROM main.foreign_views.eu WHERE 1 / (id - 2) < 5 ORDER BY id"))
        .containsExactly("1", "3", "4");
    refused(cat, "SELECT * FROM shop.public.orders", "PERMISSION_DENIED");
  }

  @Test
  void filters_and_masks_hold_above_what_the_other_system_is_asked() {
    TARN.sql("CREATE SCHEMA IF NOT EXISTS main.foreign_rules");
    TARN.sql(
        "CREATE OR REPLACE FUNCTION main.foreign_rules.ours(region STRING) RETURNS BOOLEAN RETURN"
            + " region = 'EU'");
    TARN.sql(
        "CREATE OR REPLACE FUNCTION main.foreign_rules.hidden(card STRING) RETURNS STRING RETURN"
            + " concat('*', right(card, 1))");
    catalog("guarded", "foreign_pg");
    TARN.sql(
        "ALTER TABLE guarded.public.orders SET ROW FILTER main.foreign_rules.ours ON (region)");
    TARN.sql(
        "ALTER TABLE guarded.public.orders ALTER COLUMN card SET MASK main.foreign_rules.hidden");
    for (String privilege : List.of("USE CATALOG", "USE SCHEMA", "SELECT")) {
      TARN.sql("GRANT " + privilege + " ON CATALOG guarded TO `foreign-bob`");
    }
    assertThat(TARN.sql(BOB, "SELECT id, card FROM guarded.public.orders ORDER BY id"))
        .containsExactly("1|*1", "3|*3", "4|*4");
    assertThat(TARN.sql(BOB, "SELECT count(*), max(id) FROM guarded.public.orders"))
        .containsExactly("3|4");
    assertThat(TARN.sql(BOB, "SELECT id FROM guarded.public.orders WHERE card = '4111-1'"))
        .isEmpty();
    assertThat(TARN.sql(BOB, "SELECT id FROM guarded.public.orders WHERE 1 / (id - 2) < 5"))
        .hasSize(3);
    refused(BOB, "EXPLAIN SELECT * FROM guarded.public.orders", "plan");
    String parts =
        " guarded.public.orders WITH ('partitionColumn' = 'id', 'lowerBound' = 1, 'upperBound' = 4,"
            + " 'numPartitions' = 2)";
    refused(BOB, "SELECT spark_partition_id(), card FROM" + parts, "in parts");
    refused(BOB, "SELECT 1 WHERE EXISTS (SELECT * FROM" + parts + ")", "in parts");
  }

  @Test
  void nothing_but_the_database_is_taken_from_a_catalog() {
    catalog("straight", "foreign_pg");
    String stored =
        "{\"database\":\""
            + database()
            + "\",\"host\":\"127.0.0.2\",\"Port\":\"1\",\"user\":\"nobody\"}";
    TARN.govern
        .grants()
        .changing(
            handle ->
                handle.execute("UPDATE catalogs SET options = ? WHERE name = 'straight'", stored));
    assertThat(TARN.sql("SELECT count(*) FROM straight.public.orders")).containsExactly("4");
    refused(
        EngineUnderTest.ADMIN,
        "ALTER CATALOG straight OPTIONS (database 'd', host '127.0.0.2')",
        "'host'");
    TARN.sql("DROP CATALOG straight");
  }

  @Test
  void changes_nothing_there() {
    for (String sql :
        List.of(
            "INSERT INTO shop.public.orders (id) VALUES (9)",
            "DELETE FROM shop.public.orders",
            "UPDATE shop.public.orders SET total = 0",
            "DROP TABLE shop.public.orders",
            "ALTER TABLE shop.public.orders ADD COLUMN x INT",
            "ALTER TABLE shop.public.orders RENAME TO shop.public.o",
            "SELECT * FROM shop.public.orders VERSION AS OF 1",
            "CREATE OR REPLACE TABLE shop.public.orders (x INT)",
            "CREATE TABLE shop.public.mine AS SELECT 1 AS x",
            "CREATE VIEW shop.public.v AS SELECT 1 AS x",
            "CREATE SCHEMA shop.mine",
            "DROP SCHEMA shop.public CASCADE")) {
      refused(EngineUnderTest.ADMIN, sql, "read only");
    }
    refused(EngineUnderTest.ADMIN, "TRUNCATE TABLE shop.public.orders", "does not support");
    refused(
        EngineUnderTest.ADMIN,
        "RESTORE TABLE shop.public.orders TO VERSION AS OF 0",
        "only supported for Delta");
    refused(EngineUnderTest.ADMIN, "OPTIMIZE shop.public.orders", "only supported for Delta");
    assertThat(TARN.sql("SELECT count(*) FROM shop.public.orders")).containsExactly("4");
  }

  @Test
  void lineage_names_it() {
    TARN.events.clear();
    TARN.sql("CREATE TABLE main.default.from_shop AS SELECT id FROM shop.public.orders");
    await().untilAsserted(() -> assertThat(TARN.events.toString()).contains("shop.public.orders"));
    TARN.sql("DROP TABLE main.default.from_shop");
  }

  @Test
  void a_dead_system_is_named_and_holds_up_nothing_else() throws IOException {
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      connection("foreign_dead", closed.getLocalPort());
    }
    catalog("deadshop", "foreign_dead");
    assertThatThrownBy(() -> TARN.sql("SELECT * FROM deadshop.public.orders"))
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
        .hasMessageContaining("'foreign_dead'")
        .hasMessageNotContaining(SECRET);
    refused(EngineUnderTest.ADMIN, "SHOW SCHEMAS IN deadshop", "'foreign_dead'");
    assertThat(TARN.sql("SELECT table_name FROM system.information_schema.tables")).isNotEmpty();
    assertThat(TARN.sql("SELECT count(*) FROM shop.public.orders")).containsExactly("4");
    TARN.sql("DROP CATALOG deadshop");
  }

  @Test
  void a_cancelled_statement_is_cancelled_there() throws SQLException {
    there("CREATE VIEW slow AS SELECT 1 AS one FROM pg_sleep(600)");
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN)) {
      CompletableFuture<List<String>> running =
          CompletableFuture.supplyAsync(
              () ->
                  EngineUnderTest.rows(
                      session.execute("slow-there", "SELECT * FROM shop.public.slow", List.of())));
      await().until(() -> sleeping() == 1);
      session.cancel("slow-there");
      assertThatThrownBy(running::join)
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("cancelled");
      await().until(() -> sleeping() == 0);
    }
  }

  private static int sleeping() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
