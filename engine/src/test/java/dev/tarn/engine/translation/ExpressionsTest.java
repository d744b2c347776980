package dev.tarn.engine.translation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each line of {@link Functions} against Catalyst over {@link Edges}. */
class ExpressionsTest {
  /** Fails on values that differ, and on lines that never answer with a value. */
  private static void equal(String timeZone, String lines) throws Exception {
    List<String> wrong = new ArrayList<>();
    try (Differential differential = new Differential(timeZone, 90, 4)) {
      for (String expression : lines.strip().split("\n")) {
        try {
          Differential.Outcome outcome = differential.compare(expression.strip());
          if (!outcome.differences().isEmpty()) {
            wrong.add(
                expression
                    + " as "
                    + outcome.sql()
                    + ": "
                    + outcome.differences().size()
                    + " rows, such as "
                    + outcome.differences().get(0));
          } else if (outcome.answered() == 0) {
            wrong.add(expression + " as " + outcome.sql() + " answers nothing");
          }
        } catch (RuntimeException e) {
          wrong.add(expression + ": " + e);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static void refused(String lines) throws Exception {
    try (Differential differential = new Differential("UTC", 1, 4)) {
      for (String expression : lines.strip().split("\n")) {
        assertThatThrownBy(
                () -> differential.translate(differential.analyse(List.of(expression)).get(0)),
                expression)
            .isInstanceOf(Untranslatable.class);
      }
    }
  }

  @Test
  void columnsAndLiterals() throws Exception {
    equal(
        "America/New_York",
        """
        t
        sm
        i
        l
        f
        d
        p
        r
        w
        b
        s
        dt
        ts
        n
        'it''s'
        -5
        1.50BD
        1.5E3D
        CAST('NaN' AS DOUBLE)
        DATE '2020-02-29'
        TIMESTAMP '2024-11-03 01:30:00'
        TIMESTAMP_NTZ '2024-11-03 01:30:00.123'
        X'00FF41'
        DATE '1998-12-01' - INTERVAL '90' DAY
        coalesce(i, CAST(NULL AS INT), 5)
        array(1, NULL, 3)
        named_struct('a', 1, 'b', 'x')
        map('a', 1, 'b', NULL)
        array(CAST('2020-01-01' AS DATE))
        """);
  }

  @Test
  void conditions() throws Exception {
    equal(
        "UTC",
        """
        i = j
        i <=> j
        d = e
        d <=> d
        d < e
        d >= CAST('NaN' AS DOUBLE)
        f = d
        p < q
        p = w
        r > q
        s = u
        s < u
        s >= u
        s <=> u
        b = (i > 0)
        b AND i > 0
        b OR i > 0
        NOT b
        NOT (b AND (i > 0 OR j < 3))
        i IN (1, 2, NULL)
        i NOT IN (1, 7)
        s IN ('a', 'é', '')
        d IN (0.0D, CAST('NaN' AS DOUBLE))
        i BETWEEN -1 AND j
        i IS NULL
        s IS NOT NULL
        isnan(d)
        isnan(f)
        nanvl(d, e)
        if(b, i, j)
        CASE WHEN i > 0 THEN 'p' WHEN i < 0 THEN 'n' END
        CASE i WHEN 1 THEN 'one' WHEN 7 THEN 'seven' ELSE s END
        coalesce(s, u, 'none')
        nvl(i, j)
        nvl2(i, s, u)
        nullif(i, j)
        ifnull(d, e)
        greatest(i, j, 2)
        least(i, j, 2)
        greatest(d, e)
        least(d, e)
        greatest(s, u)
        least(dt, du)
        greatest(p, q)
        dt < du
        ts <= tz
        n = TIMESTAMP_NTZ '1970-01-01 00:00:00'
        """);
  }

  @Test
  void arithmetic() throws Exception {
    equal(
        "UTC",
        """
        i + j
        i - j
        i * j
        l + i
        l * l
        t + t
        sm * sm
        -i
        -l
        -t
        -d
        -p
        +i
        abs(i)
        abs(t)
        abs(d)
        abs(r)
        d + e
        d - e
        d * e
        d / e
        e / d
        f + f
        f * f
        i / j
        l / i
        i div j
        l div j
        t div t
        i % j
        l % j
        t % t
        d % e
        f % f
        p % q
        p + q
        p - q
        p * q
        q * (1 - p)
        q * (1 - w) * (1 + p)
        r + q
        r - r
        r * p
        r * r
        w * w
        p / q
        q / p
        q / 3
        p / w
        r / p
        r / q
        q / i
        l / q
        p + i
        q * l
        """);
  }

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
        """);
  }

  @Test
  void whatIsNotProvenIsRefused() throws Exception {
    refused(
        """
        rand()
        s LIKE u
        s LIKE 'a\\\\b'
        CAST(d AS STRING)
        current_timestamp()
        array(1) = array(i)
        try_add(i, j)
        """);
  }
}
