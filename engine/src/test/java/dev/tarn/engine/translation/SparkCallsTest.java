package dev.tarn.engine.translation;

import static dev.tarn.engine.translation.Lines.equalThroughSpark;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What DuckDB leaves to Spark, row by row. */
class SparkCallsTest {
  @Test
  void numbers() throws Exception {
    equalThroughSpark(
        "UTC",
        """
        exp(d)
        ln(d)
        log10(e)
        log2(d)
        log(e, d)
        pow(d, e)
        sin(d)
        atan2(d, e)
        cbrt(d)
        hypot(d, e)
        expm1(f)
        degrees(e)
        bround(d, 1)
        round(f, 1)
        round(d, -2)
        shiftleft(i, j)
        i << j
        factorial(t)
        conv(s, 16, 10)
        bin(l)
        hex(l)
        width_bucket(e, 0, 10, 5)
        pmod(d, e)
        pmod(p, q)
        try_divide(i, j)
        try_add(l, i)
        try_multiply(p, r)
        try_cast(s AS INT)
        try_cast(s AS DATE)
        CAST(d AS STRING)
        CAST(f AS STRING)
        to_char(q, '999,999,999,999,999.99')
        format_number(q, 2)
        -r
        q % CAST(0.5 AS DECIMAL(38,28))
        hash(i, s, d)
        hash(p, dt, ts)
        xxhash64(s, l, b)
        crc32(CAST(s AS BINARY))
        """);
  }

  @Test
  void strings() throws Exception {
    equalThroughSpark(
        "UTC",
        """
        initcap(s)
        upper(s)
        lower(concat(s, u))
        reverse(s)
        soundex(s)
        levenshtein(s, u)
        s LIKE u
        s RLIKE '(?i)a'
        s RLIKE 'a++'
        s RLIKE u
        regexp_replace(s, '(\\\\w)(\\\\w)', '$2$1')
        regexp_extract(s, '(?<x>[a-z]+)', 1)
        regexp_count(s, '[a-c]')
        regexp_instr(s, 'b')
        s COLLATE UNICODE_CI = 'A'
        contains(s COLLATE UTF8_LCASE, 'WORLD')
        sha2(s, 512)
        base64(CAST(s AS BINARY))
        unhex(hex(s))
        decode(encode(s, 'UTF-16'), 'UTF-16')
        chr(i)
        overlay(s PLACING '_' FROM 3)
        substring_index(s, 'a', 1)
        locate('a', s, 2)
        find_in_set(s, 'a,b,abc')
        split_part(s, u, 1)
        size(split(s, u))
        size(split(s, '[a-c]', 2))
        get_json_object(concat('{"a":{"b":"', replace(replace(s, '\\\\', ''), '\\n', ''), '"}}'), '$.a.b')
        from_json(concat('{"a":', j, '}'), 'a INT').a
        to_json(named_struct('a', s, 'b', i, 'c', array(d, e)))
        to_csv(named_struct('a', s, 'b', i))
        from_csv(concat(j, ',', i), 'x INT, y INT').y
        json_array_length(concat('[', i, ',', j, ']'))
        url_encode(s)
        parse_url(concat('http://x/', url_encode(s), '?q=', i), 'QUERY', 'q')
        format_string('%05d|%s|%x', i, s, l)
        mask(s)
        encode(s, 'UTF-8')
        try_to_number(s, '999')
        array_join(array_distinct(array(s, u, v)), '|')
        array_join(transform(array(s, u), x -> initcap(x)), '-', 'none')
        aggregate(array(i, j, t), 0L, (acc, x) -> acc + x)
        array_contains(array_union(array(i), array(j)), 7)
        size(array_intersect(array(i, j), array(j, t)))
        map_from_arrays(array('a', 'b'), array(i, j))['b']
        cardinality(map_filter(map('a', i, 'b', j), (k, x) -> x > 0))
        array(i) = array(j)
        named_struct('a', i) < named_struct('a', j)
        luhn_check(s)
        is_valid_utf8(s)
        translate(initcap(s), 'A', u)
        """);
  }

  @Test
  void times() throws Exception {
    String lines =
        """
        date_format(ts, 'Q yyyy G')
        date_format(dt, "EEEE d MMMM ''yy")
        to_timestamp(date_format(tz, 'dd/MM/yyyy HH:mm'), 'dd/MM/yyyy HH:mm')
        try_to_timestamp(s, 'yyyy-MM-dd')
        to_date(s, 'yyyy-M-d')
        from_unixtime(i, 'yyyy-DDD')
        unix_timestamp(date_format(du, 'yy/MM/dd'), 'yy/MM/dd')
        months_between(dt, du, false)
        next_day(dt, 'MON')
        next_day(du, substring('MOTUWE', pmod(i, 3) * 2 + 1, 2))
        from_utc_timestamp(ts, 'Asia/Tokyo')
        to_utc_timestamp(tz, 'America/Los_Angeles')
        convert_timezone('Europe/Paris', 'Asia/Kolkata', n)
        make_timestamp(year(ts), 1, 2, 3, 4, 5.678)
        ts + make_interval(0, j, 0, 0, 1)
        date_trunc(if(b, 'HOUR', 'WEEK'), ts)
        trunc(dt, if(b, 'YEAR', 'MM'))
        CAST(dt AS STRING)
        CAST(ts AS STRING)
        CAST(s AS TIMESTAMP)
        CAST(s AS DATE)
        date_format(n, 'HH:mm:ss.SSSSSS')
        extract(SECOND FROM (ts - tz))
        """;
    equalThroughSpark("UTC", lines);
    equalThroughSpark("America/New_York", lines);
  }

  /** One function for equal parts, and none around what DuckDB knows. */
  @Test
  void onlyWhatDuckDbDoesNotKnowIsLeftToSpark() throws Exception {
    try (Differential differential = new Differential("UTC", 10, 4).withSpark()) {
      String sql = translate(differential, "substring(initcap(concat(s, u)), 1, 2)");
      assertThat(sql).startsWith("substring(").contains("(\"s\" || \"u\")");
      assertThat(
              translate(differential, "concat(initcap(v), initcap(v), initcap(s))")
                  .replace(Residuals.NUMBER + ", ", ""))
          .containsPattern(
              "\\((\\d+), \"v\"\\) \\|\\| \\S+\\(\\1, \"v\"\\) \\|\\| \\S+\\(\\1, \"s\"\\)");
      assertThat(translate(differential, "i + length(s)")).doesNotContain("spark_");
    }
  }

  @Test
  void whatIsAnotherRowByRowIsRefused() throws Exception {
    try (Differential differential = new Differential("UTC", 1, 4).withSpark()) {
      for (String expression :
          List.of("rand()", "uuid()", "monotonically_increasing_id()", "current_timestamp()")) {
        assertThatThrownBy(() -> translate(differential, expression), expression)
            .isInstanceOf(Untranslatable.class);
      }
    }
  }

  private static String translate(Differential differential, String expression) {
    return differential.translate(differential.analyse(List.of(expression)).get(0));
  }
}
