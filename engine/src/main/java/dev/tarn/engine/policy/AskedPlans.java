package dev.tarn.engine.policy;

import dev.tarn.kernel.error.TarnException;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.classic.SparkSession;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractPartialFunction;

/** Resolves anew what temporary views of DataFrames keep. */
public final class AskedPlans extends Rule<LogicalPlan> {
  private final SparkSession spark;

  public AskedPlans(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE if what a view reads has other columns now
   */
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return plan.transformUp(
        new AbstractPartialFunction<LogicalPlan, LogicalPlan>() {
          @Override
          public boolean isDefinedAt(LogicalPlan node) {
            return node instanceof AskedPlan;
          }

          @Override
          public LogicalPlan apply(LogicalPlan node) {
            return resolved((AskedPlan) node);
          }
        });
  }

  private LogicalPlan resolved(AskedPlan view) {
    LogicalPlan now = spark.sessionState().analyzer().execute(view.asked());
    spark.sessionState().analyzer().checkAnalysis(now);
    if (!same(view.output(), now.output())) {
      throw TarnException.invalid(
          "A temporary view was made of a query whose columns have changed since. Make it again.");
    }
    return PolicyPlan.renamed(now, view.output());
  }

  private static boolean same(Seq<Attribute> then, Seq<Attribute> now) {
    boolean same = then.size() == now.size();
    for (int i = 0; same && i < then.size(); i++) {
      same =
          then.apply(i).name().equalsIgnoreCase(now.apply(i).name())
              && then.apply(i).dataType().equals(now.apply(i).dataType());
    }
    return same;
  }
}
