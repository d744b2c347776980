package dev.tarn.engine.translation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Arrays, maps and structs as JSON: lists, lists of entries with {@code k} and {@code v}, and
 * objects whose fields are {@code f0}, {@code f1} …; in them, what is neither a whole number nor a
 * boolean is a string.
 */
final class NestedCarrier {
  private NestedCarrier() {}

  static String in(String text, DataType type) {
    return "CAST(" + each(text, type, x -> "to_json(" + packed(x, type, 1) + ")") + " AS VARCHAR)";
  }

  static String out(String text, DataType type) {
    String read = "from_json_strict(" + text + ", " + Literals.text(structure(type)) + ")";
    return Arithmetic.cast(each(read, type, x -> unpacked(x, type, 1)), type);
  }

  /** Names a value, so that it is computed once; of null it makes null. */
  private static String each(String text, DataType type, UnaryOperator<String> form) {
    String name = "\"value\"";
    return "list_transform(["
        + text
        + "], lambda "
        + name
        + ": CASE WHEN "
        + name
        + " IS NOT NULL THEN "
        + form.apply(name)
        + " END)[1]";
  }

  private static String transform(String list, int depth, UnaryOperator<String> form) {
    String name = "\"value " + depth + "\"";
    return "list_transform(" + list + ", lambda " + name + ": " + form.apply(name) + ")";
  }

  private static String packed(String text, DataType type, int depth) {
    if (type instanceof ArrayType array) {
      return transform(text, depth, x -> packed(x, array.elementType(), depth + 1));
    }
    if (type instanceof MapType map) {
      return transform(
          "map_entries(" + text + ")",
          depth,
          x ->
              "struct_pack(k := "
                  + packed(x + ".key", map.keyType(), depth + 1)
                  + ", v := "
                  + packed(x + ".value", map.valueType(), depth + 1)
                  + ")");
    }
    if (type instanceof StructType struct) {
      List<String> fields = new ArrayList<>();
      for (int i = 0; i < struct.fields().length; i++) {
        StructField field = struct.fields()[i];
        String value = "struct_extract(" + text + ", " + Literals.text(field.name()) + ")";
        fields.add("f" + i + " := " + packed(value, field.dataType(), depth));
      }
      return present(text, "struct_pack(" + String.join(", ", fields) + ")");
    }
    return type instanceof BooleanType || DuckTypes.integral(Carrier.of(type))
        ? Carrier.in(text, type)
        : "CAST(" + Carrier.in(text, type) + " AS VARCHAR)";
  }

  private static String present(String text, String otherwise) {
    return "CASE WHEN " + text + " IS NOT NULL THEN " + otherwise + " END";
  }

  /** What is read from JSON, in DuckDB's own words for it. */
  private static String structure(DataType type) {
    if (type instanceof ArrayType array) {
      return "[" + structure(array.elementType()) + "]";
    }
    if (type instanceof MapType map) {
      return "[{\"k\":" + structure(map.keyType()) + ",\"v\":" + structure(map.valueType()) + "}]";
    }
    if (type instanceof StructType struct) {
      return IntStream.range(0, struct.fields().length)
          .mapToObj(i -> "\"f" + i + "\":" + structure(struct.fields()[i].dataType()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    DataType carrier = Carrier.of(type);
    return '"'
        + (type instanceof BooleanType || DuckTypes.integral(carrier)
            ? DuckTypes.duck(carrier)
            : "VARCHAR")
        + '"';
  }

  private static String unpacked(String text, DataType type, int depth) {
    if (type instanceof ArrayType array) {
      return transform(text, depth, x -> unpacked(x, array.elementType(), depth + 1));
    }
    if (type instanceof MapType map) {
      return present(
          text,
          "map_from_entries("
              + transform(
                  text,
                  depth,
                  x ->
                      "struct_pack(k := "
                          + unpacked(x + ".k", map.keyType(), depth + 1)
                          + ", v := "
                          + unpacked(x + ".v", map.valueType(), depth + 1)
                          + ")")
              + ")");
    }
    if (type instanceof StructType struct) {
      List<String> fields = new ArrayList<>();
      for (int i = 0; i < struct.fields().length; i++) {
        StructField field = struct.fields()[i];
        fields.add(
            Literals.name(field.name())
                + " := "
                + unpacked(text + ".f" + i, field.dataType(), depth));
      }
      return present(text, "struct_pack(" + String.join(", ", fields) + ")");
    }
    return type instanceof StringType || type instanceof BinaryType
        ? Carrier.out(text, type)
        : Arithmetic.cast(Carrier.out(text, type), type);
  }
}
