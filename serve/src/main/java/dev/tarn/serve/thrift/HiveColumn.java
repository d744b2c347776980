package dev.tarn.serve.thrift;

import dev.tarn.serve.results.ChunkReader;
import dev.tarn.serve.thrift.Enums.TTypeId;
import dev.tarn.serve.thrift.RowStructs.TBinaryColumn;
import dev.tarn.serve.thrift.RowStructs.TBoolColumn;
import dev.tarn.serve.thrift.RowStructs.TByteColumn;
import dev.tarn.serve.thrift.RowStructs.TColumn;
import dev.tarn.serve.thrift.RowStructs.TDoubleColumn;
import dev.tarn.serve.thrift.RowStructs.TI16Column;
import dev.tarn.serve.thrift.RowStructs.TI32Column;
import dev.tarn.serve.thrift.RowStructs.TI64Column;
import dev.tarn.serve.thrift.RowStructs.TStringColumn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.VarBinaryVector;

/** Gathers one column's values the way Hive's clients read them; what has no kind there is text. */
final class HiveColumn {
  private final TTypeId type;
  private final List<Object> values = new ArrayList<>();
  private final BitSet nulls = new BitSet();

  HiveColumn(String typeText) {
    this.type = TypeDescriptions.typeId(typeText);
  }

  void add(FieldVector vector, int rows) throws IOException {
    for (int row = 0; row < rows; row++) {
      boolean absent = vector.isNull(row);
      if (absent) {
        nulls.set(values.size());
      }
      values.add(value(vector, row, absent));
    }
  }

  private Object value(FieldVector vector, int row, boolean absent) throws IOException {
    long number = !absent && vector instanceof BaseIntVector whole ? whole.getValueAsLong(row) : 0;
    return switch (type) {
      case BOOLEAN_TYPE -> !absent && ((BitVector) vector).get(row) != 0;
      case TINYINT_TYPE -> (byte) number;
      case SMALLINT_TYPE -> (short) number;
      case INT_TYPE -> (int) number;
      case BIGINT_TYPE -> number;
      case FLOAT_TYPE, DOUBLE_TYPE ->
          absent ? 0.0 : ((FloatingPointVector) vector).getValueAsDouble(row);
      case BINARY_TYPE -> absent ? new byte[0] : ((VarBinaryVector) vector).get(row);
      default -> absent ? "" : ChunkReader.text(vector, row);
    };
  }

  TColumn column() {
    byte[] bits = nulls.toByteArray();
    return switch (type) {
      case BOOLEAN_TYPE ->
          new TColumn(
              new TBoolColumn(of(Boolean.class), bits), null, null, null, null, null, null, null);
      case TINYINT_TYPE ->
          new TColumn(
              null, new TByteColumn(of(Byte.class), bits), null, null, null, null, null, null);
      case SMALLINT_TYPE ->
          new TColumn(
              null, null, new TI16Column(of(Short.class), bits), null, null, null, null, null);
      case INT_TYPE ->
          new TColumn(
              null, null, null, new TI32Column(of(Integer.class), bits), null, null, null, null);
      case BIGINT_TYPE ->
          new TColumn(
              null, null, null, null, new TI64Column(of(Long.class), bits), null, null, null);
      case FLOAT_TYPE, DOUBLE_TYPE ->
          new TColumn(
              null, null, null, null, null, new TDoubleColumn(of(Double.class), bits), null, null);
      case BINARY_TYPE ->
          new TColumn(
              null, null, null, null, null, null, null, new TBinaryColumn(of(byte[].class), bits));
      default ->
          new TColumn(
              null, null, null, null, null, null, new TStringColumn(of(String.class), bits), null);
    };
  }

  @SuppressWarnings("unchecked")
  private <T> List<T> of(Class<T> kind) {
    return (List<T>) values;
  }
}
