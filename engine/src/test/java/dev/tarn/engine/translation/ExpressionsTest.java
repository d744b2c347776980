package dev.tarn.engine.translation;

import static dev.tarn.engine.translation.Lines.equal;
import static dev.tarn.engine.translation.Lines.refused;

import org.junit.jupiter.api.Test;

/** Conditions, numbers and nested values against Catalyst over {@link Edges}. */
class ExpressionsTest {
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
        -r
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
        try_add(i, j)
        try_divide(i, j)
        try_cast(s AS INT)
        q * l
        """);
  }

  /**
   * DuckDB moves a constant to the other side of a comparison, and asks only the operands whether
   * they are null.
   */
  @Test
  void overflowIsNotOptimisedAway() throws Exception {
    equal(
        "UTC",
        """
        i + 1 > 0
        i - 1 < 0
        1 <= j - 2147483646
        i * 3 > 0
        -i = 5
        l + 1 = l
        (i + 1) IS NULL
        (l * 2) IS NOT NULL
        abs(i) IS NULL
        coalesce(i - 10, 0) = 0
        """);
  }

  /** DuckDB goes through DOUBLE where two decimals have no common type. */
  @Test
  void remaindersOfDecimalsWithoutACommonTypeAreRefused() throws Exception {
    refused("q % CAST(0.5 AS DECIMAL(38,28))");
  }

  @Test
  void rounding() throws Exception {
    equal(
        "UTC",
        """
        round(d, 2)
        round(e, 2)
        round(e)
        round(d)
        round(p, 1)
        round(p)
        round(q, -2)
        round(r, 3)
        round(w, 2)
        round(i, 2)
        round(i, -1)
        round(l, -3)
        round(t, -1)
        ceil(d)
        floor(d)
        ceil(i)
        ceil(p)
        floor(p)
        ceil(r)
        floor(w)
        rint(d)
        rint(e)
        sqrt(d)
        sqrt(i)
        sign(d)
        sign(i)
        pmod(i, j)
        i & j
        l | j
        t ^ sm
        ~l
        ~t
        bit_count(i)
        bit_count(t)
        pmod(l, j)
        pmod(t, sm)
        """);
  }

  @Test
  void nested() throws Exception {
    equal(
        "UTC",
        """
        array(i, j)
        array(s, 'x', NULL)
        array(i, j)[0]
        array(i, j, t)[j]
        element_at(array(i, j), 1)
        element_at(array(i, j), -1)
        element_at(array(i, j, t), j)
        size(array(i, j))
        array_contains(array(i, j), 3)
        array_contains(array(1, 2), i)
        array_contains(array(d, e), CAST('NaN' AS DOUBLE))
        sort_array(array(i, j, 5))
        sort_array(array(s, u, v), false)
        sort_array(array(d, e, 0.5D))
        array_min(array(i, j))
        array_max(array(d, e))
        array_join(array(s, u, v), ',')
        named_struct('a', i, 'b', s)
        named_struct('a', i, 'b', s).b
        map('a', i, 'b', j)
        map('a', i, 'b', j)['a']
        map('a', i, 'b', j)[s]
        element_at(map('a', i, 'b', j), s)
        map_keys(map(i, s))
        map_values(map('x', s))
        size(map('x', s))
        transform(array(i, j, t), x -> x + 1)
        transform(array(s, u), x -> concat(x, v))
        filter(array(i, j, t), x -> x > 0)
        exists(array(i, j, t), x -> x = 7)
        size(filter(array(d, e), x -> isnan(x)))
        filter(transform(array(i, j), x -> x * 2L), y -> y > l)
        """);
  }

  @Test
  void whatIsNotProvenIsRefused() throws Exception {
    refused(
        """
        rand()
        s LIKE u
        s LIKE 'a\\\\b'
        CAST(f AS STRING)
        current_timestamp()
        array(1) = array(i)
        s RLIKE 'a++'
        s RLIKE '\\\\s'
        s RLIKE '(?i)a'
        round(f, 1)
        initcap(s)
        exp(d)
        date_format(ts, 'Q')
        array_distinct(array(i, j))
        s COLLATE UNICODE_CI = 'a'
        """);
  }
}
