package dev.tarn.engine.dialect;

import dev.tarn.engine.session.SparkErrors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.parser.ParameterContext;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.parser.ParserInterface;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/** Gives Spark's own parser the parameters that {@link TarnParser} was called with. */
public final class ParameterParser extends DelegatingParser {

  public ParameterParser(ParserInterface spark) {
    super(spark);
  }

  @Override
  public LogicalPlan parsePlan(String sql) throws ParseException {
    ParameterContext parameters = PARAMETERS.get();
    if (parameters == null) {
      return inner.parsePlan(sql);
    }
    // What this parse parses in turn has parameters of its own, or none.
    PARAMETERS.remove();
    try {
      return inner.parsePlanWithParameters(sql, parameters);
    } catch (Throwable e) {
      if (e instanceof AnalysisException && !(e instanceof ParseException)) {
        // Delta's parser would put an error in its place that has no message.
        throw SparkErrors.toTarn(e);
      }
      throw e;
    }
  }

  @Override
  public LogicalPlan parsePlanWithParameters(String sql, ParameterContext parameters)
      throws ParseException {
    return inner.parsePlanWithParameters(sql, parameters);
  }
}
