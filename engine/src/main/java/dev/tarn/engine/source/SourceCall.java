package dev.tarn.engine.source;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.kernel.error.TarnException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.MapType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A call of a source's table function.
 *
 * @param positional the one argument that may come without a name, such as the path
 * @param named arguments by lower-case name, as texts; entries of a map argument count as arguments
 */
public record SourceCall(
    SparkSession spark,
    SessionContext session,
    boolean streaming,
    Optional<String> positional,
    Map<String, String> named) {

  static SourceCall of(
      Source source,
      SparkSession spark,
      SessionContext session,
      boolean streaming,
      scala.collection.immutable.Seq<Expression> arguments) {
    String function = source.function();
    Optional<String> positional = Optional.empty();
    Map<String, String> named = new LinkedHashMap<>();
    int place = 0;
    for (Expression argument : CollectionConverters.asJava(arguments)) {
      if (argument instanceof NamedArgumentExpression n) {
        put(function, named, n.key(), n.value());
      } else if (place < source.positionals().size()) {
        put(function, named, source.positionals().get(place++), argument);
      } else if (positional.isEmpty() && named.isEmpty()) {
        positional = Optional.of(constant(function, argument).toString());
      } else {
        throw TarnException.invalid(
            function + " takes one argument without a name; write the others as name => value.");
      }
    }
    return new SourceCall(spark, session, streaming, positional, named);
  }

  private static void put(
      String function, Map<String, String> named, String key, Expression value) {
    Object constant = constant(function, value);
    if (value.dataType() instanceof MapType && constant instanceof ArrayBasedMapData map) {
      for (int i = 0; i < map.numElements(); i++) {
        named.put(
            map.keyArray().getUTF8String(i).toString().toLowerCase(Locale.ROOT),
            map.valueArray().getUTF8String(i).toString());
      }
    } else if (named.put(key.toLowerCase(Locale.ROOT), constant.toString()) != null) {
      throw TarnException.invalid(function + ": the argument '" + key + "' is given twice.");
    }
  }

  private static Object constant(String function, Expression expression) {
    if (!expression.foldable()) {
      throw TarnException.invalid(
          function
              + ": '"
              + expression.sql()
              + "' must be a constant, known before any row is read.");
    }
    Object value = expression.eval(null);
    if (value == null) {
      throw TarnException.invalid(function + ": '" + expression.sql() + "' must not be NULL.");
    }
    return value;
  }

  public Optional<String> argument(String name) {
    return Optional.ofNullable(named.get(name.toLowerCase(Locale.ROOT)));
  }
}
