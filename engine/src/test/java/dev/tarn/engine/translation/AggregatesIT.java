package dev.tarn.engine.translation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineUnderTest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Window;
import org.apache.spark.sql.classic.Dataset$;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.Test;
import scala.Option;

/** Aggregates and window functions, as Spark runs them. */
class AggregatesIT {
  private static final double LAST_BITS = 1e-12;

  private final Catalyst catalyst = new Catalyst("UTC");
  private final Edges edges = new Edges(catalyst, 90, 4);
  private final LocalRelation relation =
      new LocalRelation(
          Catalyst.seq(edges.columns), Catalyst.seq(edges.rows), false, Option.empty());

  private SparkSession spark() {
    EngineUnderTest.get().sql("SELECT 1");
    return (SparkSession) org.apache.spark.sql.SparkSession.getDefaultSession().get();
  }

  private static Optional<LogicalPlan> find(LogicalPlan plan, Class<?> type) {
    if (type.isInstance(plan)) {
      return Optional.of(plan);
    }
    return plan.children().isEmpty() ? Optional.empty() : find(plan.children().apply(0), type);
  }

  private static Expression aliased(scala.collection.Iterable<?> named) {
    return Expressions.list(named).stream()
        .filter(Alias.class::isInstance)
        .map(e -> ((Alias) e).child())
        .findFirst()
        .orElseThrow();
  }

  private Optional<String> difference(
      SparkSession spark, Connection duck, String expression, String rest, Class<?> node)
      throws SQLException {
    LogicalPlan analysed =
        catalyst.analyse("SELECT " + expression + " AS x FROM edges " + rest, relation);
    QueryExecution query = Dataset$.MODULE$.ofRows(spark, analysed).queryExecution();
    LogicalPlan plan = find(analysed, node).orElseThrow();
    Expression e =
        aliased(
            plan instanceof Aggregate aggregate
                ? aggregate.aggregateExpressions()
                : ((Window) plan).windowExpressions());
    String sql = Differential.expressions("UTC").sql(e);
    List<Object> expected = new ArrayList<>();
    String failed = null;
    try {
      for (InternalRow row : query.executedPlan().executeCollect()) {
        expected.add(Differential.canonical(row.get(0, e.dataType()), e.dataType()));
      }
    } catch (Exception failure) {
      failed = failure.getMessage();
    }
    List<Object> actual = new ArrayList<>();
    try {
      actual.addAll(duck(duck, sql, rest, e.dataType()));
    } catch (SQLException failure) {
      return failed != null
          ? Optional.empty()
          : Optional.of(expression + " as " + sql + " fails: " + failure.getMessage());
    }
    if (failed == null && same(expected, actual)) {
      return Optional.empty();
    }
    return Optional.of(
        expression
            + " "
            + rest
            + " as "
            + sql
            + "\n   Spark "
            + (failed == null ? expected : failed)
            + "\n  DuckDB "
            + actual);
  }

  private static boolean same(List<Object> expected, List<Object> actual) {
    if (expected.size() != actual.size()) {
      return false;
    }
    for (int i = 0; i < expected.size(); i++) {
      if (!Differential.same(expected.get(i), actual.get(i))
          && !(expected.get(i) instanceof Double a
              && actual.get(i) instanceof Double b
              && Math.abs(a - b) <= LAST_BITS * Math.max(Math.abs(a), Math.abs(b)))) {
        return false;
      }
    }
    return true;
  }

  private static List<Object> duck(Connection duck, String sql, String rest, DataType type)
      throws SQLException {
    List<Object> values = new ArrayList<>();
    try (Statement statement = duck.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT typeof(x), x FROM (SELECT " + sql + " AS x FROM edges " + rest + ")")) {
      while (result.next()) {
        values.add(Differential.typed(result.getString(1), result.getObject(2), type));
      }
    }
    return values;
  }

