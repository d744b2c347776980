package dev.tarn.engine.translation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.IsNaN;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.types.DataTypeUtils;
import org.apache.spark.sql.types.StructType;
import org.duckdb.DuckDBFunctions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What DuckDB's optimizer does above sealed rows. A function that remembers what it was asked, and
 * of which DuckDB knows nothing, stands in for every expression.
 */
class SealsTest {
  /** Of a query, {@code V} are the rows, {@code E} an expression and {@code C} a condition. */
  private static final List<String> SHAPES =
      List.of(
          "SELECT count(*) FROM V WHERE C",
          "SELECT count(*) FROM V WHERE n < 1000000 AND C",
          "SELECT count(*) FROM V WHERE C AND s <> 'x' AND n <> 4",
          "SELECT count(*) FROM V WHERE n IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) AND C",
          "SELECT count(*) FROM V WHERE n = (SELECT max(k) - 1 FROM small) AND C",
          "SELECT bool_and(E) FROM V",
          "SELECT max(s) FILTER (WHERE E) FROM V",
          "SELECT count(DISTINCT E) FROM V WHERE n % 7 = 3",
          "SELECT E, count(*) FROM V GROUP BY E",
          "SELECT count(*) FROM (SELECT s, n FROM V GROUP BY s, n HAVING C)",
          "SELECT count(*) FROM (SELECT DISTINCT s, n FROM V) WHERE C",
          "SELECT count(*) FROM (SELECT E AS y, n FROM V) WHERE y AND n > 5",
          "SELECT E FROM V ORDER BY n, s LIMIT 5",
          "SELECT s FROM V ORDER BY E, s LIMIT 5",
          "SELECT s FROM V WHERE C LIMIT 3",
          "SELECT count(*) FROM (SELECT s, n FROM V ORDER BY n LIMIT 100000) WHERE C",
          "SELECT max(r) FROM (SELECT row_number() OVER (PARTITION BY E ORDER BY s) r FROM V)",
          "SELECT max(r) FROM (SELECT *, row_number() OVER (PARTITION BY s, n) r FROM V) WHERE C",
          "SELECT s FROM V QUALIFY row_number() OVER (ORDER BY E, s) < 3",
          "SELECT count(*) FROM small JOIN V ON n = k AND C",
          "SELECT count(*) FROM small LEFT JOIN V ON n = k AND C",
          "SELECT count(*) FROM V LEFT JOIN small ON n = k AND C",
          "SELECT count(*) FROM V FULL JOIN small ON n = k WHERE n IS NULL OR E",
          "SELECT count(*) FROM V, small WHERE n = k AND C",
          "SELECT count(*) FROM V, small WHERE n + k > 0 AND C",
          "SELECT count(*) FROM small JOIN V ON k = if(E, n, 0)",
          "SELECT count(*) FROM V SEMI JOIN (SELECT n FROM V WHERE C) w USING (n)",
          "SELECT count(*) FROM V ANTI JOIN (SELECT n FROM V WHERE C) w USING (n)",
          "SELECT count(*) FROM small WHERE EXISTS (SELECT 1 FROM V WHERE n = k AND C)",
          "SELECT count(*) FROM small WHERE NOT EXISTS (SELECT 1 FROM V WHERE n = k AND C)",
          "SELECT count(*) FROM small WHERE k IN (SELECT n FROM V WHERE C)",
          "SELECT count(*) FROM small WHERE k NOT IN (SELECT if(E, n, 0) FROM V)",
          "SELECT count(*) FROM V WHERE if(E, n, 0) IN (SELECT k FROM small)",
          "SELECT k, (SELECT count(*) FROM V WHERE n = k AND C) FROM small",
          "SELECT (SELECT max(n) FROM V WHERE C)",
          "SELECT count(*) FROM small, LATERAL (SELECT n FROM V WHERE n < k AND C)",
          "SELECT sum(c) FROM small, LATERAL (SELECT count(E) c FROM V WHERE n < k)",
          "SELECT count(*) FROM (SELECT s, n FROM V UNION ALL SELECT s, n FROM V) WHERE C",
          "SELECT count(*) FROM (SELECT s, n FROM V UNION SELECT s, n FROM V) WHERE C",
          "SELECT count(*) FROM (SELECT s, n FROM V INTERSECT SELECT s, n FROM V) WHERE C",
          "SELECT count(*) FROM (SELECT s, n FROM V EXCEPT SELECT s, 0 FROM V) WHERE C",
          "WITH w AS (SELECT s, n, E AS y FROM V) SELECT count(*) FROM w a, w b WHERE a.n = b.n AND"
              + " a.y",
          "WITH w AS MATERIALIZED (SELECT s, n FROM V) SELECT count(*) FROM w WHERE C",
          "SELECT count(*) FROM (SELECT s, n, unnest([1, 2]) u FROM V) WHERE C",
          "SELECT n % 3, count(*) FROM V WHERE C GROUP BY ROLLUP (n % 3)");

