package dev.tarn.engine.source;

import dev.tarn.engine.session.SessionRegistry;
import java.util.List;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;
import scala.Function1;
import scala.Tuple3;
import scala.collection.immutable.Seq;

/**
 * Makes sources callable in SQL. Spark's table functions do not learn whether they stand after
 * {@code STREAM}, so each source has two names there; {@link dev.tarn.engine.dialect.DatabricksSql}
 * puts the right one.
 */
public final class SourceFunctions {
  /** What precedes a source's name where it is read as a stream. */
  public static final String STREAM_PREFIX = "stream_";

  private SourceFunctions() {}

  public static void inject(SparkSessionExtensions extensions, List<Source> sources) {
    for (Source source : sources) {
      inject(extensions, source, source.function(), false);
      inject(extensions, source, STREAM_PREFIX + source.function(), true);
    }
  }

  private static void inject(
      SparkSessionExtensions extensions, Source source, String name, boolean streaming) {
    Function1<Seq<Expression>, LogicalPlan> builder =
        arguments -> {
          SparkSession spark = (SparkSession) org.apache.spark.sql.SparkSession.active();
          return source.read(
              SourceCall.of(source, spark, SessionRegistry.of(spark), streaming, arguments));
        };
    extensions.injectTableFunction(
        new Tuple3<>(
            FunctionIdentifier.apply(name),
            new ExpressionInfo(source.getClass().getName(), name),
            builder));
  }
}
