package dev.tarn.serve.thrift;

import dev.tarn.serve.thrift.Enums.TDBSqlArrowLayout;
import dev.tarn.serve.thrift.Enums.TDBSqlCompressionCodec;
import java.util.List;
import java.util.Map;

/** Structs of the wire, by its names. Of rows: as Arrow batches, links, columns, or values. */
final class RowStructs {
  private RowStructs() {}

  record TRowSet(
      @Id(value = 1, required = true) Long startRowOffset,
      @Id(value = 2, required = true) List<TRow> rows,
      @Id(3) List<TColumn> columns,
      @Id(4) byte[] binaryColumns,
      @Id(5) Integer columnCount,
      @Id(1281) List<TSparkArrowBatch> arrowBatches,
      @Id(1282) List<TSparkArrowResultLink> resultLinks) {}

  record TSparkArrowBatch(
      @Id(value = 1, required = true) byte[] batch,
      @Id(value = 2, required = true) Long rowCount) {}

  record TSparkArrowResultLink(
      @Id(value = 1, required = true) String fileLink,
      @Id(value = 2, required = true) Long expiryTime,
      @Id(value = 3, required = true) Long startRowOffset,
      @Id(value = 4, required = true) Long rowCount,
      @Id(value = 5, required = true) Long bytesNum,
      @Id(6) Map<String, String> httpHeaders) {}

  record TColumn(
      @Id(1) TBoolColumn boolVal,
      @Id(2) TByteColumn byteVal,
      @Id(3) TI16Column i16Val,
      @Id(4) TI32Column i32Val,
      @Id(5) TI64Column i64Val,
      @Id(6) TDoubleColumn doubleVal,
      @Id(7) TStringColumn stringVal,
      @Id(8) TBinaryColumn binaryVal) {}

  record TBoolColumn(
      @Id(value = 1, required = true) List<Boolean> values,
      @Id(value = 2, required = true) byte[] nulls) {}

  record TByteColumn(
      @Id(value = 1, required = true) List<Byte> values,
      @Id(value = 2, required = true) byte[] nulls) {}

  record TI16Column(
      @Id(value = 1, required = true) List<Short> values,
      @Id(value = 2, required = true) byte[] nulls) {}

  record TI32Column(
      @Id(value = 1, required = true) List<Integer> values,
      @Id(value = 2, required = true) byte[] nulls) {}

  record TI64Column(
      @Id(value = 1, required = true) List<Long> values,
      @Id(value = 2, required = true) byte[] nulls) {}

  record TDoubleColumn(
      @Id(value = 1, required = true) List<Double> values,
      @Id(value = 2, required = true) byte[] nulls) {}

  record TStringColumn(
      @Id(value = 1, required = true) List<String> values,
      @Id(value = 2, required = true) byte[] nulls) {}

  record TBinaryColumn(
      @Id(value = 1, required = true) List<byte[]> values,
      @Id(value = 2, required = true) byte[] nulls) {}

  record TRow(@Id(value = 1, required = true) List<TColumnValue> colVals) {}

  record TColumnValue(
      @Id(1) TBoolValue boolVal,
      @Id(2) TByteValue byteVal,
      @Id(3) TI16Value i16Val,
      @Id(4) TI32Value i32Val,
      @Id(5) TI64Value i64Val,
      @Id(6) TDoubleValue doubleVal,
      @Id(7) TStringValue stringVal) {}

  record TBoolValue(@Id(1) Boolean value) {}

  record TByteValue(@Id(1) Byte value) {}

  record TI16Value(@Id(1) Short value) {}

  record TI32Value(@Id(1) Integer value) {}

  record TI64Value(@Id(1) Long value) {}

  record TDoubleValue(@Id(1) Double value) {}

  record TStringValue(@Id(1) String value) {}

  record TDBSqlResultFormat(
      @Id(1) TDBSqlArrowFormat arrowFormat,
      @Id(2) TDBSqlCsvFormat csvFormat,
      @Id(3) TDBSqlJsonArrayFormat jsonArrayFormat) {}

  record TDBSqlArrowFormat(
      @Id(1) TDBSqlArrowLayout arrowLayout, @Id(2) TDBSqlCompressionCodec compressionCodec) {}

  record TDBSqlCsvFormat(@Id(1) TDBSqlCompressionCodec compressionCodec) {}

  record TDBSqlJsonArrayFormat(@Id(1) TDBSqlCompressionCodec compressionCodec) {}
}
