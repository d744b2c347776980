package dev.tarn.engine.translation;

import static dev.tarn.engine.translation.Lines.equal;

import org.junit.jupiter.api.Test;

/** Casts, and functions of strings and times, against Catalyst over {@link Edges}. */
class TextAndTimeTest {
  @Test
  void casts() throws Exception {
    equal(
        "UTC",
        """
        CAST(t AS INT)
        CAST(i AS BIGINT)
        CAST(l AS INT)
        CAST(i AS TINYINT)
        CAST(l AS DOUBLE)
        CAST(l AS FLOAT)
        CAST(i AS DECIMAL(5,2))
        CAST(l AS DECIMAL(38,10))
        CAST(i AS STRING)
        CAST(l AS STRING)
        CAST(p AS DECIMAL(10,1))
        CAST(r AS DECIMAL(20,3))
        CAST(q AS DECIMAL(5,2))
        CAST(w AS DECIMAL(3,1))
        CAST(p AS INT)
        CAST(q AS BIGINT)
        CAST(r AS INT)
        CAST(q AS TINYINT)
        CAST(p AS DOUBLE)
        CAST(q AS DOUBLE)
        CAST(r AS DOUBLE)
        CAST(r AS FLOAT)
        CAST(d AS INT)
        CAST(d AS BIGINT)
        CAST(f AS INT)
        CAST(f AS BIGINT)
        CAST(d AS TINYINT)
        CAST(f AS DOUBLE)
        CAST(dt AS TIMESTAMP_NTZ)
        CAST(s AS INT)
        CAST(s AS BIGINT)
        CAST(s AS TINYINT)
        CAST(s AS DOUBLE)
        CAST(s AS FLOAT)
        CAST(s AS DECIMAL(10,2))
        CAST(s AS DECIMAL(38,10))
        CAST(s AS DATE)
        CAST(s AS TIMESTAMP)
        CAST(s AS TIMESTAMP_NTZ)
        CAST(s AS BOOLEAN)
        CAST(s AS BINARY)
        to_date(s)
        CAST(b AS STRING)
        CAST(b AS INT)
        CAST(b AS DECIMAL(5,2))
        CAST(b AS DOUBLE)
        CAST(i AS BOOLEAN)
        CAST(d AS BOOLEAN)
        CAST(p AS BOOLEAN)
        CAST(p AS STRING)
        CAST(q AS STRING)
        CAST(r AS STRING)
        CAST(w AS STRING)
        CAST(d AS FLOAT)
        CAST(d AS STRING)
        CAST(e AS STRING)
        CAST(d AS DECIMAL(10,2))
        CAST(e AS DECIMAL(20,1))
        CAST(d AS DECIMAL(3,0))
        CAST(dt AS STRING)
        CAST(CAST(dt AS STRING) AS DATE)
        """);
  }

  private static final String TIMES =
      """
      CAST(ts AS STRING)
      CAST(n AS STRING)
      CAST(ts AS DATE)
      CAST(n AS DATE)
      CAST(ts AS TIMESTAMP_NTZ)
      CAST(n AS TIMESTAMP)
      CAST(dt AS TIMESTAMP)
      CAST(ts AS BIGINT)
      CAST(i AS TIMESTAMP)
      CAST(l AS TIMESTAMP)
      CAST(CAST(n AS STRING) AS TIMESTAMP)
      hour(ts)
      minute(ts)
      second(ts)
      extract(SECOND FROM ts)
      extract(SECOND FROM n)
      hour(n)
      year(ts)
      dayofweek(ts)
      date_trunc('YEAR', ts)
      date_trunc('quarter', ts)
      date_trunc('MONTH', ts)
      date_trunc('WEEK', ts)
      date_trunc('DAY', ts)
      date_trunc('HOUR', ts)
      date_trunc('MINUTE', ts)
      date_trunc('SECOND', ts)
      date_trunc('MILLISECOND', ts)
      date_trunc('DAY', dt)
      unix_seconds(ts)
      unix_millis(ts)
      unix_micros(ts)
      timestamp_seconds(i)
      timestamp_millis(l)
      timestamp_micros(l)
      ts + INTERVAL '1' MONTH
      ts - INTERVAL '1' YEAR
      ts + INTERVAL '1' DAY
      ts + INTERVAL '90' MINUTE
      n + INTERVAL '1 02:03:04' DAY TO SECOND
      n + INTERVAL '5' MONTH
      timestampadd(HOUR, j, ts)
      timestampadd(SECOND, i, ts)
      timestampadd(DAY, j, ts)
      timestampadd(WEEK, j, ts)
      timestampadd(MONTH, j, ts)
      timestampadd(YEAR, j, n)
      timestampadd(QUARTER, t, dt)
      timestampdiff(HOUR, ts, tz)
      timestampdiff(DAY, ts, tz)
      timestampdiff(WEEK, dt, du)
      timestampdiff(MONTH, ts, tz)
      timestampdiff(QUARTER, dt, du)
      timestampdiff(YEAR, dt, ts)
      unix_timestamp(ts)
      to_unix_timestamp(ts)
      from_unixtime(i)
      from_unixtime(i, 'yyyy-MM-dd')
      ts - tz > INTERVAL '1' DAY
      date_format(ts, 'yyyy-MM-dd HH:mm:ss')
      date_format(ts, 'yyyy-MM')
      date_format(dt, 'MMM d, yyyy')
      date_format(ts, 'EEEE dd MMMM yy hh:mm a')
      date_format(ts, 'EEE D DDD HH:mm:ss.SSS')
      to_date(date_format(dt, 'yyyyMMdd'), 'yyyyMMdd')
      to_timestamp(s, 'yyyy-MM-dd')
      to_timestamp(date_format(n, 'yyyy-MM-dd HH:mm:ss'), 'yyyy-MM-dd HH:mm:ss')
      """;

