package dev.tarn.engine.dialect;

import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.ParameterContext;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.parser.ParserInterface;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Seq;

/** A parser around another. */
abstract class DelegatingParser implements ParserInterface {
  /**
   * What stands between this parser and Spark's own, such as Delta's, forgets parameters; they go
   * past it here, from {@link TarnParser} outside to {@link ParameterParser} inside.
   */
  static final ThreadLocal<ParameterContext> PARAMETERS = new ThreadLocal<>();

  final ParserInterface inner;

  DelegatingParser(ParserInterface inner) {
    this.inner = inner;
  }

  @Override
  public LogicalPlan parseQuery(String sql) throws ParseException {
    return inner.parseQuery(sql);
  }

  @Override
  public Expression parseExpression(String sql) throws ParseException {
    return inner.parseExpression(sql);
  }

  @Override
  public TableIdentifier parseTableIdentifier(String sql) throws ParseException {
    return inner.parseTableIdentifier(sql);
  }

  @Override
  public FunctionIdentifier parseFunctionIdentifier(String sql) throws ParseException {
    return inner.parseFunctionIdentifier(sql);
  }

  @Override
  public Seq<String> parseMultipartIdentifier(String sql) throws ParseException {
    return inner.parseMultipartIdentifier(sql);
  }

  @Override
  public StructType parseRoutineParam(String sql) throws ParseException {
    return inner.parseRoutineParam(sql);
  }

  @Override
  public StructType parseTableSchema(String sql) throws ParseException {
    return inner.parseTableSchema(sql);
  }

  @Override
  public DataType parseDataType(String sql) throws ParseException {
    return inner.parseDataType(sql);
  }
}
