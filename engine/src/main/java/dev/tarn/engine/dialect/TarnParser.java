package dev.tarn.engine.dialect;

import dev.tarn.engine.constraint.TableKeys;
import dev.tarn.engine.copy.FileLoader;
import dev.tarn.engine.filter.NewFilters;
import dev.tarn.engine.function.BodyNames;
import dev.tarn.engine.statement.Statements;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.UnresolvedIdentifier;
import org.apache.spark.sql.catalyst.analysis.UnresolvedNamespace;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.ParameterContext;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.parser.ParserInterface;
import org.apache.spark.sql.catalyst.plans.logical.CreateMaterializedViewAsSelect;
import org.apache.spark.sql.catalyst.plans.logical.CreateStreamingTableAsSelect;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.SetCatalogAndNamespace;
import org.apache.spark.sql.catalyst.trees.CurrentOrigin;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.command.SetNamespaceCommand;
import scala.Function0;

/** Databricks' dialect in front of Spark's (and Delta's) parser. */
public final class TarnParser extends DelegatingParser {
  private final SparkSession session;
  private final Set<String> sources;
  private final Optional<FileLoader> files;

  /**
   * @param sources names of the table functions that may stand after {@code STREAM}
   * @param files what COPY INTO loads from
   */
  public TarnParser(
      SparkSession session,
      ParserInterface inner,
      Set<String> sources,
      Optional<FileLoader> files) {
    super(inner);
    this.session = session;
    this.sources = sources;
    this.files = files;
  }

  @Override
  public LogicalPlan parsePlan(String sql) throws ParseException {
    StatementSize.check(sql);
    Optional<LogicalPlan> own = Statements.plan(session, sql, files);
    if (own.isPresent()) {
      return own.get();
    }
    DatabricksSql databricks = DatabricksSql.of(ScriptText.rewritten(sql), sources);
    FilterClauses filters = FilterClauses.of(databricks.text);
    KeyWords keys = KeyWords.of(filters.text());
    LogicalPlan parsed =
        NewFilters.hidden(
            session,
            inCatalog(DatabricksSettings.named(inner.parsePlan(keys.text()))),
            filters.clauses());
    LogicalPlan plan =
        observed(
            Statements.own(session, parsed, new TableKeys(session, keys.timeseries())), databricks);
    return BodyNames.current(session).map(names -> names.writtenOut(plan)).orElse(plan);
  }

  @Override
  public Expression parseExpression(String sql) throws ParseException {
    Expression expression = inner.parseExpression(sql);
    return BodyNames.current(session).map(names -> names.writtenOut(expression)).orElse(expression);
  }

  @Override
  public LogicalPlan parsePlanWithParameters(String sql, ParameterContext parameters)
      throws ParseException {
    ParameterContext outer = PARAMETERS.get();
    PARAMETERS.set(parameters);
    try {
      return parsePlan(sql);
    } finally {
      PARAMETERS.set(outer);
    }
  }

  @Override
  public LogicalPlan parseQuery(String sql) throws ParseException {
    StatementSize.check(sql);
    return inner.parseQuery(DatabricksSql.of(sql, sources).text);
  }

  /**
   * {@code USE SCHEMA catalog.schema} changes both, as {@code USE catalog.schema} does; Spark would
   * look for such a name in the current catalog.
   */
  private static LogicalPlan inCatalog(LogicalPlan plan) {
    return plan instanceof SetNamespaceCommand use && use.namespace().size() > 1
        ? at(
            plan, () -> new SetCatalogAndNamespace(new UnresolvedNamespace(use.namespace(), false)))
        : plan;
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
    return DataQuality.observe(query, databricks.expectations, name(name), inner);
  }

  private static String name(LogicalPlan identifier) {
    return identifier instanceof UnresolvedIdentifier u
        ? u.nameParts().mkString(".")
        : "this dataset";
  }
}
