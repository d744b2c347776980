package dev.tarn.engine.function;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.SchemaName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.analysis.UnresolvedInlineTable;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.analysis.UnresolvedTableValuedFunction;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.internal.SQLConf;
import scala.Function1;
import scala.Option;
import scala.PartialFunction;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * Writes out the names in the body of a function. Spark would look short names up where the
 * function is called: in the caller's schema, and among the caller's temporary views and functions,
 * which would then be read with the owner's rights, or decide in place of what the owner meant.
 */
public final class BodyNames {
  /** The schema that short names of a body lie in; bodies bring it along as a setting. */
  private static final String SETTING = "spark.tarn.names";

  private static final String SEPARATOR = ".";

  private final SparkSession spark;
  private final SchemaName schema;

  private BodyNames(SparkSession spark, SchemaName schema) {
    this.spark = spark;
    this.schema = schema;
  }

  static void put(SchemaName schema, Map<String, String> settings) {
    settings.put(SETTING, schema.fullName());
  }

  /** Those of the body that is parsed on this thread; empty outside of any. */
  public static Optional<BodyNames> current(SparkSession spark) {
    String name = SQLConf.get().getConfString(SETTING, "");
    int dot = name.indexOf(SEPARATOR);
    return dot < 0
        ? Optional.empty()
        : Optional.of(
            new BodyNames(spark, new SchemaName(name.substring(0, dot), name.substring(dot + 1))));
  }

  public LogicalPlan writtenOut(LogicalPlan plan) {
    return plan(plan, Set.of());
  }

  public Expression writtenOut(Expression expression) {
    return expression(expression, Set.of());
  }

  private LogicalPlan plan(LogicalPlan plan, Set<String> defined) {
    if (plan instanceof UnresolvedWith with) {
      return with(with, defined);
    } else if (plan instanceof UnresolvedRelation relation) {
      return relation(relation, defined);
    } else if (plan instanceof UnresolvedTableValuedFunction call) {
      UnresolvedTableValuedFunction full =
          isBuiltIn(call.name(), true)
              ? call
              : call.copy(full(call.name()), call.functionArgs(), call.isStreaming());
      return expressions(full, defined);
    }
    boolean leaf = plan.children().isEmpty();
    if (leaf
        && !(plan instanceof OneRowRelation
            || plan instanceof LocalRelation
            || plan instanceof UnresolvedInlineTable)) {
      throw TarnException.invalid(
          "The body of a function names a table in a way that functions do not support ("
              + plan.nodeName()
              + "). Write the name itself, without IDENTIFIER and without a version.");
    }
    Function1<LogicalPlan, LogicalPlan> each = child -> plan(child, defined);
    return expressions(plan.mapChildren(each), defined);
  }

  private LogicalPlan expressions(LogicalPlan plan, Set<String> defined) {
    Function1<Expression, Expression> each = e -> expression(e, defined);
    return plan.mapExpressions(each);
  }

  private LogicalPlan with(UnresolvedWith with, Set<String> outer) {
    Set<String> defined = new HashSet<>(outer);
    List<Tuple3<String, SubqueryAlias, Option<Object>>> relations = new ArrayList<>();
    for (Tuple3<String, SubqueryAlias, Option<Object>> relation :
        CollectionConverters.asJava(with.cteRelations())) {
      Set<String> inside = new HashSet<>(defined);
      if (with.allowRecursion()) {
        inside.add(lower(relation._1()));
      }
      relations.add(
          new Tuple3<>(relation._1(), (SubqueryAlias) plan(relation._2(), inside), relation._3()));
      defined.add(lower(relation._1()));
    }
    return with.copy(
        plan(with.child(), defined),
        CollectionConverters.asScala(relations).toSeq(),
        with.allowRecursion());
  }

  private LogicalPlan relation(UnresolvedRelation relation, Set<String> defined) {
    Seq<String> parts = relation.multipartIdentifier();
    return parts.size() == 1 && defined.contains(lower(parts.head()))
        ? relation
        : relation.copy(full(parts), relation.options(), relation.isStreaming());
  }

  private Expression expression(Expression expression, Set<String> defined) {
    PartialFunction<Expression, Expression> rule =
        new AbstractPartialFunction<>() {
          @Override
          public boolean isDefinedAt(Expression e) {
            return e instanceof SubqueryExpression
                || e instanceof UnresolvedFunction
                || e.nodeName().contains("UnresolvedIdentifier");
          }

          @Override
          public Expression apply(Expression e) {
            if (e instanceof SubqueryExpression subquery) {
              return subquery.withNewPlan(plan(subquery.plan(), defined));
            } else if (e instanceof UnresolvedFunction call) {
              return call.isInternal() || isBuiltIn(call.nameParts(), false)
                  ? call
                  : call.copy(
                      full(call.nameParts()),
                      call.arguments(),
                      call.isDistinct(),
                      call.filter(),
                      call.ignoreNulls(),
                      call.orderingWithinGroup(),
                      call.isInternal());
            }
            throw TarnException.invalid(
                "IDENTIFIER cannot be used in the body of a function. Write the name itself.");
          }
        };
    return expression.transformDown(rule);
  }

  private boolean isBuiltIn(Seq<String> parts, boolean table) {
    if (parts.size() != 1) {
      return false;
    }
    FunctionIdentifier name = FunctionRegistry$.MODULE$.builtinFunctionIdentifier(parts.head());
    return table
        ? spark.sessionState().tableFunctionRegistry().functionExists(name)
        : spark.sessionState().functionRegistry().functionExists(name);
  }

  private Seq<String> full(Seq<String> parts) {
    List<String> full = new ArrayList<>();
    if (parts.size() < 3) {
      full.add(schema.catalog());
    }
    if (parts.size() < 2) {
      full.add(schema.schema());
    }
    full.addAll(CollectionConverters.asJava(parts));
    if (lower(full.get(0)).equals("system") && lower(full.get(1)).equals("session")) {
      throw TarnException.invalid(
          "The body of a function cannot name what belongs to a session: "
              + String.join(SEPARATOR, full)
              + ".");
    }
    return CollectionConverters.asScala(full).toSeq();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
