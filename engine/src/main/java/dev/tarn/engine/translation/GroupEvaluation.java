package dev.tarn.engine.translation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.InterpretedMutableProjection;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateFunction;
import org.apache.spark.sql.catalyst.expressions.aggregate.DeclarativeAggregate;
import org.apache.spark.sql.catalyst.expressions.aggregate.ImperativeAggregate;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** An aggregate of Spark's over a group whose rows came as an array of structs. */
@SuppressWarnings("serial") // all that it holds is, whatever the types say
public final class GroupEvaluation extends Expression implements Serializable {
  private static final long serialVersionUID = 1L;

  private final AggregateFunction function;
  private final Seq<AttributeReference> input;
  private final Expression rows;

  /**
   * @param function of columns
   * @param input those columns, in the order of the structs' fields
   * @param rows the array; null is no rows
   */
  GroupEvaluation(AggregateFunction function, Seq<AttributeReference> input, Expression rows) {
    this.function = function;
    this.input = input;
    this.rows = rows;
  }

  @Override
  public Seq<Expression> children() {
    return CollectionConverters.asScala(List.of(rows)).toSeq();
  }

  @Override
  public DataType dataType() {
    return function.dataType();
  }

  @Override
  public String prettyName() {
    return function.prettyName();
  }

  @Override
  public boolean nullable() {
    return true;
  }

  @Override
  public Object eval(InternalRow row) {
    ArrayData group = (ArrayData) rows.eval(row);
    if (function instanceof ImperativeAggregate imperative) {
      return imperative(
          imperative.withNewMutableAggBufferOffset(0).withNewInputAggBufferOffset(0), group);
    }
    return declarative((DeclarativeAggregate) function, group);
  }

  private InternalRow row(ArrayData group, int at) {
    return group.getStruct(at, input.size());
  }

  private static int size(ArrayData group) {
    return group == null ? 0 : group.numElements();
  }

  private Object imperative(ImperativeAggregate unbound, ArrayData group) {
    ImperativeAggregate aggregate =
        (ImperativeAggregate) bound((Expression) unbound, attributes(input));
    InternalRow buffer = new SpecificInternalRow(aggregate.aggBufferSchema());
    aggregate.initialize(buffer);
    for (int i = 0; i < size(group); i++) {
      aggregate.update(buffer, row(group, i));
    }
    return aggregate.eval(buffer);
  }

  private Object declarative(DeclarativeAggregate aggregate, ArrayData group) {
    Seq<AttributeReference> kept = aggregate.aggBufferAttributes();
    Seq<Attribute> state = attributes(kept);
    List<Attribute> all = new ArrayList<>(CollectionConverters.asJava(kept));
    all.addAll(CollectionConverters.asJava(input));
    InternalRow buffer = new SpecificInternalRow(aggregate.aggBufferSchema());
    new InterpretedMutableProjection(evaluable(aggregate.initialValues()), none())
        .target(buffer)
        .apply(InternalRow.empty());
    InterpretedMutableProjection update =
        new InterpretedMutableProjection(evaluable(aggregate.updateExpressions()), seq(all));
    update.target(buffer);
    JoinedRow joined = new JoinedRow();
    for (int i = 0; i < size(group); i++) {
      update.apply(joined.apply(buffer, row(group, i)));
    }
    return bound(Constants.evaluable(aggregate.evaluateExpression()), state).eval(buffer);
  }

  private static Seq<Expression> evaluable(Seq<Expression> expressions) {
    return seq(
        CollectionConverters.asJava(expressions).stream().map(Constants::evaluable).toList());
  }

  private static Expression bound(Expression e, Seq<Attribute> columns) {
    return BindReferences.<Expression>bindReference(
        e, org.apache.spark.sql.catalyst.expressions.package$.MODULE$.AttributeSeq(columns), false);
  }

  private static Seq<Attribute> attributes(Seq<AttributeReference> references) {
    return seq(List.<Attribute>copyOf(CollectionConverters.asJava(references)));
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }

  private static <T> Seq<T> none() {
    return seq(List.of());
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    throw new UnsupportedOperationException("It is only interpreted.");
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    return new GroupEvaluation(function, input, newChildren.apply(0));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GroupEvaluation that
        && function.equals(that.function)
        && input.equals(that.input)
        && rows.equals(that.rows);
  }

  @Override
  public int hashCode() {
    return Objects.hash(function, input, rows);
  }

  @Override
  public int productArity() {
    return 3;
  }

  @Override
  public Object productElement(int n) {
    return n == 0 ? function : n == 1 ? input : rows;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof GroupEvaluation;
  }
}
