package dev.tarn.engine.differential;

import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.testkit.differential.Answer;
import dev.tarn.testkit.differential.Differential;
import dev.tarn.testkit.differential.ProvenAnswers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** One session that Spark alone serves, and one that runs natively what it can. */
final class NativeAndSpark implements AutoCloseable {
  private final SqlSession spark;
  private final SqlSession either;
  private Differential differential;
  private String executor;
  private String refusal;

  /**
   * @param session opens a session with settings
   */
  NativeAndSpark(Function<Map<String, String>, SqlSession> session) {
    // Small broadcasts, each of which holds pages of memory until it is collected, would fill the
    // heap of a test with many joins.
    this.spark =
        session.apply(
            Map.of("tarn.executor", "spark", "spark.sql.autoBroadcastJoinThreshold", "-1"));
    this.either =
        session.apply(
            Map.of("tarn.executor", "auto", "spark.sql.autoBroadcastJoinThreshold", "-1"));
    this.differential =
        new Differential("Spark", sql -> Answers.of(spark, sql), "native", this::run);
  }

  /** As the other, with a Spark that is set for small tables. */
  static NativeAndSpark small(Function<Map<String, String>, SqlSession> session) {
    NativeAndSpark both = new NativeAndSpark(session);
    SmallSpark.set(both.spark);
    return both;
  }

  /** Asks Spark only what these do not tell. */
  NativeAndSpark with(ProvenAnswers answers) {
    differential = differential.with(answers);
    return this;
  }

  private Answer run(String sql) {
    executor = "spark";
    refusal = "failed";
    try (ResultStream result = either.execute(UUID.randomUUID().toString(), sql, List.of())) {
      executor = result.executor();
      refusal = result.refusal();
      return Answers.rows(result);
    } catch (TarnException e) {
      return Answers.failure(e);
    }
  }

  /** What differs between the two answers to a query, in the order that it states. */
  Optional<String> compare(String sql) {
    return differential.compare(
        sql, columns -> StatedOrder.of(sql, columns), Differential.SUMMATION);
  }

  /** Why the query that was compared last was not executed natively; empty if it was. */
  Optional<String> refusal() {
    return executor.equals("native") ? Optional.empty() : Optional.of(refusal);
  }

  @Override
  public void close() {
    spark.close();
    either.close();
  }
}