  private static final List<String> VISIBLE =
      List.of(
          "seen",
          "n > 0",
          "regexp_matches(s, '^[0-9]+$')",
          "EXISTS (SELECT 1 FROM allowed WHERE name = owner)",
          "owner IN (SELECT name FROM allowed) AND n < 1000000",
          "CASE WHEN owner = 'eve' THEN true ELSE false END");

  private static final List<Attribute> COLUMNS =
      List.copyOf(
          CollectionConverters.asJava(
              DataTypeUtils.toAttributes(
                  new StructType().add("s", "string").add("n", "long").add("unused", "int"))));

  @TempDir static Path folder;

  private final Set<Long> asked = ConcurrentHashMap.newKeySet();
  private Connection connection;

  @BeforeEach
  void rows() throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    DuckDBFunctions.scalarFunction()
        .withName("witness")
        .withParameter(Long.class)
        .withReturnType(Boolean.class)
        .withVectorizedFunction(
            (arguments, answers) -> {
              for (long row = 0; row < arguments.rowCount(); row++) {
                asked.add(arguments.vector(0).getLong(row));
                answers.setBoolean(row, true);
              }
            })
        .register(connection);
    run("CREATE TABLE allowed AS SELECT 'eve' AS name");
    run("CREATE TABLE small AS SELECT i AS k FROM range(3) r(i)");
    run(
        "CREATE TABLE t AS SELECT if(i % 2 = 0, 'hidden', i::VARCHAR) AS s, if(i % 2 = 0, -i - 1, i)"
            + " AS n, i % 2 = 1 AS seen, if(i % 2 = 0, 'bob', 'eve') AS owner FROM range(5000) r(i)");
    run("COPY t TO '" + folder.resolve("t.parquet") + "' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<String> rows(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> all = new ArrayList<>();
      while (rows.next()) {
        all.add(String.valueOf(rows.getString(1)));
      }
      all.sort(null);
      return all;
    }
  }

  private static Block block(String from) {
    return Block.of(
        "(SELECT s AS "
            + Block.name(COLUMNS.get(0))
            + ", n AS "
            + Block.name(COLUMNS.get(1))
            + ", 1 AS "
            + Block.name(COLUMNS.get(2))
            + " FROM "
            + from
            + ")",
        COLUMNS);
  }

  private static String named(Block rows) {
    return "(SELECT "
        + Block.name(COLUMNS.get(0))
        + " AS s, "
        + Block.name(COLUMNS.get(1))
        + " AS n FROM "
        + rows.source()
        + ")";
  }

  private static String query(String shape, Block rows, String condition) {
    return shape
        .replaceAll("\\bC\\b", condition)
        .replaceAll("\\bE\\b", "witness(n)")
        .replaceAll("\\bV\\b", Matcher.quoteReplacement(named(rows) + " AS v"));
  }

  /** The condition as it stands above sealed rows. */
  private static String guarded(Seals seals) {
    Expression any = new IsNaN(COLUMNS.get(1));
    LocalRelation below =
        new LocalRelation(
            CollectionConverters.asScala(COLUMNS).toSeq(),
            CollectionConverters.asScala(List.<InternalRow>of()).toSeq(),
            false,
            Option.empty());
    return seals.condition(any, below, e -> "witness(n)");
  }

  static Stream<String> sources() {
    return Stream.of("t", "read_parquet('" + folder.resolve("t.parquet") + "')");
  }

  @ParameterizedTest
  @MethodSource("sources")
  void nothingAboveIsAskedOfWhatIsHidden(String source) throws SQLException {
    int leaking = 0;
    for (String visible : VISIBLE) {
      for (String shape : SHAPES) {
        String from = source + " WHERE " + visible;
        Seals seals = new Seals(true);
        Block sealed =
            seals.seal(
                true,
                () -> block(from),
                Set.of(COLUMNS.get(0).exprId().id(), COLUMNS.get(1).exprId().id()));
        assertThat(sealed.output()).hasSize(2);
        asked.clear();
        List<String> answer = rows(seals.before(query(shape, sealed, guarded(seals))));
        assertThat(asked).as(visible + ": " + shape).allMatch(n -> n >= 0).isNotEmpty();
        run("DROP VIEW sealed_0");
        asked.clear();
        List<String> unsealed = rows(query(shape, block(from), "witness(n)"));
        if (!shape.contains("LIMIT")) {
          assertThat(answer).as(visible + ": " + shape).isEqualTo(unsealed);
        }
        leaking += asked.stream().anyMatch(n -> n < 0) ? 1 : 0;
      }
    }
    assertThat(leaking).as("queries that leak where nothing is sealed").isPositive();
  }

  @Test
  void conditionsOnPlainColumnsGoBelow() throws SQLException {
    Seals seals = new Seals(true);
    Block sealed =
        seals.seal(true, () -> block("t WHERE seen"), Set.of(COLUMNS.get(1).exprId().id()));
    String sql =
        seals.before(
            "EXPLAIN ANALYZE SELECT count(*) FROM "
                + sealed.source()
                + " WHERE "
                + Block.name(COLUMNS.get(1))
                + " = 4711");
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      assertThat(rows.getString(2)).contains("Secure View", "Filters", "1 row");
    }
  }
}
