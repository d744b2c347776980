package dev.tarn.engine.policy;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.analysis.MultiInstanceRelation;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A query as it was asked for, in place of what it was resolved to: what a temporary view of a
 * DataFrame keeps, so that {@link AskedPlans} resolves it anew at each use.
 */
public final class AskedPlan extends LogicalPlan implements MultiInstanceRelation {
  private static final long serialVersionUID = 1L;

  private final transient LogicalPlan asked;
  private final Seq<Attribute> output;

  /**
   * @param asked unresolved
   * @param output what it gave when it was resolved first
   */
  public AskedPlan(LogicalPlan asked, Seq<Attribute> output) {
    this.asked = asked;
    this.output = output;
  }

  public LogicalPlan asked() {
    return asked;
  }

  @Override
  public Seq<Attribute> output() {
    return output;
  }

  @Override
  public LogicalPlan newInstance() {
    List<Attribute> fresh = new ArrayList<>();
    output.foreach(column -> fresh.add(column.newInstance()));
    return new AskedPlan(asked, CollectionConverters.asScala(fresh).toSeq());
  }

  @Override
  public Seq<LogicalPlan> children() {
    return CollectionConverters.asScala(List.<LogicalPlan>of()).toSeq();
  }

  @Override
  public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> children) {
    return this;
  }

  @Override
  public Seq<Object> otherCopyArgs() {
    return CollectionConverters.asScala(List.<Object>of(asked, output)).toSeq();
  }

  @Override
  public String simpleString(int maxFields) {
    return "AskedPlan";
  }

  @Override
  public int productArity() {
    return 0;
  }

  @Override
  public Object productElement(int n) {
    throw new IndexOutOfBoundsException(n);
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof AskedPlan;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AskedPlan that
        && that.asked.equals(asked)
        && that.output.equals(output);
  }

  @Override
  public int hashCode() {
    return output.hashCode();
  }
}
