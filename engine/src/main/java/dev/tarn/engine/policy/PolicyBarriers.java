package dev.tarn.engine.policy;

import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** A barrier is for the optimizer: what runs is what stands below it. */
public final class PolicyBarriers extends SparkStrategy {
  private static final long serialVersionUID = 1L;

  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    List<SparkPlan> plans =
        plan instanceof PolicyBarrier barrier ? List.of(planLater(barrier.child())) : List.of();
    return CollectionConverters.asScala(plans).toList();
  }
}
