package dev.tarn.engine.translation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Generator;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedLambdaVariable;
import org.apache.spark.sql.catalyst.expressions.OuterReference;
import org.apache.spark.sql.catalyst.expressions.RuntimeReplaceable;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.UserDefinedExpression;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import org.apache.spark.sql.catalyst.expressions.With;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateFunction;
import org.apache.spark.sql.catalyst.expressions.aggregate.ApproximatePercentile;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.sql.catalyst.types.DataTypeUtils$;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * Leaves an expression to Spark, row by row, within a query that DuckDB runs. Its arguments are the
 * largest parts that DuckDB itself computes.
 */
final class SparkCalls {
  /** Rows of one group. */
  private static final int MOST_COLLECTED = 200_000;

  /** Aggregates whose answers, or overflows, depend on how the rows were split and merged. */
  private static final Pattern SKETCH =
      Pattern.compile("(HistogramNumeric|ApproxTopK|Kll|Theta|Tuple|Hll).*|Sum|Average");

  private static final Metadata NO = Metadata.empty();

  private final Expressions to;
  private final Expressions plain;
  private final ScalarFunctions functions;

  /**
   * @param plain the same without calls of Spark
   */
  SparkCalls(Expressions to, Expressions plain, ScalarFunctions functions) {
    this.to = to;
    this.plain = plain;
    this.functions = functions;
  }

  /**
   * @throws Untranslatable if Spark cannot evaluate it from row to row either
   */
  String call(Expression e) {
    Binding binding = new Binding(e);
    Expression bound = binding.bind(e, true);
    return Carrier.out(functions.call(bound, binding.arguments), e.dataType());
  }

  /**
   * The rows of a generator as an array of structs.
   *
   * @throws Untranslatable if Spark cannot evaluate it from row to row either
   */
  String rows(Expression generator) {
    if (generator instanceof Unevaluable || !sparks(generator) || !generator.deterministic()) {
      throw Expressions.unknown(generator);
    }
    Binding binding = new Binding(generator);
    GeneratedRows rows =
        new GeneratedRows(generator.mapChildren(child -> binding.bind(child, false)));
    return Carrier.out(functions.call(rows, binding.arguments), rows.dataType());
  }

  /**
   * An aggregate function over the rows of each group, which are collected.
   *
   * @param distinct whether each row counts once
   * @param filter of the aggregate, or nothing
   * @throws Untranslatable if Spark cannot evaluate it there
   */
  String aggregate(AggregateFunction function, boolean distinct, String filter) {
    if (function instanceof Unevaluable
        || !sparks(function)
        || SKETCH.matcher(function.getClass().getSimpleName()).matches()) {
      throw Expressions.unknown(function);
    }
    List<String> fields = new ArrayList<>();
    List<AttributeReference> columns = new ArrayList<>();
    StructType row = new StructType();
    List<Expression> children = new ArrayList<>();
    for (Expression child : Expressions.list(function.children())) {
      if (child.foldable() && child.deterministic()) {
        children.add(Constants.evaluable(child));
        continue;
      }
      String name = "f" + columns.size();
      fields.add(name + " := " + to.sql(child));
      row = row.add(name, child.dataType());
      AttributeReference column =
          DataTypeUtils$.MODULE$.toAttribute(new StructField(name, child.dataType(), true, NO));
      columns.add(column);
      children.add(column);
    }
    if (columns.isEmpty()) {
      throw Expressions.unknown(function);
    }
    AggregateFunction over = (AggregateFunction) function.withNewChildren(seq(children));
    DataType rows = new ArrayType(row, false);
    String packed = "struct_pack(" + String.join(", ", fields) + ")";
    String call =
        functions.call(
            new GroupEvaluation(over, seq(columns), new BoundReference(0, rows, true)),
            List.of(
                Carrier.in("list(" + (distinct ? "DISTINCT " : "") + packed + ")" + filter, rows)));
    return "CASE WHEN count("
        + (distinct ? "DISTINCT " + packed : "*")
        + ")"
        + filter
        + " > "
        + mostRows(function)
        + " THEN "
        + Expressions.fallback(function.prettyName() + " of very many rows")
        + " ELSE "
        + Carrier.out(call, function.dataType())
        + " END";
  }

