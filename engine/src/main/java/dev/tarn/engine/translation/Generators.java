package dev.tarn.engine.translation;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Explode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Generator;
import org.apache.spark.sql.catalyst.expressions.Inline;
import org.apache.spark.sql.catalyst.expressions.PosExplode;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/** Functions that make rows, as a SELECT that may name columns of the row it stands beside. */
final class Generators {
  private Generators() {}

  /**
   * @param columns what the generator's columns are called
   */
  static String rows(Expression generator, List<Attribute> columns, Expressions expressions) {
    if (generator instanceof Explode explode) {
      String collection = expressions.sql(explode.child());
      if (explode.child().dataType() instanceof ArrayType) {
        return "SELECT unnest(" + collection + ") AS " + Block.name(columns.get(0));
      } else if (explode.child().dataType() instanceof MapType) {
        return fields("map_entries(" + collection + ")", List.of("key", "value"), columns);
      }
    } else if (generator instanceof PosExplode explode
        && explode.child().dataType() instanceof ArrayType) {
      String collection = expressions.sql(explode.child());
      return "SELECT CAST(generate_subscripts("
          + collection
          + ", 1) - 1 AS INTEGER) AS "
          + Block.name(columns.get(0))
          + ", unnest("
          + collection
          + ") AS "
          + Block.name(columns.get(1));
    } else if (generator instanceof Inline inline
        && inline.child().dataType() instanceof ArrayType array
        && array.elementType() instanceof StructType struct) {
      return fields(expressions.sql(inline.child()), List.of(struct.fieldNames()), columns);
    }
    return fields(
        expressions.generated(generator),
        List.of(((Generator) generator).elementSchema().fieldNames()),
        columns);
  }

  private static String fields(String structs, List<String> names, List<Attribute> columns) {
    List<String> list = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      list.add("e[" + Literals.text(names.get(i)) + "] AS " + Block.name(columns.get(i)));
    }
    return "SELECT " + String.join(", ", list) + " FROM (SELECT unnest(" + structs + ") AS e)";
  }
}
