package dev.tarn.engine.policy;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The rows and values of a table that its reader may see. No optimizer moves anything through it,
 * since none knows it: what stands above is never evaluated on what is hidden below, where an
 * error, a count or a time would tell of it.
 */
public final class PolicyBarrier extends LogicalPlan {
  private static final long serialVersionUID = 1L;

  private final LogicalPlan child;
  private final transient LogicalPlan source;
  private final String table;
  private final long epoch;

  /**
   * Spark copies plans through their constructor.
   *
   * @param child the table with filter and masks
   * @param source the table without
   * @param table its full name
   * @param epoch of the grants that these filter and masks are of
   */
  public PolicyBarrier(LogicalPlan child, LogicalPlan source, String table, Long epoch) {
    this.child = child;
    this.source = source;
    this.table = table;
    this.epoch = epoch;
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }

  public LogicalPlan child() {
    return child;
  }

  LogicalPlan source() {
    return source;
  }

  long epoch() {
    return epoch;
  }

  @Override
  public Seq<Attribute> output() {
    return child.output();
  }

  /** Where a row is stored may tell the values of partition columns. */
  @Override
  public Seq<Attribute> metadataOutput() {
    return seq(List.of());
  }

  @Override
  public Seq<LogicalPlan> children() {
    return seq(List.of(child));
  }

  @Override
  public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> children) {
    return new PolicyBarrier(children.head(), source, table, epoch);
  }

  @Override
  public Seq<Object> otherCopyArgs() {
    return seq(List.of(source, table, epoch));
  }

  @Override
  public String simpleString(int maxFields) {
    return "PolicyBarrier " + table;
  }

  @Override
  public int productArity() {
    return 1;
  }

  @Override
  public Object productElement(int n) {
    return child;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof PolicyBarrier;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PolicyBarrier barrier
        && barrier.child.equals(child)
        && barrier.table.equals(table);
  }

  @Override
  public int hashCode() {
    return child.hashCode();
  }
}
