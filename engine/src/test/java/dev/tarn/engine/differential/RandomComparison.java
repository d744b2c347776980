package dev.tarn.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.testkit.differential.Answer;
import dev.tarn.testkit.differential.Differential;
import dev.tarn.testkit.differential.Order;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.classic.SparkSession;

/**
 * Compares many small queries quickly. What the native executor refuses, Spark would run on both
 * sides, so it is only counted. The rest is compared with a Spark that interprets expressions over
 * copies of the tables in its memory; what differs there is compared once more with Spark as it is,
 * over the tables' files, and only that counts.
 */
final class RandomComparison implements AutoCloseable {
  private static final String REFUSAL = "The native executor cannot run this statement: ";

  /**
   * What leaves out rows: neither executor promises to evaluate, or not to, what only rows need
   * that are left out, so that an error of Spark's alone is none of the native executor's.
   */
  private static final Pattern SELECTIVE =
      Pattern.compile(" (LIMIT|OFFSET|JOIN|WHERE|HAVING) |\\(SELECT ");

  private final EngineUnderTest tarn;
  private final Optional<String> schema;
  private final String timeZone;
  private final SqlSession natively;
  private final SqlSession copies;
  private final SqlSession files;
  private Answer answer;

  /**
   * @param schema in catalog {@code main}
   * @param timeZone of the sessions
   */
  RandomComparison(EngineUnderTest tarn, String schema, String timeZone) {
    this.timeZone = timeZone;
    this.tarn = tarn;
    this.schema = Optional.of(schema);
    natively = session(Map.of("tarn.executor", "native"));
    copies = session(Map.of("tarn.executor", "spark"));
    SmallSpark.set(copies);
    files = session(Map.of("tarn.executor", "spark", "spark.sql.adaptive.enabled", "false"));
  }

  private SqlSession session(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("spark.sql.session.timeZone", timeZone);
    return tarn.engine.openSession(
        EngineUnderTest.ADMIN, new SessionDefaults(Optional.of("main"), schema, all));
  }

  /** Makes a table in the schema, and a copy of it in memory. */
  void create(RandomTables.Table table, List<String> statements) {
    for (String statement : statements) {
      succeed(files, statement);
    }
    String all = "SELECT * FROM " + table.name();
    SparkSession session = SmallSpark.of(copies);
    Dataset<Row> rows = session.table(table.name());
    session
        .createDataFrame(rows.collectAsList(), rows.schema())
        .createOrReplaceTempView(table.name());
    for (SqlSession other : List.of(natively, copies)) {
      assertThat(difference(files, all, Answers.of(other, all)))
          .as("difference of whole tables")
          .isEmpty();
    }
  }

  private static void succeed(SqlSession session, String statement) {
    assertThat(Answers.of(session, statement)).as(statement).isInstanceOf(Answer.Rows.class);
  }

  /**
   * Tries to run a query natively.
   *
   * @return why it was refused; empty if it was answered
   */
  Optional<String> refusal(String sql) {
    answer = Answers.of(natively, sql);
    return answer instanceof Answer.Failure failure
        ? Optional.of(failure.message().replace(REFUSAL, ""))
        : Optional.empty();
  }

  /** What differs between the last native answer and that over the copies. */
  Optional<String> difference(String sql) {
    return difference(copies, sql, answer);
  }

  /** What differs between the last native answer and that of Spark as it is. */
  Optional<String> differenceToFiles(String sql) {
    return difference(files, sql, answer);
  }

  private static Optional<String> difference(SqlSession spark, String sql, Answer found) {
    Answer expected = Answers.of(spark, sql);
    if (expected instanceof Answer.Failure
        && found instanceof Answer.Rows
        && SELECTIVE.matcher(sql).find()) {
      return Optional.empty();
    }
    return new Differential("Spark", text -> expected, "native", text -> found)
        .compare(sql, columns -> order(sql, columns), Differential.SUMMATION);
  }

  private static Order order(String sql, List<Answer.Column> columns) {
    return StatedOrder.of(sql, columns);
  }

  @Override
  public void close() {
    natively.close();
    copies.close();
    files.close();
  }
}
