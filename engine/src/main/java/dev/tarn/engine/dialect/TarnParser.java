package dev.tarn.engine.dialect;

import java.util.Set;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.analysis.UnresolvedIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.ParameterContext;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.parser.ParserInterface;
import org.apache.spark.sql.catalyst.plans.logical.CreateMaterializedViewAsSelect;
import org.apache.spark.sql.catalyst.plans.logical.CreateStreamingTableAsSelect;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.trees.CurrentOrigin;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import scala.Function0;
import scala.collection.immutable.Seq;

/** Databricks' dialect in front of Spark's (and Delta's) parser. */
public final class TarnParser implements ParserInterface {
  private final ParserInterface spark;
  private final Set<String> sources;

  /**
   * @param sources names of the table functions that may stand after {@code STREAM}
   */
  public TarnParser(ParserInterface spark, Set<String> sources) {
    this.spark = spark;
    this.sources = sources;
  }

  @Override
  public LogicalPlan parsePlan(String sql) throws ParseException {
    DatabricksSql databricks = DatabricksSql.of(sql, sources);
    return observed(spark.parsePlan(databricks.text), databricks);
  }

  @Override
  public LogicalPlan parsePlanWithParameters(String sql, ParameterContext parameters)
      throws ParseException {
    DatabricksSql databricks = DatabricksSql.of(sql, sources);
    return observed(spark.parsePlanWithParameters(databricks.text, parameters), databricks);
  }

  @Override
  public LogicalPlan parseQuery(String sql) throws ParseException {
    return spark.parseQuery(DatabricksSql.of(sql, sources).text);
  }

  private LogicalPlan observed(LogicalPlan plan, DatabricksSql databricks) throws ParseException {
    if (plan instanceof CreateStreamingTableAsSelect c) {
      LogicalPlan query = observe(c.query(), databricks, c.name());
      return at(
          plan,
          () ->
              c.copy(
                  c.name(),
                  c.columns(),
                  c.partitioning(),
                  c.tableSpec(),
                  query,
                  c.originalText(),
                  c.ifNotExists()));
    }
    if (plan instanceof CreateMaterializedViewAsSelect c) {
      LogicalPlan query = observe(c.query(), databricks, c.name());
      return at(
          plan,
          () ->
              c.copy(
                  c.name(),
                  c.columns(),
                  c.partitioning(),
                  c.tableSpec(),
                  query,
                  c.originalText(),
                  c.ifNotExists()));
    }
    return plan;
  }

  /** Keeps the place in the text that error messages name. */
  private static LogicalPlan at(LogicalPlan original, Function0<LogicalPlan> copy) {
    return CurrentOrigin.withOrigin(original.origin(), copy);
  }

  private LogicalPlan observe(LogicalPlan query, DatabricksSql databricks, LogicalPlan name)
      throws ParseException {
    return DataQuality.observe(query, databricks.expectations, name(name), spark);
  }

  private static String name(LogicalPlan identifier) {
    return identifier instanceof UnresolvedIdentifier u
        ? u.nameParts().mkString(".")
        : "this dataset";
  }

  @Override
  public Expression parseExpression(String sql) throws ParseException {
    return spark.parseExpression(sql);
  }

  @Override
  public TableIdentifier parseTableIdentifier(String sql) throws ParseException {
    return spark.parseTableIdentifier(sql);
  }

  @Override
  public FunctionIdentifier parseFunctionIdentifier(String sql) throws ParseException {
    return spark.parseFunctionIdentifier(sql);
  }

  @Override
  public Seq<String> parseMultipartIdentifier(String sql) throws ParseException {
    return spark.parseMultipartIdentifier(sql);
  }

  @Override
  public StructType parseRoutineParam(String sql) throws ParseException {
    return spark.parseRoutineParam(sql);
  }

  @Override
  public StructType parseTableSchema(String sql) throws ParseException {
    return spark.parseTableSchema(sql);
  }

  @Override
  public DataType parseDataType(String sql) throws ParseException {
    return spark.parseDataType(sql);
  }
}
