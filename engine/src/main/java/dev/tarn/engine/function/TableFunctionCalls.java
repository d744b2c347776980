package dev.tarn.engine.function;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.kernel.name.EntityName;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.AnalysisContext$;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.analysis.UnresolvedTableValuedFunction;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.classic.SparkSession;
import scala.PartialFunction;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * Calls of the catalog's table functions. Spark resolves those of its own catalog only, and says so
 * of all others when it resolves them, so that this has to come before.
 */
public final class TableFunctionCalls extends Rule<LogicalPlan> {
  private final SparkSession spark;

  public TableFunctionCalls(SparkSession spark) {
    this.spark = spark;
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    Optional<SessionContext> context = SessionRegistry.find(spark);
    if (context.isEmpty()) {
      return plan;
    }
    SqlFunctions functions = new SqlFunctions(spark, context.get());
    PartialFunction<LogicalPlan, LogicalPlan> rule =
        new AbstractPartialFunction<>() {
          @Override
          public boolean isDefinedAt(LogicalPlan node) {
            return node instanceof UnresolvedTableValuedFunction;
          }

          @Override
          public LogicalPlan apply(LogicalPlan node) {
            return call((UnresolvedTableValuedFunction) node, functions);
          }
        };
    return plan.resolveOperatorsUp(rule);
  }

  private LogicalPlan call(UnresolvedTableValuedFunction call, SqlFunctions functions) {
    for (Expression argument : CollectionConverters.asJava(call.functionArgs())) {
      if (!argument.resolved()) {
        return call;
      }
    }
    return name(call.name())
        .flatMap(name -> functions.table(name, call.functionArgs()))
        .map(found -> (LogicalPlan) found)
        .orElse(call);
  }

  private Optional<EntityName> name(Seq<String> parts) {
    List<String> names = CollectionConverters.asJava(parts);
    List<String> here =
        CollectionConverters.asJava(AnalysisContext$.MODULE$.get().catalogAndNamespace());
    if (here.isEmpty()) {
      var catalogs = spark.sessionState().catalogManager();
      here =
          List.of(catalogs.currentCatalog().name(), String.join(".", catalogs.currentNamespace()));
    }
    if (names.size() == 3) {
      return Optional.of(new EntityName(names.get(0), names.get(1), names.get(2)));
    } else if (here.size() != 2 || names.size() > 3) {
      return Optional.empty();
    } else if (names.size() == 2) {
      return Optional.of(new EntityName(here.get(0), names.get(0), names.get(1)));
    }
    FunctionIdentifier builtIn = FunctionRegistry$.MODULE$.builtinFunctionIdentifier(names.get(0));
    return spark.sessionState().tableFunctionRegistry().functionExists(builtIn)
        ? Optional.empty()
        : Optional.of(new EntityName(here.get(0), here.get(1), names.get(0)));
  }
}