  @Test
  void timesInUtc() throws Exception {
    equal("UTC", TIMES);
  }

  @Test
  void timesInNewYork() throws Exception {
    equal("America/New_York", TIMES);
  }

  @Test
  void timesInKathmandu() throws Exception {
    equal("Asia/Kathmandu", TIMES);
  }

  @Test
  void patterns() throws Exception {
    equal(
        "UTC",
        """
        s LIKE ANY ('a%', '%b')
        s LIKE ALL ('a%', '%c')
        s NOT LIKE ANY ('a%', '%b')
        s NOT LIKE ALL ('a%', '%b')
        s ILIKE 'A%'
        s RLIKE 'b'
        regexp_replace(s, '[aeiou]', '*')
        regexp_replace(s, '(abc)+', 'x')
        regexp_replace(s, '[^a-zA-Z0-9]', '')
        regexp_replace(s, '^a', 'b')
        regexp_extract(s, '([a-z]+)([A-Z0-9]?)', 1)
        regexp_extract(s, '([0-9]+)-([0-9]+)', 2)
        regexp_extract(s, 'a(b)?', 1)
        regexp_extract(s, '.b', 0)
        split(s, ',')
        split(s, ',')[1]
        size(split(s, ' '))
        split(s, '\\\\.')
        s RLIKE '^a'
        s RLIKE 'b$'
        s RLIKE 'a.b'
        s RLIKE '^[0-9]+$'
        s RLIKE '[^a-z]'
        s RLIKE '(abc)+'
        s RLIKE 'a|X'
        s RLIKE '^.?$'
        s RLIKE '\\\\d{2,}'
        s RLIKE '.'
        """);
  }

  @Test
  void strings() throws Exception {
    equal(
        "UTC",
        """
        s LIKE 'a%'
        s LIKE '%b%'
        s LIKE 'a_b'
        s LIKE 'a\\\\_b'
        s LIKE 'a\\\\%%'
        s LIKE 'a|%b' ESCAPE '|'
        s LIKE '_'
        s LIKE ''
        s NOT LIKE '%a%'
        s || u
        concat(s, '-', u)
        substring(s, 1, 2)
        substring(s, 2)
        substring(s, 0, 2)
        substring(s, -2, 1)
        substring(s, -10, 9)
        substring(s, j, 3)
        substring(s, 2, j)
        substring(s, i, i)
        upper(s)
        lower(s)
        length(s)
        startswith(s, u)
        endswith(s, u)
        contains(s, u)
        startswith(s, 'a')
        trim(s)
        ltrim(s)
        rtrim(s)
        trim(BOTH 'ab' FROM s)
        trim(LEADING 'aH' FROM s)
        trim(TRAILING u FROM s)
        replace(s, 'a', 'xy')
        replace(s, u, v)
        replace(s, 'b')
        instr(s, 'b')
        instr(s, u)
        locate('c', s)
        position('c' IN s)
        lpad(s, 5, '*')
        rpad(s, 5, 'xy')
        lpad(s, j, '*')
        lpad(s, 3, u)
        rpad(s, 3)
        repeat(s, j)
        space(j)
        reverse(s)
        translate(s, 'abc', 'xy')
        translate(s, u, v)
        concat_ws('-', s, u)
        concat_ws(u, s, v)
        split_part(s, ',', 2)
        split_part(s, 'a', -1)
        octet_length(s)
        bit_length(s)
        ascii(s)
        chr(i)
        md5(s)
        sha1(s)
        sha(u)
        sha2(s, 256)
        hex(s)
        left(s, 2)
        right(s, 2)
        left(s, j)
        right(s, j)
        char_length(s)
        """);
  }

  @Test
  void dates() throws Exception {
    equal(
        "UTC",
        """
        year(dt)
        extract(YEAR FROM dt)
        quarter(dt)
        month(dt)
        day(dt)
        dayofyear(dt)
        date_add(dt, j)
        date_sub(dt, j)
        dt + 1
        datediff(dt, du)
        add_months(dt, j)
        dt + INTERVAL '1' YEAR
        dt - INTERVAL '3' MONTH
        months_between(dt, du)
        months_between(ts, tz)
        dayofweek(dt)
        weekday(dt)
        weekofyear(dt)
        extract(WEEK FROM dt)
        extract(YEAROFWEEK FROM dt)
        extract(DAYOFWEEK_ISO FROM dt)
        last_day(dt)
        unix_date(dt)
        date_from_unix_date(j)
        make_date(i, j, t)
        make_date(2020 + j, 2, 29)
        trunc(dt, 'YEAR')
        trunc(dt, 'MM')
        trunc(dt, 'quarter')
        trunc(dt, 'WEEK')
        dt - du > INTERVAL '10' DAY
        dt + CAST(j AS INT)
        """);
  }
}
