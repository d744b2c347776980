package dev.tarn.engine.foreign;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.execution.datasources.jdbc.JDBCOptions;
import org.apache.spark.sql.execution.datasources.v2.jdbc.JDBCScanBuilder;
import org.apache.spark.sql.types.StructType;

/** Spark's own scan of a JDBC table, which hands over no more than {@link PushDown} allows. */
final class ForeignScanBuilder extends JDBCScanBuilder {
  private static final long serialVersionUID = 1L;

  private final transient PushDown allowed;

  /**
   * @param compared the columns of the schema that the other system may compare and sort
   */
  ForeignScanBuilder(StructType schema, StructType compared, JDBCOptions options) {
    super(SparkSession.active(), schema, options, scala.collection.immutable.Map$.MODULE$.empty());
    this.allowed = new PushDown(compared);
  }

  @Override
  public Predicate[] pushPredicates(Predicate[] predicates) {
    List<Predicate> ours = new ArrayList<>();
    List<Predicate> theirs = new ArrayList<>();
    Arrays.stream(predicates).forEach(p -> (allowed.allows(p) ? theirs : ours).add(p));
    ours.addAll(Arrays.asList(super.pushPredicates(theirs.toArray(Predicate[]::new))));
    return ours.toArray(Predicate[]::new);
  }

  @Override
  public boolean pushAggregation(Aggregation aggregation) {
    return allowed.allows(aggregation) && super.pushAggregation(allowed.typed(aggregation));
  }

  @Override
  public boolean pushTopN(SortOrder[] orders, int limit) {
    return Arrays.stream(orders).allMatch(allowed::allows) && super.pushTopN(orders, limit);
  }
}
