package dev.tarn.acceptance.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.acceptance.jdbc.JdbcProcess.Outcome;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The unmodified JDBC driver in its default mode, Thrift, in a process of its own. */
@ExtendWith(TarnUnderTest.class)
class JdbcThriftIT {
  private static final String LINKS = "";
  private static final String INLINE = ";EnableQueryResultDownload=0";
  private static final long MANY = 1_000_000;

  private static JdbcProcess client(Tarn tarn, String properties) {
    return JdbcProcess.thrift(tarn.port(), "default", tarn.administratorToken(), properties);
  }

  private static List<List<String>> run(JdbcProcess client, String... steps) {
    Outcome outcome = client.run(steps);
    assertThat(outcome.exitCode()).as(outcome.error()).isZero();
    return outcome.rows();
  }

  private static String schema() {
    return "thrift_" + UUID.randomUUID().toString().substring(0, 8);
  }

  @Test
  void changesAndReadsATable(Tarn tarn) {
    String table = schema() + ".things";
    String in = table.substring(0, table.indexOf('.'));

    List<List<String>> rows =
        run(
            client(tarn, ";ConnCatalog=main"),
            "update CREATE SCHEMA " + in,
            "update CREATE TABLE " + table + " (id INT NOT NULL COMMENT 'the id', name STRING)",
            "update INSERT INTO " + table + " VALUES (1, 'a'), (2, 'b'), (3, null)",
            "update UPDATE " + table + " SET name = 'z' WHERE id > 1",
            "update DELETE FROM " + table + " WHERE id = 2",
            "query SELECT * FROM " + table + " ORDER BY id",
            "query SELECT * FROM " + table + " WHERE false",
            "columns main " + in + " things",
            "tables main " + in,
            "schemas main",
            "keys main " + in + " things",
            "functions main");

    assertThat(rows.get(0)).containsExactly("0");
    assertThat(rows.get(3)).containsExactly("2");
    assertThat(rows.get(4)).containsExactly("1");
    assertThat(rows.subList(5, 7)).containsExactly(List.of("1", "a"), List.of("3", "z"));
    assertThat(rows.get(7).subList(0, 7))
        .containsExactly("main", in, "things", "id", "4", "INT", "10");
    assertThat(rows.get(7)).contains("the id", "NO");
    assertThat(rows.get(8).subList(0, 6))
        .containsExactly("main", in, "things", "name", "12", "STRING");
    assertThat(rows.get(9).subList(0, 4)).containsExactly("main", in, "things", "TABLE");
    assertThat(rows.subList(10, rows.size()))
        .contains(List.of(in, "main"), List.of("default", "main"));
  }

