package dev.tarn.engine.translation;

import org.apache.spark.sql.catalyst.expressions.ShiftRight;
import org.apache.spark.sql.types.LongType;

/** Shifts of whole numbers, which {@code grouping()} is made of. */
final class Bits {
  private Bits() {}

  static void lines(Functions table) {
    // Java shifts by the last five or six bits of the distance.
    table.line(
        ShiftRight.class,
        (e, to) ->
            "("
                + to.sql(e.left())
                + " >> ("
                + to.sql(e.right())
                + (e.left().dataType() instanceof LongType ? " & 63))" : " & 31))"));
  }
}
