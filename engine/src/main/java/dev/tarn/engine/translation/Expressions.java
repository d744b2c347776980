package dev.tarn.engine.translation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.analysis.SQLScalarFunction;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BinaryArithmetic;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.OuterReference;
import org.apache.spark.sql.catalyst.expressions.RuntimeReplaceable;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateFunction;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Catalyst's expressions as DuckDB's SQL.
 *
 * <p>The text evaluates to the value and the type that Spark gives in ANSI mode, or fails: every
 * failure, also one that Spark would not have, only sends the statement to Spark. Intervals are
 * counts inside an expression: see {@link DuckTypes#inner}.
 */
public final class Expressions {
  /** What the message of an error begins with that only means that Spark has to run the query. */
  public static final String FALLBACK = "TARN_FALLBACK";

  /** Longer texts cost more to parse than the statement can win. */
  private static final int LONGEST = 1 << 20;

  private static final Functions FUNCTIONS = new Functions();

  /** What an expression refers to that is not in itself. */
  public interface Scope {
    /** A column of the plan's children. */
    String column(AttributeReference attribute);

    /** What an expression inside a subquery takes from the statement around it. */
    String outer(Expression outerReference);

    /** The whole SQL of a subquery, in parentheses. */
    String subquery(SubqueryExpression subquery);
  }

  private final Scope scope;
  private final SessionRules rules;
  private final Optional<SparkCalls> spark;

  /**
   * @param functions what has no translation is evaluated by them
   */
  public Expressions(Scope scope, SessionRules rules, ScalarFunctions functions) {
    if (!rules.ansi()) {
      throw new Untranslatable("spark.sql.ansi.enabled is false");
    }
    this.scope = scope;
    this.rules = rules;
    this.spark =
        functions == ScalarFunctions.NONE
            ? Optional.empty()
            : Optional.of(
                new SparkCalls(
                    this, new Expressions(scope, rules, ScalarFunctions.NONE), functions));
  }

  SessionRules rules() {
    return rules;
  }

  /**
   * A scalar expression; aggregates and window expressions inside it are written in place.
   *
   * @throws Untranslatable if it is not proven to be equal
   */
  public String sql(Expression e) {
    String text = write(e);
    if (text.length() > LONGEST) {
      throw new Untranslatable("an expression of more than " + LONGEST + " characters");
    }
    return text;
  }

  /** A condition that rows are kept by. */
  public String condition(Expression e) {
    return Conditions.filter(e, this);
  }

  /** An aggregate with its DISTINCT and FILTER. */
  public String aggregate(AggregateExpression e) {
    return Aggregates.write(e, this);
  }

  /** A window function with its OVER clause. */
  public String window(WindowExpression e) {
    return Windows.write(e, this);
  }

  /** A list of named expressions, from the name of each column to what it is. */
  Map<String, String> columns(List<? extends NamedExpression> list) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (NamedExpression named : list) {
      columns.put(Block.name(named.toAttribute()), sql((Expression) named));
    }
    return columns;
  }

  /** An item of ORDER BY, with its direction and where nulls go. */
  public String order(SortOrder order) {
    return Windows.order(order, this);
  }

  private String write(Expression e) {
    if (e instanceof Literal literal) {
      return Literals.value(literal.value(), literal.dataType());
    }
    if (e instanceof AttributeReference attribute) {
      DuckTypes.inner(attribute.dataType());
      return scope.column(attribute);
    }
    if (e instanceof Alias alias) {
      return sql(alias.child());
    }
    if (e instanceof SQLScalarFunction call) {
      rules.requireSame(CollectionConverters.asJava(call.function().getSQLConfigs()));
      return sql(call.child());
    }
    if (e instanceof OuterReference) {
      return scope.outer(e);
    }
    if (e instanceof SubqueryExpression subquery) {
      return scope.subquery(subquery);
    }
    if (e instanceof AggregateExpression aggregate) {
      return aggregate(aggregate);
    }
    if (e instanceof WindowExpression window) {
      return window(window);
    }
    if (e.foldable() && e.deterministic()) {
      // Spark itself says what a constant is: so dates, patterns and intervals need no translation.
      return Literals.value(Constants.value(e), e.dataType());
    }
    if (spark.isEmpty()) {
      return translated(e);
    }
    try {
      // Where a translation would fail, these have a null.
      Optional<String> tried = tries(e) ? called(e) : Optional.empty();
      return tried.isPresent() ? tried.get() : translated(e);
    } catch (Untranslatable refused) {
      return called(e).orElseThrow(() -> refused);
    }
  }

  private static boolean tries(Expression e) {
    return e instanceof Cast cast && cast.evalMode() == EvalMode.TRY()
        || e instanceof BinaryArithmetic operator && operator.evalMode() == EvalMode.TRY();
  }

  private String translated(Expression e) {
    Functions.Line<Expression> line = FUNCTIONS.of(e).orElse(null);
    if (line != null) {
      return line.write(e, this);
    }
    if (e instanceof RuntimeReplaceable replaceable) {
      return sql(replaceable.replacement());
    }
    throw unknown(e);
  }

  private Optional<String> called(Expression e) {
    try {
      return spark.map(calls -> calls.call(e));
    } catch (Untranslatable refused) {
      return Optional.empty();
    }
  }

  /**
   * The rows that Spark generates, as an array of structs.
   *
   * @throws Untranslatable if Spark cannot from within DuckDB
   */
  String generated(Expression generator) {
    return spark
        .map(calls -> calls.rows(generator))
        .orElseThrow(() -> new Untranslatable("generator " + generator.prettyName()));
  }

  /**
   * An aggregate without a translation, as Spark evaluates it over the rows of each group.
   *
   * @param tail FILTER or nothing
   * @throws Untranslatable if Spark cannot either
   */
  String collected(AggregateFunction function, boolean distinct, String tail) {
    if (spark.isEmpty() || tail.contains(" OVER (")) {
      throw new Untranslatable("aggregate " + function.prettyName());
    }
    return spark.get().aggregate(function, distinct, tail);
  }

  /**
   * What stands where a translation holds only for some values, and this is none of them: the same
   * expression as Spark evaluates it, or what makes the statement fall back.
   */
  String otherwise(Expression e, String reason) {
    return called(e).orElseGet(() -> fallback(reason));
  }

  static Untranslatable unknown(Expression e) {
    return new Untranslatable("expression " + e.prettyName());
  }

  /** The text of the n-th child, counted from one. */
  String child(Expression e, int n) {
    return sql(e.children().apply(n - 1));
  }

  List<String> children(Expression e) {
    return list(e.children()).stream().map(this::sql).toList();
  }

  static List<Expression> list(scala.collection.Iterable<?> expressions) {
    return CollectionConverters.asJavaCollection(expressions).stream()
        .map(Expression.class::cast)
        .toList();
  }

  /** An expression that makes the statement fall back, to stand where a value of any type does. */
  static String fallback(String reason) {
    return "error('" + FALLBACK + ": " + reason + "')";
  }
}