  @ParameterizedTest
  @ValueSource(strings = {LINKS, ";UseThriftClient=0"})
  void sendsParametersOfEveryType(String properties, Tarn tarn) {
    assertThat(run(client(tarn, properties), "parameters"))
        .containsExactly(
            java.util.Arrays.asList(
                "-128",
                "-32768",
                "-2147483648",
                "-9223372036854775808",
                "1.5",
                "3.141592653589793",
                "-12345678901234567890.123456789",
                "true",
                "it's \"ä\" \u20ac",
                "2024-02-29",
                "2024-02-29 01:02:03.456789",
                null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ";UseThriftClient=0"})
  void tellsOfKeys(String properties, Tarn tarn) {
    String in = schema();
    List<List<String>> rows =
        run(
            client(tarn, properties + ";ConnCatalog=main"),
            "update CREATE SCHEMA " + in,
            "update CREATE TABLE " + in + ".p (a INT, b INT, CONSTRAINT p_key PRIMARY KEY (b, a))",
            "update CREATE TABLE "
                + in
                + ".c (x INT, y INT, CONSTRAINT refers FOREIGN KEY (x, y) REFERENCES "
                + in
                + ".p)",
            "keys main " + in + " p",
            "keys main " + in + " c");
    List<List<String>> keys = rows.subList(3, rows.size());
    assertThat(keys).hasSize(4);
    assertThat(keys.subList(0, 2))
        .containsExactlyInAnyOrder(
            List.of("main", in, "p", "b", "1", "p_key"),
            List.of("main", in, "p", "a", "2", "p_key"));
    assertThat(keys.get(2).subList(0, 9))
        .containsExactly("main", in, "p", "b", "main", in, "c", "x", "1");
    assertThat(keys.get(3).subList(0, 9))
        .containsExactly("main", in, "p", "a", "main", in, "c", "y", "2");
    assertThat(keys.get(3)).contains("refers", "p_key");
  }

  @Test
  void runsBatches(Tarn tarn) {
    String in = schema();
    List<List<String>> rows =
        run(
            client(tarn, ";ConnCatalog=main"),
            "update CREATE SCHEMA " + in,
            "update CREATE TABLE " + in + ".t (x STRING)",
            "batch INSERT INTO " + in + ".t VALUES (?)\ta\tb\tc",
            "query SELECT x FROM " + in + ".t ORDER BY x");

    assertThat(rows.subList(rows.size() - 3, rows.size()))
        .containsExactly(List.of("a"), List.of("b"), List.of("c"));
  }

  @Test
  void tellsWhatIsWrongAndGoesOn(Tarn tarn) {
    List<List<String>> rows =
        run(
            client(tarn, ""),
            "refused SELECT * FROM nope",
            "refused SELEC 1",
            "refused SELECT 1 / 0",
            "query SELECT 1");

    assertThat(rows.get(0).get(0)).isEqualTo("42P01");
    assertThat(rows.get(0).get(1)).contains("nope");
    assertThat(rows.get(1).get(0)).isEqualTo("42601");
    assertThat(rows.get(2).get(0)).isEqualTo("22012");
    assertThat(rows.get(3)).containsExactly("1");
  }

  @Test
  void cancelsFromAnotherThreadAndKeepsToTimeLimits(Tarn tarn) {
    String endless = " SELECT count(*) FROM range(1000000000000) a CROSS JOIN range(1000000) b";
    List<List<String>> rows =
        run(client(tarn, ""), "cancelled" + endless, "limited" + endless, "query SELECT 2");

    assertThat(rows.get(0).get(0)).isEqualTo("HY008");
    assertThat(rows.get(1).get(2)).isEqualTo("timeout");
    assertThat(rows.get(2)).containsExactly("2");
  }

  @ParameterizedTest
  @ValueSource(strings = {LINKS, INLINE, INLINE + ";EnableDirectResults=0"})
  void readsAMillionRows(String properties, Tarn tarn) {
    assertThat(
            run(
                client(tarn, properties),
                "sum SELECT id, cast(id AS STRING) s, id / 7 d, array(id) a FROM range("
                    + MANY
                    + ")"))
        .containsExactly(List.of(Long.toString(MANY), Long.toString(MANY * (MANY - 1) / 2)));
  }

  @ParameterizedTest
  @ValueSource(strings = {LINKS, INLINE})
  void readsEveryType(String properties, Tarn tarn) {
    assertThat(
            run(
                    client(tarn, properties),
                    "query SELECT 1, 'x', CAST(1.5 AS DECIMAL(38, 2)), DATE'0001-01-01',"
                        + " TIMESTAMP'2020-01-02 03:04:05.678901', array(1, null), map('a', 1),"
                        + " named_struct('x', 1), null, X'01ff', INTERVAL '1-2' YEAR TO MONTH,"
                        + " INTERVAL '1 02:03:04.5' DAY TO SECOND, true, 1Y, 2S, 3L, 1.5F, 2.5D,"
                        + " TIMESTAMP_NTZ'2020-01-02 03:04:05', parse_json('{\"a\":[1]}')")
                .get(0))
        .containsExactly(
            "1",
            "x",
            "1.50",
            "0001-01-01",
            "2020-01-02 03:04:05.678901",
            "[1,null]",
            "{\"a\":1}",
            "{\"x\":1}",
            null,
            "01ff",
            "1-2",
            "1 02:03:04.500000000",
            "true",
            "1",
            "2",
            "3",
            "1.5",
            "2.5",
            "2020-01-02 03:04:05.0",
            "{\"a\":[1]}");
  }
}
