package dev.tarn.engine.spark;

import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Range;
import org.apache.spark.sql.execution.FilterExec;
import org.apache.spark.sql.execution.RangeExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Makes a task that reads a range look whether it was told to stop. Spark's own range looks after
 * every thousand rows taken at once, and so never where they are taken one by one: a {@code
 * collect_list} over it could not be stopped. Tables and shuffles are read by iterators that look.
 */
public final class StoppableRows extends SparkStrategy {
  private static final long serialVersionUID = 1L;

  /** Any odd number whose multiples spread evenly: 2 to the 64 divided by the golden ratio. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  /** One row of 2 to the power of this is one to look at. */
  private static final int SELDOM = 7;

  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    return seq(plan instanceof Range range ? List.of(looking(range)) : List.of());
  }

  private static SparkPlan looking(Range range) {
    Expression look =
        new StaticInvoke(
            StoppableRows.class,
            DataTypes.BooleanType,
            "goOn",
            seq(List.<Expression>of(range.output().head())),
            seq(List.of(DataTypes.LongType)),
            false,
            false,
            false,
            Option.empty());
    return new FilterExec(look, new RangeExec(range));
  }

  /** Called by generated code for each row: true, unless its task was told to stop. */
  public static boolean goOn(long id) {
    if (id * SPREAD >>> Long.SIZE - SELDOM == 0) {
      TaskContext task = TaskContext.get();
      if (task != null) {
        task.killTaskIfInterrupted();
      }
    }
    return true;
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toList();
  }
}
