package dev.tarn.engine.translation;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.ArrayExists;
import org.apache.spark.sql.catalyst.expressions.ArrayFilter;
import org.apache.spark.sql.catalyst.expressions.ArrayTransform;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.NamedLambdaVariable;

/** Functions of arrays that take a function of one element. */
final class Lambdas {
  private Lambdas() {}

  static void lines(Functions table) {
    table.line(NamedLambdaVariable.class, (e, to) -> name(e));
    table.line(
        ArrayTransform.class,
        (e, to) ->
            Arithmetic.cast(call("list_transform", e.argument(), e.function(), to), e.dataType()));
    table.line(ArrayFilter.class, (e, to) -> call("list_filter", e.argument(), e.function(), to));
    table.line(ArrayExists.class, Lambdas::exists);
  }

  private static String name(NamedLambdaVariable variable) {
    return "\"element " + variable.exprId().id() + "\"";
  }

  private static String call(String call, Expression array, Expression function, Expressions to) {
    LambdaFunction lambda = (LambdaFunction) function;
    List<Expression> arguments = Expressions.list(lambda.arguments());
    if (arguments.size() != 1) {
      throw new Untranslatable("a lambda of " + arguments.size() + " arguments");
    }
    return call
        + "("
        + to.sql(array)
        + ", lambda "
        + name((NamedLambdaVariable) arguments.get(0))
        + ": "
        + to.sql(lambda.function())
        + ")";
  }

  private static String exists(ArrayExists e, Expressions to) {
    if (!e.followThreeValuedLogic()) {
      throw Expressions.unknown(e);
    }
    String found = call("list_transform", e.argument(), e.function(), to);
    return "CASE WHEN "
        + to.sql(e.argument())
        + " IS NULL THEN NULL WHEN list_contains("
        + found
        + ", true) THEN true WHEN list_count("
        + found
        + ") < len("
        + found
        + ") THEN NULL ELSE false END";
  }
}
