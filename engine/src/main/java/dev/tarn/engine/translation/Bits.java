package dev.tarn.engine.translation;

import org.apache.spark.sql.catalyst.expressions.BitwiseAnd;
import org.apache.spark.sql.catalyst.expressions.BitwiseNot;
import org.apache.spark.sql.catalyst.expressions.BitwiseOr;
import org.apache.spark.sql.catalyst.expressions.BitwiseXor;
import org.apache.spark.sql.catalyst.expressions.ShiftRight;
import org.apache.spark.sql.types.LongType;

/** Bits of whole numbers; {@code grouping()} is made of them. */
final class Bits {
  private Bits() {}

  static void lines(Functions table) {
    table.line(BitwiseAnd.class, "($1 & $2)");
    table.line(BitwiseOr.class, "($1 | $2)");
    table.line(BitwiseXor.class, "xor($1, $2)");
    table.line(BitwiseNot.class, "(~$1)");
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
