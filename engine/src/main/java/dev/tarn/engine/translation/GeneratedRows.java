package dev.tarn.engine.translation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Generator;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import scala.collection.IterableOnce;
import scala.collection.Iterator;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** The rows that a generator of Spark's makes of one row, as an array of structs. */
@SuppressWarnings("serial") // all that it holds is, whatever the types say
final class GeneratedRows extends Expression implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Expression generator;

  /**
   * @param generator a {@link Generator}, ready to be evaluated
   */
  GeneratedRows(Expression generator) {
    this.generator = generator;
  }

  @Override
  public Seq<Expression> children() {
    return CollectionConverters.asScala(List.of(generator)).toSeq();
  }

  @Override
  public DataType dataType() {
    return new ArrayType(((Generator) generator).elementSchema(), false);
  }

  @Override
  public String prettyName() {
    return generator.prettyName();
  }

  @Override
  public boolean nullable() {
    return false;
  }

  @Override
  public Object eval(InternalRow row) {
    List<Object> rows = new ArrayList<>();
    add(rows, ((Generator) generator).eval(row));
    add(rows, ((Generator) generator).terminate());
    return new GenericArrayData(rows.toArray());
  }

  private static void add(List<Object> rows, IterableOnce<InternalRow> made) {
    for (Iterator<InternalRow> each = made.iterator(); each.hasNext(); ) {
      rows.add(each.next().copy());
    }
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    throw new UnsupportedOperationException("It is only interpreted.");
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    return new GeneratedRows(newChildren.apply(0));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GeneratedRows that && generator.equals(that.generator);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(generator);
  }

  @Override
  public int productArity() {
    return 1;
  }

  @Override
  public Object productElement(int n) {
    return generator;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof GeneratedRows;
  }
}
