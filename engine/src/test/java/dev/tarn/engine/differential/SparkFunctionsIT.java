package dev.tarn.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.SessionDefaults;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries that DuckDB runs although it does not have all of their functions. */
class SparkFunctionsIT {
  private static NativeAndSpark both;

  @BeforeAll
  static void tables() {
    EngineUnderTest tarn = EngineUnderTest.get();
    tarn.sql("CREATE SCHEMA main.functions");
    tarn.sql(
        "CREATE TABLE main.functions.facts AS SELECT id, CAST(id % 9 AS INT) AS g,"
            + " CASE WHEN id % 13 = 0 THEN NULL ELSE concat('näme ', id % 17, ' of ', id % 3) END AS s,"
            + " CASE WHEN id % 7 = 0 THEN NULL ELSE (id - 500) * 0.37D END AS d,"
            + " CAST((id - 300) * 1.25 AS DECIMAL(12,2)) AS p, CAST(id * 0.1 AS FLOAT) AS f,"
            + " DATE'2020-01-30' + CAST(id % 400 AS INT) AS day,"
            + " TIMESTAMP'2024-03-09 22:00:00' + make_interval(0,0,0,0,0,id % 97) AS at,"
            + " TIMESTAMP_NTZ'2024-03-09 22:00:00' + make_interval(0,0,0,0,0,id % 83) AS local,"
            + " concat('{\"a\":{\"b\":', id, ',\"t\":\"x', id % 5, '\"}}') AS json,"
            + " array(id % 3, id % 5, NULL) AS list, map('k', id, 'l', id % 4) AS entries,"
            + " named_struct('x', id % 6, 'y', concat('y', id % 2), 'z', array(id * 0.5D)) AS struct,"
            + " CAST(concat('b', id) AS BINARY) AS bytes FROM range(1200)");
    tarn.sql(
        "CREATE TABLE main.functions.pairs AS SELECT * FROM VALUES (0, 'a', 1.0D), (1, 'b', 2.0D),"
            + " (1, NULL, NULL), (NULL, 'a', 4.0D), (2, 'c', -0.5D) AS t(x, y, z)");
    tarn.sql("CREATE TABLE main.functions.padded (c CHAR(5), v VARCHAR(5))");
    tarn.sql("INSERT INTO main.functions.padded VALUES ('a', 'a'), ('abcde', 'a '), (NULL, NULL)");
    both =
        new NativeAndSpark(
            settings ->
                tarn.engine.openSession(
                    EngineUnderTest.ADMIN,
                    new SessionDefaults(Optional.of("main"), Optional.of("functions"), settings)));
  }

  @AfterAll
  static void close() {
    both.close();
  }

