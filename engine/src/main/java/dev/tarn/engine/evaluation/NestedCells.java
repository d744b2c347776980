package dev.tarn.engine.evaluation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Base64;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.YearMonthIntervalType;
import org.apache.spark.unsafe.types.UTF8String;

/** Arrays, maps and structs in the JSON in which they cross. */
final class NestedCells {
  private static final ObjectMapper JSON = new ObjectMapper();

  private NestedCells() {}

  static boolean nested(DataType type) {
    return type instanceof ArrayType || type instanceof MapType || type instanceof StructType;
  }

  static Object read(String text, DataType type) {
    try {
      return value(JSON.readTree(text), type);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object value(JsonNode node, DataType type) {
    if (node == null || node.isNull()) {
      return null;
    } else if (type instanceof ArrayType array) {
      return array(node, "", array.elementType());
    } else if (type instanceof MapType map) {
      return new ArrayBasedMapData(
          array(node, "k", map.keyType()), array(node, "v", map.valueType()));
    } else if (type instanceof StructType struct) {
      Object[] fields = new Object[struct.fields().length];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = value(node.get("f" + i), struct.fields()[i].dataType());
      }
      return new GenericInternalRow(fields);
    } else if (type instanceof BooleanType) {
      return node.booleanValue();
    } else if (type instanceof ByteType) {
      return (byte) node.intValue();
    } else if (type instanceof ShortType) {
      return (short) node.intValue();
    } else if (type instanceof IntegerType
        || type instanceof DateType
        || type instanceof YearMonthIntervalType) {
      return node.intValue();
    } else if (type instanceof StringType) {
      return UTF8String.fromString(node.textValue());
    } else if (type instanceof BinaryType) {
      return Base64.getDecoder().decode(node.textValue());
    } else if (type instanceof DecimalType decimal) {
      return Decimal.apply(new BigDecimal(node.textValue()), decimal.precision(), decimal.scale());
    } else if (type instanceof DoubleType) {
      return floating(node.textValue());
    } else if (type instanceof FloatType) {
      // Through the text: twice rounded is not once rounded.
      String text = node.textValue();
      return text.endsWith("f") || text.endsWith("n")
          ? (Object) (float) floating(text)
          : Float.valueOf(text);
    }
    return node.longValue();
  }

  /** As DuckDB writes it. */
  private static double floating(String text) {
    return switch (text) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan", "-nan" -> Double.NaN;
      default -> Double.parseDouble(text);
    };
  }

  private static ArrayData array(JsonNode node, String field, DataType type) {
    Object[] elements = new Object[node.size()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = value(field.isEmpty() ? node.get(i) : node.get(i).get(field), type);
    }
    return new GenericArrayData(elements);
  }

  static String write(Object value, DataType type) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(json, value, type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, Object value, DataType type) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (type instanceof ArrayType array) {
      ArrayData data = (ArrayData) value;
      json.writeStartArray();
      for (int i = 0; i < data.numElements(); i++) {
        write(json, element(data, i, array.elementType()), array.elementType());
      }
      json.writeEndArray();
    } else if (type instanceof MapType map) {
      MapData data = (MapData) value;
      json.writeStartArray();
      for (int i = 0; i < data.numElements(); i++) {
        json.writeStartObject();
        json.writeFieldName("k");
        write(json, element(data.keyArray(), i, map.keyType()), map.keyType());
        json.writeFieldName("v");
        write(json, element(data.valueArray(), i, map.valueType()), map.valueType());
        json.writeEndObject();
      }
      json.writeEndArray();
    } else if (type instanceof StructType struct) {
      InternalRow row = (InternalRow) value;
      json.writeStartObject();
      for (int i = 0; i < struct.fields().length; i++) {
        DataType field = struct.fields()[i].dataType();
        json.writeFieldName("f" + i);
        write(json, row.isNullAt(i) ? null : row.get(i, field), field);
      }
      json.writeEndObject();
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof UTF8String string) {
      json.writeString(Cells.text(string));
    } else if (value instanceof byte[] bytes) {
      json.writeString(Base64.getEncoder().encodeToString(bytes));
    } else if (value instanceof Decimal decimal) {
      json.writeString(decimal.toJavaBigDecimal().toPlainString());
    } else if (value instanceof Double || value instanceof Float) {
      json.writeString(value.toString());
    } else {
      json.writeNumber(((Number) value).longValue());
    }
  }

  private static Object element(ArrayData data, int at, DataType type) {
    return data.isNullAt(at) ? null : data.get(at, type);
  }
}
