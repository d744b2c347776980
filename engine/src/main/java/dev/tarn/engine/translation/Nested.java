package dev.tarn.engine.translation;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.ArrayContains;
import org.apache.spark.sql.catalyst.expressions.ArrayJoin;
import org.apache.spark.sql.catalyst.expressions.ArrayMax;
import org.apache.spark.sql.catalyst.expressions.ArrayMin;
import org.apache.spark.sql.catalyst.expressions.CreateArray;
import org.apache.spark.sql.catalyst.expressions.CreateMap;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.ElementAt;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetArrayItem;
import org.apache.spark.sql.catalyst.expressions.GetMapValue;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.MapKeys;
import org.apache.spark.sql.catalyst.expressions.MapValues;
import org.apache.spark.sql.catalyst.expressions.Size;
import org.apache.spark.sql.catalyst.expressions.SortArray;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** Arrays, maps and structs. */
final class Nested {
  private Nested() {}

  static void lines(Functions table) {
    table.line(CreateArray.class, Nested::array);
    table.line(CreateMap.class, Nested::map);
    table.line(CreateNamedStruct.class, Nested::struct);
    table.line(GetStructField.class, Nested::field);
    table.line(GetArrayItem.class, Nested::item);
    table.line(ElementAt.class, Nested::element);
    table.line(GetMapValue.class, (e, to) -> value(e.child(), e.key(), to));
    table.line(Size.class, Nested::size);
    table.line(ArrayContains.class, Nested::contains);
    table.line(SortArray.class, Nested::sorted);
    table.line(ArrayMin.class, (e, to) -> extreme("list_min", e, e.child(), to));
    table.line(ArrayMax.class, (e, to) -> extreme("list_max", e, e.child(), to));
    table.line(ArrayJoin.class, Nested::join);
    table.line(MapKeys.class, "map_keys($1)");
    table.line(MapValues.class, "map_values($1)");
  }

  private static String array(CreateArray e, Expressions to) {
    return Arithmetic.cast("[" + String.join(", ", to.children(e)) + "]", e.dataType());
  }

  /** A key that comes twice, or is null, fails on both sides. */
  private static String map(CreateMap e, Expressions to) {
    List<String> all = to.children(e);
    List<String> keys = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < all.size(); i += 2) {
      keys.add(all.get(i));
      values.add(all.get(i + 1));
    }
    Conditions.comparable(e.dataType().keyType());
    return Arithmetic.cast(
        "MAP([" + String.join(", ", keys) + "], [" + String.join(", ", values) + "])",
        e.dataType());
  }

  private static String struct(CreateNamedStruct e, Expressions to) {
    StructType type = e.dataType();
    List<Expression> values = Expressions.list(e.valExprs());
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      fields.add(Literals.name(type.fields()[i].name()) + " := " + to.sql(values.get(i)));
    }
    return Arithmetic.cast("struct_pack(" + String.join(", ", fields) + ")", type);
  }

  private static String field(GetStructField e, Expressions to) {
    StructType type = (StructType) e.child().dataType();
    return "struct_extract("
        + to.sql(e.child())
        + ", "
        + Literals.text(type.fields()[e.ordinal()].name())
        + ")";
  }

  private static String item(GetArrayItem e, Expressions to) {
    if (!e.failOnError()) {
      throw Expressions.unknown(e);
    }
    String array = to.sql(e.child());
    String at = to.sql(e.ordinal());
    return "CASE WHEN "
        + at
        + " < 0 OR "
        + at
        + " >= len("
        + array
        + ") THEN error('[INVALID_ARRAY_INDEX]') ELSE list_extract("
        + array
        + ", "
        + at
        + " + 1) END";
  }

  private static String element(ElementAt e, Expressions to) {
    if (e.left().dataType() instanceof MapType) {
      return value(e.left(), e.right(), to);
    }
    if (!e.failOnError() || e.defaultValueOutOfBound().isDefined()) {
      throw Expressions.unknown(e);
    }
    String array = to.sql(e.left());
    String at = to.sql(e.right());
    return "CASE WHEN "
        + at
        + " = 0 OR abs(CAST("
        + at
        + " AS BIGINT)) > len("
        + array
        + ") THEN error('[INVALID_ARRAY_INDEX_IN_ELEMENT_AT]') ELSE list_extract("
        + array
        + ", "
        + at
        + ") END";
  }

  private static String value(Expression map, Expression key, Expressions to) {
    Conditions.comparable(key.dataType());
    return "element_at(" + to.sql(map) + ", " + to.sql(key) + ")[1]";
  }

  private static String size(Size e, Expressions to) {
    if (e.legacySizeOfNull()) {
      throw Expressions.unknown(e);
    }
    String function = e.child().dataType() instanceof MapType ? "cardinality" : "len";
    return "CAST(" + function + "(" + to.sql(e.child()) + ") AS INTEGER)";
  }

  /** Unknown, where the value is not found but the array holds a null. */
  private static String contains(ArrayContains e, Expressions to) {
    Conditions.comparable(e.right().dataType());
    String array = to.sql(e.left());
    String value = to.sql(e.right());
    return "CASE WHEN "
        + array
        + " IS NULL OR "
        + value
        + " IS NULL THEN NULL WHEN list_contains("
        + array
        + ", "
        + value
        + ") THEN true WHEN list_count("
        + array
        + ") < len("
        + array
        + ") THEN NULL ELSE false END";
  }

  private static String sorted(SortArray e, Expressions to) {
    DataType element = ((ArrayType) e.dataType()).elementType();
    Conditions.comparable(element);
    boolean ascending =
        Constants.of(e.ascendingOrder())
            .map(Boolean.TRUE::equals)
            .orElseThrow(() -> new Untranslatable("sort_array in an order that is no literal"));
    return "list_sort("
        + to.sql(e.base())
        + (ascending ? ", 'ASC', 'NULLS FIRST')" : ", 'DESC', 'NULLS LAST')");
  }

  private static String extreme(String function, Expression e, Expression array, Expressions to) {
    DataType element = ((ArrayType) array.dataType()).elementType();
    Conditions.comparable(element);
    return Conditions.zeroBySpark(e, function + "(" + to.sql(array) + ")", element, to);
  }

  private static String join(ArrayJoin e, Expressions to) {
    boolean delimiter = Constants.text(e.delimiter()).isPresent();
    if (e.nullReplacement().isDefined()
        || !delimiter
        || !(((ArrayType) e.array().dataType()).elementType() instanceof StringType)) {
      throw new Untranslatable("array_join with a replacement of nulls");
    }
    String array = to.sql(e.array());
    return "CASE WHEN "
        + array
        + " IS NOT NULL THEN coalesce(array_to_string("
        + array
        + ", "
        + to.sql(e.delimiter())
        + "), '') END";
  }
}
