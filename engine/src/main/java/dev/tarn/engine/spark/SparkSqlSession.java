package dev.tarn.engine.spark;

import dev.tarn.engine.session.SparkErrors;
import dev.tarn.engine.sql.Parameter;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.engine.statement.Statements;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.CurrentUserContext;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Option;

/** A session whose statements Spark runs. */
final class SparkSqlSession implements SqlSession {
  private final SessionLease lease;
  private final SparkSession spark;
  private final Statements statements;
  private final ExecutorService jobs;
  private final Map<String, Thread> running = new ConcurrentHashMap<>();
  private final java.util.Set<String> cancelled = ConcurrentHashMap.newKeySet();

  SparkSqlSession(SessionLease lease, ExecutorService jobs) {
    this.lease = lease;
    this.spark = lease.spark();
    this.statements = new Statements(lease.context());
    this.jobs = jobs;
  }

  @Override
  public synchronized ResultStream execute(
      String statementId, String sql, List<Parameter> parameters) {
    running.put(statementId, Thread.currentThread());
    String outerUser = CurrentUserContext.CURRENT_USER().get();
    CurrentUserContext.CURRENT_USER().set(lease.context().principal().name());
    org.apache.spark.sql.SparkSession.setActiveSession(spark);
    spark.sparkContext().setJobGroup(statementId, "statement " + statementId, true);
    try {
      lease.refreshCatalogs();
      Dataset<Row> rows = statements.execute(spark, sql).orElseGet(() -> run(sql, parameters));
      if (cancelled.contains(statementId)) {
        throw new CancellationException();
      }
      return new SparkResultStream(
          (org.apache.spark.sql.classic.Dataset<Row>) rows, statementId, jobs);
    } catch (Throwable e) {
      throw cancelled.contains(statementId) ? SparkErrors.cancelled(e) : SparkErrors.toTarn(e);
    } finally {
      running.remove(statementId);
      cancelled.remove(statementId);
      spark.sparkContext().clearJobGroup();
      CurrentUserContext.CURRENT_USER().set(outerUser);
      Thread.interrupted();
    }
  }

  private Dataset<Row> run(String sql, List<Parameter> parameters) {
    if (parameters.isEmpty()) {
      return spark.sql(sql);
    }
    Map<String, Object> named = new HashMap<>();
    List<Object> positional = new ArrayList<>();
    for (Parameter parameter : parameters) {
      if (parameter.name().isPresent()) {
        named.put(parameter.name().get(), value(parameter));
      } else {
        positional.add(value(parameter));
      }
    }
    return named.isEmpty() ? spark.sql(sql, positional.toArray()) : spark.sql(sql, named);
  }

  private Object value(Parameter parameter) {
    DataType type =
        parameter.type() == null || parameter.type().isBlank()
            ? DataTypes.StringType
            : DataType.fromDDL(parameter.type());
    if (parameter.value() == null) {
      return new org.apache.spark.sql.Column(
          new org.apache.spark.sql.internal.Literal(
              null, Option.apply(type), org.apache.spark.sql.catalyst.trees.CurrentOrigin.get()));
    }
    Object value =
        new Cast(
                Literal.create(UTF8String.fromString(parameter.value()), DataTypes.StringType),
                type,
                Option.apply(spark.sessionState().conf().sessionLocalTimeZone()),
                EvalMode.ANSI())
            .eval(null);
    return CatalystTypeConverters.convertToScala(value, type);
  }

  @Override
  public void cancel(String statementId) {
    spark.sparkContext().cancelJobGroup(statementId);
    Thread thread = running.get(statementId);
    if (thread != null) {
      cancelled.add(statementId);
      thread.interrupt();
    }
  }

  @Override
  public void close() {
    lease.close();
  }
}
