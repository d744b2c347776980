package dev.tarn.engine.evaluation;

import dev.tarn.engine.translation.GroupEvaluation;
import dev.tarn.engine.translation.ScalarFunctions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.internal.SQLConf;

/** The functions that one statement calls; it has to be held while the statement may run. */
public final class StatementFunctions implements ScalarFunctions {
  private final SparkFunctions all;
  private final SQLConf session;
  private final Map<Expression, SparkFunction> functions = new LinkedHashMap<>();
  private SQLConf conf;

  StatementFunctions(SparkFunctions all, SQLConf session) {
    this.all = all;
    this.session = session;
  }

  /** Equal expressions are one function, so that DuckDB finds what is computed twice. */
  @Override
  public String call(Expression bound, List<String> arguments) {
    SparkFunction function = functions.get(bound.canonicalized());
    if (function == null) {
      if (conf == null) {
        conf = session.clone();
      }
      function = all.add(bound, arguments.size(), conf);
      functions.put(bound.canonicalized(), function);
    }
    return SparkFunctions.call(function, arguments);
  }

  /** What Spark evaluates, by the functions' names; some of it only for rare values. */
  public List<String> names() {
    return functions.values().stream()
        .map(function -> function.expression().prettyName())
        .distinct()
        .sorted()
        .toList();
  }

  /** Whether rows are collected for an aggregate. */
  public boolean collect() {
    return functions.values().stream()
        .anyMatch(function -> function.expression() instanceof GroupEvaluation);
  }

  /** How many there are. */
  public int size() {
    return functions.size();
  }
}
