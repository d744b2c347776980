package dev.tarn.engine.translation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.catalyst.expressions.CommonExpressionDef;
import org.apache.spark.sql.catalyst.expressions.CommonExpressionId;
import org.apache.spark.sql.catalyst.expressions.CommonExpressionRef;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.RuntimeReplaceable;
import org.apache.spark.sql.catalyst.expressions.With;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.unsafe.types.UTF8String;
import scala.PartialFunction;
import scala.runtime.AbstractPartialFunction;

/** Expressions that depend on no row, evaluated by Spark. */
final class Constants {
  private Constants() {}

  /** The expression with everything that Spark's optimizer would replace before it evaluates. */
  static Expression evaluable(Expression e) {
    return e.transformDown(
        replacing(
            part -> part instanceof RuntimeReplaceable || part instanceof With,
            Constants::replaced));
  }

  private static Expression replaced(Expression e) {
    if (e instanceof RuntimeReplaceable replaceable) {
      return replaced(replaceable.replacement());
    }
    return e instanceof With with ? replaced(inlined(with)) : e;
  }

  /** What Spark would evaluate once stands wherever it is used: DuckDB finds the common parts. */
  static Expression inlined(With with) {
    Map<CommonExpressionId, Expression> definitions = new HashMap<>();
    for (Expression definition : Expressions.list(with.defs())) {
      CommonExpressionDef def = (CommonExpressionDef) definition;
      definitions.put(def.id(), def.child());
    }
    return with.child()
        .transformUp(
            replacing(
                part ->
                    part instanceof CommonExpressionRef ref && definitions.containsKey(ref.id()),
                part -> definitions.get(((CommonExpressionRef) part).id())));
  }

  private static PartialFunction<Expression, Expression> replacing(
      Predicate<Expression> what, UnaryOperator<Expression> by) {
    return new AbstractPartialFunction<>() {
      @Override
      public boolean isDefinedAt(Expression part) {
        return what.test(part);
      }

      @Override
      public Expression apply(Expression part) {
        return by.apply(part);
      }
    };
  }

  /**
   * The value in Catalyst's representation.
   *
   * @throws Untranslatable if it fails, or is the time at which it is asked for: a statement has
   *     one such time
   */
  static Object value(Expression e) {
    if (e.containsPattern(TreePattern.CURRENT_LIKE())) {
      throw new Untranslatable("expression " + e.prettyName() + " of the current time");
    }
    try {
      return evaluable(e).eval(null);
    } catch (RuntimeException failed) {
      throw new Untranslatable("constant " + e.prettyName() + " fails");
    }
  }

  /** The value of an expression that depends on no row; nothing if it does, or is null. */
  static Optional<Object> of(Expression e) {
    return e.foldable() && e.deterministic() ? Optional.ofNullable(value(e)) : Optional.empty();
  }

  /** A literal string, or nothing when it is null or depends on the row. */
  static Optional<String> text(Expression e) {
    return of(e).filter(UTF8String.class::isInstance).map(Object::toString);
  }
}
