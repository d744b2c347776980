package dev.tarn.engine.foreign;

import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.types.DecimalType;

/**
 * An aggregate whose result is asked for in Spark's type: other systems answer with a number of any
 * size, which Spark would take for DECIMAL(38,18).
 */
record TypedAggregate(AggregateFunc function, DecimalType type) implements AggregateFunc {
  @Override
  public Expression[] children() {
    return new Expression[] {function};
  }

  @Override
  public String toString() {
    return function.toString();
  }
}
