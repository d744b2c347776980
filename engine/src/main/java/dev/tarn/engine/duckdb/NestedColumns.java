package dev.tarn.engine.duckdb;

import dev.tarn.engine.translation.Literals;
import dev.tarn.engine.translation.Untranslatable;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Fields of structs, which have other names in files than in the table under column mapping. */
final class NestedColumns {
  private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";

  private NestedColumns() {}

  /** The field's name in files. */
  static String physicalName(StructField field) {
    return field.metadata().contains(PHYSICAL_NAME)
        ? field.metadata().getString(PHYSICAL_NAME)
        : field.name();
  }

  static boolean isNested(DataType type) {
    return type instanceof StructType || type instanceof ArrayType || type instanceof MapType;
  }

  /** The type as files have it. */
  static DataType physical(DataType type) {
    if (type instanceof StructType struct) {
      return new StructType(
          Arrays.stream(struct.fields())
              .map(f -> f.copy(physicalName(f), physical(f.dataType()), f.nullable(), f.metadata()))
              .toArray(StructField[]::new));
    } else if (type instanceof ArrayType array) {
      return new ArrayType(physical(array.elementType()), array.containsNull());
    } else if (type instanceof MapType map) {
      return new MapType(
          physical(map.keyType()), physical(map.valueType()), map.valueContainsNull());
    }
    return type;
  }

  /**
   * A value of the type that files have, with the names that the table has.
   *
   * @param sql the value; used several times
   */
  static String renamed(String sql, DataType type, int depth) {
    if (type.equals(physical(type))) {
      return sql;
    } else if (type instanceof StructType struct) {
      return Arrays.stream(struct.fields())
          .map(
              f ->
                  Literals.name(f.name())
                      + " := "
                      + renamed(
                          "struct_extract(" + sql + ", " + Literals.text(physicalName(f)) + ")",
                          f.dataType(),
                          depth))
          .collect(
              Collectors.joining(
                  ", ", "CASE WHEN " + sql + " IS NOT NULL THEN struct_pack(", ") END"));
    } else if (type instanceof ArrayType array) {
      String each = "e" + depth;
      return "list_transform("
          + sql
          + ", lambda "
          + each
          + ": "
          + renamed(each, array.elementType(), depth + 1)
          + ")";
    }
    throw new Untranslatable("maps of structs whose fields were renamed");
  }
}
