package dev.tarn.engine.translation;

import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * 0.0 and -0.0 are one group to both executors. Spark says 0.0 of it; DuckDB says what it met
 * first.
 */
final class SignedZeros {
  private SignedZeros() {}

  /**
   * @throws Untranslatable if rows are put together by a floating-point number
   */
  static void refuse(scala.collection.Iterable<? extends Expression> keys) {
    for (Expression key : CollectionConverters.asJava(keys)) {
      if (floating(key.dataType())) {
        throw new Untranslatable("rows put together by a floating-point number");
      }
    }
  }

  private static boolean floating(DataType type) {
    if (type instanceof StructType struct) {
      for (StructField field : struct.fields()) {
        if (floating(field.dataType())) {
          return true;
        }
      }
      return false;
    }
    return type instanceof DoubleType
        || type instanceof FloatType
        || (type instanceof ArrayType array && floating(array.elementType()));
  }
}
