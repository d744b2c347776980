package dev.tarn.engine.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * The rows and values of a table that its reader may see, or what a view or function of somebody
 * else shows of tables that its reader may not read. No optimizer moves anything through it, since
 * none knows it: what stands above is never evaluated on what is hidden below, where an error, a
 * count or a time would tell of it.
 */
public final class PolicyBarrier extends LogicalPlan {
  private static final long serialVersionUID = 1L;

  /** The epoch of what depends on no grant. */
  private static final long NONE = -1;

  private final LogicalPlan child;
  private final transient LogicalPlan source;
  private final String table;
  private final long epoch;

  /**
   * Spark copies plans through their constructor.
   *
   * @param child the table with filter and masks
   * @param source the table without; what is below, where that is of a view or function
   * @param table its full name, or that of the view or function
   * @param epoch of the grants that these filter and masks are of
   */
  public PolicyBarrier(LogicalPlan child, LogicalPlan source, String table, Long epoch) {
    this.child = child;
    this.source = source;
    this.table = table;
    this.epoch = epoch;
  }

  /**
   * A barrier around the body of a view or table function.
   *
   * @param name its full name
   */
  static PolicyBarrier ofDefiner(LogicalPlan body, String name) {
    return new PolicyBarrier(body, body, name, NONE);
  }

  /** Whether it stands for a row filter or masks; else a view or function is below it. */
  public boolean ofPolicy() {
    return epoch != NONE;
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

  /** Whether there is any barrier in a plan, as {@link #tables} looks for them. */
  public static boolean in(LogicalPlan plan) {
    List<PolicyBarrier> barriers = new ArrayList<>();
    collect(plan, barriers);
    return !barriers.isEmpty();
  }

  /**
   * The full names of the tables whose row filters and masks stand in a plan, also in its
   * subqueries, and in the query of a command, which is no child of it once it has been analysed.
   */
  public static Set<String> tables(LogicalPlan plan) {
    List<PolicyBarrier> barriers = new ArrayList<>();
    collect(plan, barriers);
    return barriers.stream()
        .filter(PolicyBarrier::ofPolicy)
        .map(barrier -> barrier.table)
        .collect(Collectors.toSet());
  }

  private static void collect(LogicalPlan plan, List<PolicyBarrier> barriers) {
    plan.foreach(
        node -> {
          if (node instanceof PolicyBarrier barrier) {
            barriers.add(barrier);
          }
          node.productIterator()
              .foreach(
                  element -> {
                    if (element instanceof LogicalPlan inner && !node.children().contains(inner)) {
                      collect(inner, barriers);
                    }
                    return BoxedUnit.UNIT;
                  });
          for (Expression expression : CollectionConverters.asJava(node.expressions())) {
            expression.foreach(
                e -> {
                  if (e instanceof SubqueryExpression subquery) {
                    collect(subquery.plan(), barriers);
                  }
                  return BoxedUnit.UNIT;
                });
          }
          return BoxedUnit.UNIT;
        });
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
