package dev.tarn.engine.translation;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;

/** Functions of DuckDB that evaluate expressions of Spark's. */
@FunctionalInterface
public interface ScalarFunctions {
  /** Where there are none. */
  ScalarFunctions NONE =
      (bound, arguments) -> {
        throw Expressions.unknown(bound);
      };

  /**
   * @param bound refers to nothing but its arguments, by {@code BoundReference} in their order
   * @param arguments SQL, in the types of {@link Carrier}
   * @return SQL of a call, whose result is in the type of {@link Carrier}
   * @throws Untranslatable if this cannot be evaluated from within DuckDB
   */
  String call(Expression bound, List<String> arguments);
}
