package dev.tarn.engine.statement;

import dev.tarn.engine.session.SessionRegistry;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.command.RunnableCommand;
import scala.Enumeration;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A statement of Tarn's own as a command of Spark's, so that it works wherever Spark parses SQL: in
 * scripts, in EXECUTE IMMEDIATE, and over Spark Connect.
 */
public final class StatementCommand extends LogicalPlan implements RunnableCommand {
  private static final long serialVersionUID = 1L;
  private static final int ARGUMENTS = 2;

  private final transient Statement statement;
  private final transient Seq<Attribute> columns;
  private final transient Seq<Enumeration.Value> patterns = seq(List.of(TreePattern.COMMAND()));

  /** Spark copies plans through their constructor. */
  public StatementCommand(Statement statement, Seq<Attribute> columns) {
    this.statement = statement;
    this.columns = columns;
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }

  @Override
  public Seq<Row> run(org.apache.spark.sql.SparkSession spark) {
    return seq(
        new Statements((SparkSession) spark, SessionRegistry.of((SparkSession) spark))
            .run(statement));
  }

  @Override
  public Seq<Attribute> output() {
    return columns;
  }

  @Override
  public AttributeSet producedAttributes() {
    return outputSet();
  }

  @Override
  public Statistics stats() {
    return Statistics.DUMMY();
  }

  @Override
  public Seq<LogicalPlan> children() {
    return seq(List.of());
  }

  @Override
  public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> children) {
    return this;
  }

  @Override
  public Seq<Enumeration.Value> nodePatterns() {
    return patterns;
  }

  // Scala's way to give a trait its field; ours is set already.
  @Override
  public void org$apache$spark$sql$catalyst$plans$logical$Command$_setter_$nodePatterns_$eq(
      Seq<Enumeration.Value> value) {}

  @Override
  public int productArity() {
    return ARGUMENTS;
  }

  @Override
  public Object productElement(int n) {
    return n == 0 ? statement : columns;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof StatementCommand;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StatementCommand c
        && c.statement.equals(statement)
        && c.columns.equals(columns);
  }

  @Override
  public int hashCode() {
    return statement.hashCode();
  }
}