  private void equal(String rest, Class<?> node, String lines) throws Exception {
    SparkSession spark = spark();
    List<String> wrong = new ArrayList<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
      try (Statement statement = duck.createStatement()) {
        statement.execute("SET TimeZone = 'UTC'");
        statement.execute(edges.create());
      }
      for (String line : lines.strip().split("\n")) {
        try {
          difference(spark, duck, line, rest, node).ifPresent(wrong::add);
        } catch (Untranslatable refused) {
          wrong.add(line + ": " + refused);
        }
      }
    }
    assertThat(String.join("\n", wrong)).isEmpty();
  }

  private static final String AGGREGATES =
      """
      count(*)
      count(1)
      count(i)
      count(i, s)
      count(DISTINCT i)
      count(DISTINCT s)
      count(DISTINCT d)
      count(DISTINCT i, b)
      count(DISTINCT s, d)
      count(*) FILTER (WHERE i > 0)
      sum(i)
      sum(t)
      sum(j)
      sum(DISTINCT i)
      sum(i) FILTER (WHERE j > 0)
      sum(i + 1)
      count(i + 1)
      sum(j + 1)
      count(j + 1)
      sum(l)
      sum(p)
      sum(DISTINCT p)
      sum(q)
      sum(r)
      sum(w)
      sum(e)
      sum(d)
      sum(f)
      avg(i)
      avg(t)
      avg(l)
      avg(e)
      avg(d)
      avg(f)
      avg(p)
      avg(DISTINCT p)
      avg(q)
      avg(w)
      avg(p * (1 - w))
      sum(p * (1 - w) * (1 + w))
      stddev(e)
      stddev_samp(i)
      stddev_pop(e)
      var_samp(j)
      variance(p)
      var_pop(e)
      corr(e, j)
      covar_samp(e, j)
      covar_pop(e, j)
      bit_and(i)
      bit_or(l)
      bit_xor(j)
      percentile(e, 0.3)
      percentile(i, 0.75)
      median(e)
      percentile_cont(0.25) WITHIN GROUP (ORDER BY e)
      sort_array(collect_set(i))
      sort_array(collect_list(s))
      sort_array(collect_set(s), false)
      sort_array(collect_list(e) FILTER (WHERE j > 0))
      try_sum(i)
      min(i)
      max(i)
      min(d)
      max(d)
      min(f)
      min(p)
      max(r)
      min(s)
      max(s)
      min(dt)
      max(ts)
      min(n)
      max(b)
      min(b)
      count_if(i > 0)
      bool_and(i > 0)
      bool_or(i > 0)
      every(b)
      some(b)
      sum(i) + count(*)
      sum(q) / count(*)
      sum(CASE WHEN b THEN q ELSE 0 END) / sum(q)
      """;

  @Test
  void ofAllRows() throws Exception {
    equal("", Aggregate.class, AGGREGATES);
  }

  @Test
  void ofGroups() throws Exception {
    equal("GROUP BY b ORDER BY b NULLS FIRST", Aggregate.class, AGGREGATES);
  }

  @Test
  void ofNoRows() throws Exception {
    equal("WHERE i IS NULL AND i = 1", Aggregate.class, AGGREGATES);
  }

  @Test
  void overWindows() throws Exception {
    equal(
        "ORDER BY i NULLS FIRST, l NULLS FIRST, s NULLS FIRST, u NULLS FIRST, d NULLS FIRST, ts NULLS FIRST",
        Window.class,
        """
        row_number() OVER (PARTITION BY b ORDER BY i, l, s, u, v, ts, tz, n, d)
        rank() OVER (PARTITION BY b ORDER BY i DESC)
        dense_rank() OVER (ORDER BY s NULLS LAST)
        percent_rank() OVER (PARTITION BY b ORDER BY d)
        cume_dist() OVER (PARTITION BY b ORDER BY d DESC NULLS FIRST)
        ntile(4) OVER (PARTITION BY b ORDER BY i, l, s, u, v, ts, tz, n, d)
        lag(i) OVER (PARTITION BY b ORDER BY i, l, s, u, v, ts, tz, n, d)
        lag(s, 2, 'none') OVER (ORDER BY i, l, s, u, v, ts, tz, n, d)
        lead(p, 1) OVER (PARTITION BY b ORDER BY i, l, s, u, v, ts, tz, n, d)
        lead(i, -1) OVER (PARTITION BY b ORDER BY i, l, s, u, v, ts, tz, n, d)
        lag(i) IGNORE NULLS OVER (PARTITION BY b ORDER BY i, l, s, u, v, ts, tz, n, d)
        first_value(i) OVER (PARTITION BY b ORDER BY i, l, s, u, v, ts, tz, n, d)
        first_value(s, true) OVER (PARTITION BY b ORDER BY i, l, s, u, v, ts, tz, n, d)
        last_value(i) OVER (PARTITION BY b ORDER BY i, l, s, u, v, ts, tz, n, d)
        nth_value(i, 3) OVER (PARTITION BY b ORDER BY i, l, s, u, v, ts, tz, n, d)
        sum(j) OVER (PARTITION BY b)
        sum(j) OVER (PARTITION BY b ORDER BY i)
        sum(q) OVER (PARTITION BY b ORDER BY i RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
        avg(p) OVER (PARTITION BY b ORDER BY i DESC)
        count(*) OVER (PARTITION BY b ORDER BY i, l, s, u, v, ts, tz, n, d ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING)
        max(s) OVER (ORDER BY i, l, s, u, v, ts, tz, n, d ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING)
        min(e) OVER (PARTITION BY b ORDER BY i, l, s, u, v, ts, tz, n, d ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
        sum(j) OVER (PARTITION BY b ORDER BY t RANGE BETWEEN 2 PRECEDING AND 3 FOLLOWING)
        count(*) OVER (ORDER BY dt RANGE BETWEEN 2 PRECEDING AND CURRENT ROW)
        count(*) OVER (ORDER BY dt RANGE BETWEEN INTERVAL '2' DAY PRECEDING AND CURRENT ROW)
        avg(q) OVER (PARTITION BY dt)
        count(i) OVER (PARTITION BY f, d)
        """);
  }
}