  private static void natively(String query) {
    assertThat(both.compare(query)).as("difference").isEmpty();
    assertThat(both.refusal()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id, initcap(s), upper(s), exp(d / 100), xxhash64(s, id), CAST(d AS STRING) FROM facts",
        "SELECT id, get_json_object(json, '$.a.b'), from_json(json, 'a STRUCT<b: INT, t: STRING>') FROM"
            + " facts",
        "SELECT initcap(s) AS n, count(*), max(initcap(s)) FROM facts GROUP BY initcap(s) ORDER BY n",
        "SELECT id, array_distinct(list), array_union(list, array(7)), map_entries(entries),"
            + " map_keys(entries), struct FROM facts WHERE array_max(list) > 1 ORDER BY id",
        "SELECT id, transform(list, x -> hash(x)), to_json(struct), to_json(entries), size(list) FROM"
            + " facts",
        "SELECT explode(split(s, '[ ä]+')) AS w, id FROM facts WHERE id < 50 ORDER BY id, w",
        "SELECT a.id, b.id FROM facts a JOIN facts b ON soundex(a.s) = soundex(b.s) AND a.id = b.id + 1",
        "SELECT id FROM facts WHERE s RLIKE '(?i)NÄME\\\\s+1\\\\b' ORDER BY soundex(s), id",
        "SELECT id, date_format(at, 'EEEE, d MMMM y'), date_format(day, 'Q'), md5(bytes), base64(bytes)"
            + " FROM facts",
        "SELECT id, row_number() OVER (PARTITION BY soundex(s) ORDER BY exp(d), id) FROM facts",
        "SELECT id, try_cast(s AS INT), try_divide(id, g), coalesce(try_to_number(s, '999'), 0) FROM"
            + " facts",
        "SELECT id, CASE WHEN g = 0 THEN initcap(s) WHEN g = 1 THEN reverse(s) ELSE s END FROM facts",
        "SELECT c, v, length(c), c = v, initcap(c) FROM padded",
        "SELECT bytes, unhex(hex(bytes)), crc32(bytes), sha2(bytes, 384) FROM facts",
        "SELECT f, CAST(f AS STRING), cbrt(f), p, format_number(p, 1), -p FROM facts",
        "SELECT struct.x, inline FROM facts LATERAL VIEW explode(array_sort(list)) t AS inline WHERE id < 9",
        "SELECT (SELECT max(initcap(s)) FROM facts b WHERE b.g = a.x) m, x FROM pairs a ORDER BY x",
        "SELECT add_months(day, g), months_between(at, day), next_day(day, 'TU') FROM facts",
        "SELECT parse_json(json):a.t::string, try_parse_json(s):x::int FROM facts",
        "SELECT sequence(1, g), arrays_zip(list, array(g)), flatten(array(list, list)), slice(list, 1, 2)"
            + " FROM facts",
        "SELECT sort_array(list), zip_with(list, list, (a, b) -> a + b), shiftleft(g, 3), bin(id) FROM"
            + " facts",
        "SELECT element_at(transform(list, x -> named_struct('n', x, 'u', upper(s))), 1) FROM facts"
      })
  void sparkEvaluatesWhatHasNoTranslation(String query) {
    natively(query);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT g, approx_count_distinct(s), approx_count_distinct(d) FROM facts GROUP BY g ORDER BY g",
        "SELECT percentile_approx(d, 0.5), approx_percentile(p, array(0.1, 0.9), 5000) FROM facts",
        "SELECT g, percentile(d, array(0.25, 0.5)), percentile_disc(0.3) WITHIN GROUP (ORDER BY d),"
            + " median(p) FROM facts GROUP BY g ORDER BY g",
        "SELECT percentile(d, 0.5, g) FROM facts",
        "SELECT g, mode(s, true), skewness(exp(d / 200)), kurtosis(d) FROM facts GROUP BY g ORDER BY g",
        "SELECT regr_slope(d, id), regr_r2(d, id), regr_count(d, id) FROM facts",
        "SELECT g, max_by(s, id), min_by(s, id), max_by(id, d), min_by(d, p) FROM facts GROUP BY g"
            + " ORDER BY g",
        "SELECT max_by(y, z), min_by(x, z), max_by(x, CAST(NULL AS INT)) FROM pairs",
        "SELECT g, sort_array(collect_list(s)), sort_array(collect_set(day)) FROM facts GROUP BY g ORDER"
            + " BY g",
        "SELECT id, collect_list(id) OVER (PARTITION BY g ORDER BY id ROWS BETWEEN 2 PRECEDING AND"
            + " CURRENT ROW) FROM facts",
        "SELECT first(g), any_value(g), last(g) FROM facts WHERE g = 3",
        "SELECT first(y, true), any_value(z, true), last(y, true) FROM pairs WHERE x = 1",
        "SELECT approx_count_distinct(s) FILTER (WHERE g > 3), mode(g) FILTER (WHERE g = 5) FROM facts",
        "SELECT approx_count_distinct(s), mode(s), max_by(s, d), collect_list(s) FROM facts WHERE false",
        "SELECT bitmap_count(bitmap_construct_agg(bitmap_bit_position(id))) FROM facts",
        "SELECT g, listagg(CAST(g AS STRING), ',') FROM facts WHERE id < 30 GROUP BY g ORDER BY g",
        "SELECT try_avg(p), try_sum(id), bool_and(g < 100), count_min_sketch(g, 0.5D, 0.5D, 1) FROM facts"
      })
  void aggregates(String query) {
    natively(query);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM (SELECT g, id % 4 AS q, p FROM facts) PIVOT (sum(p) FOR q IN (0, 1, 2 AS two))"
            + " ORDER BY g",
        "SELECT * FROM (SELECT g, s, p, id FROM facts) PIVOT (sum(p) AS a, max(id) AS b FOR s IN ('x',"
            + " 'näme 1 of 1', NULL)) ORDER BY g",
        "SELECT * FROM (SELECT g, id % 4 AS q, p FROM facts) PIVOT (avg(p), count(*) FOR (g, q) IN ((1,"
            + " 2), (3, 0)))",
        "SELECT * FROM pairs WHERE (x, y) IN (SELECT x, y FROM pairs WHERE x < 2)",
        "SELECT * FROM pairs WHERE (x, y) NOT IN (SELECT x, y FROM pairs WHERE z = 1.0D)",
        "SELECT * FROM pairs WHERE (x, y) NOT IN (SELECT x, y FROM pairs)",
        "SELECT * FROM facts WHERE (g, id) IN (SELECT x, id FROM pairs p WHERE p.x = facts.g) AND id > 5",
        "SELECT id, count(*) OVER (ORDER BY at RANGE BETWEEN INTERVAL '3' MINUTE PRECEDING AND CURRENT"
            + " ROW), sum(id) OVER (PARTITION BY g ORDER BY local DESC RANGE BETWEEN INTERVAL '900'"
            + " SECOND PRECEDING AND INTERVAL '90' SECOND FOLLOWING) FROM facts",
        "SELECT id, min(id) OVER (ORDER BY day RANGE BETWEEN INTERVAL '1' MONTH PRECEDING AND INTERVAL"
            + " '2' MONTH FOLLOWING) FROM facts",
        "SELECT id, a, b FROM facts LATERAL VIEW json_tuple(json, 'a', 'b') AS a, b ORDER BY id",
        "SELECT id, u, v FROM facts LATERAL VIEW stack(2, s, id, upper(s), CAST(g AS BIGINT)) AS u, v WHERE id < 20",
        "SELECT id, pos, k, v FROM facts LATERAL VIEW posexplode(entries) AS pos, k, v WHERE id < 20",
        "SELECT id, e FROM facts LATERAL VIEW OUTER explode(filter(list, x -> x > 3)) AS e",
        "SELECT * FROM stack(2, 1, 'a', 2, 'b')",
        "SELECT x, n FROM pairs, LATERAL (SELECT count(*) AS n FROM facts WHERE g = x) ORDER BY x",
        "SELECT x, id FROM pairs LEFT JOIN LATERAL (SELECT id FROM facts WHERE g = x ORDER BY id LIMIT 2)"
            + " ORDER BY x, id"
      })
  void plans(String query) {
    natively(query);
  }

  /** Each thread evaluates with a copy: lambda variables and patterns are an expression's own. */
  @Test
  void severalThreadsDoNotDisturbEachOther() {
    EngineUnderTest.get()
        .sql(
            "CREATE TABLE main.functions.many AS SELECT id, concat('a', id % 1000, 'b', id) AS s FROM"
                + " range(0, 600000, 1, 8)");
    natively(
        "SELECT count(*), bit_xor(xxhash64(regexp_replace(s, concat('[', id % 10, 'b]+'), '<$0>'))),"
            + " sum(hash(transform(array(id, id % 7), x -> x * length(s)))),"
            + " bit_xor(xxhash64(initcap(s), CAST(CAST(id AS DOUBLE) / 7 AS STRING))) FROM many");
  }

  @Test
  void anyTextCrosses() {
    natively(
        "SELECT id, initcap(concat(s, chr(0), 'x')), transform(array(s, 'y'), x -> concat('\\u0000', initcap(x))),"
            + " to_json(named_struct('a', '\"\\\\\n\u2028')), reverse(concat('😀', s)) FROM facts");
  }

  /** The error is Spark's, and the statement is not answered where Spark fails. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT from_json(s, 'a INT', map('mode', 'FAILFAST')) FROM facts",
        "SELECT make_date(g, 13, 1) FROM facts",
        "SELECT CAST(s AS INT) FROM facts",
        "SELECT element_at(list, 9) FROM facts",
        "SELECT to_date(s, 'yyyy') FROM facts",
        "SELECT regexp_replace(s, concat('(', g), 'x') FROM facts"
      })
  void failuresAreSparks(String query) {
    assertThat(both.compare(query)).as("difference").isEmpty();
    assertThat(both.refusal()).contains("failed");
  }

  @Test
  void rowsInTheOrderOfASubqueryAreLeftToSpark() {
    assertThat(both.compare("SELECT first(s) FROM (SELECT s FROM facts ORDER BY id DESC)"))
        .isEmpty();
    assertThat(both.refusal()).isPresent();
  }

  /** Whose answers depend on how Spark has split the rows, or that would collect too many. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT approx_percentile(p, array(0.1, 0.9), 50) FROM facts",
        "SELECT approx_count_distinct(id) FROM range(3000000)",
        "SELECT histogram_numeric(d, 4) FROM facts WHERE id < 3"
      })
  void coarseSketchesAreLeftToSpark(String query) {
    assertThat(both.compare(query)).isEmpty();
    assertThat(both.refusal()).isPresent();
  }
}