  /** So few that its sketch is still exact, however Spark would have merged it. */
  private static long mostRows(AggregateFunction function) {
    if (!(function instanceof ApproximatePercentile percentile)) {
      return MOST_COLLECTED;
    }
    return Constants.of(percentile.accuracyExpression())
        .map(accuracy -> Math.min(MOST_COLLECTED, ((Number) accuracy).longValue() / 2))
        .orElseThrow(() -> Expressions.unknown(function));
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }

  private final class Binding {
    private final List<String> arguments = new ArrayList<>();
    private final List<Expression> references = new ArrayList<>();
    private final Set<Long> lambdaVariables = new HashSet<>();

    Binding(Expression e) {
      e.foreach(
          part -> {
            if (part instanceof LambdaFunction lambda) {
              Expressions.list(lambda.arguments())
                  .forEach(v -> lambdaVariables.add(((NamedLambdaVariable) v).exprId().id()));
            }
            return BoxedUnit.UNIT;
          });
    }

    private boolean own(Expression e) {
      return e instanceof NamedLambdaVariable variable
          && lambdaVariables.contains(variable.exprId().id());
    }

    private Expression bind(Expression e, boolean root) {
      if (e instanceof Literal || own(e)) {
        return e;
      }
      if (!root && !(e instanceof LambdaFunction)) {
        if (e.foldable() && e.deterministic()) {
          return evaluable(e);
        }
        if (!e.exists(this::own)) {
          Optional<String> argument = argument(e);
          if (argument.isPresent()) {
            return reference(argument.get(), e);
          }
        }
      }
      if (e instanceof RuntimeReplaceable replaceable) {
        return bind(replaceable.replacement(), root);
      }
      if (e instanceof With with) {
        return bind(Constants.inlined(with), root);
      }
      check(e);
      return e.mapChildren(child -> bind(child, false));
    }

    private Expression evaluable(Expression constant) {
      Expression e = Constants.evaluable(constant);
      e.foreach(
          part -> {
            check(part);
            return BoxedUnit.UNIT;
          });
      return e;
    }

    private Expression reference(String argument, Expression e) {
      int at = arguments.indexOf(argument);
      if (at < 0) {
        at = arguments.size();
        arguments.add(argument);
        references.add(new BoundReference(at, e.dataType(), true));
      }
      return references.get(at);
    }
  }

  /** What only the query around the expression knows, and what DuckDB computes as fast as any. */
  private Optional<String> argument(Expression e) {
    boolean of =
        e instanceof Attribute
            || e instanceof OuterReference
            || e instanceof SubqueryExpression
            || e instanceof AggregateExpression
            || e instanceof WindowExpression;
    if (of) {
      return Optional.of(Carrier.in(to.sql(e), e.dataType()));
    }
    if (!DuckTypes.atomic(e.dataType()) && !(e instanceof NamedLambdaVariable)) {
      // Cheaper made where it is used than carried there.
      return Optional.empty();
    }
    try {
      return Optional.of(Carrier.in(plain.sql(e), e.dataType()))
          .filter(text -> !text.contains(Expressions.FALLBACK));
    } catch (Untranslatable left) {
      return Optional.empty();
    }
  }

  private static void check(Expression e) {
    if (e instanceof Unevaluable
        || e instanceof Generator
        || e instanceof SubqueryExpression
        || e instanceof UserDefinedExpression
        || !e.deterministic()
        || e.containsPattern(TreePattern.CURRENT_LIKE())
        || !sparks(e)) {
      throw Expressions.unknown(e);
    }
  }

  private static boolean sparks(Expression e) {
    return e.getClass().getName().startsWith("org.apache.spark.sql.catalyst.");
  }
}
