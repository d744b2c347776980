package dev.tarn.serve.thrift;

import dev.tarn.engine.sql.ResultColumn;
import dev.tarn.serve.results.ManifestType;
import dev.tarn.serve.thrift.Enums.TTypeId;
import dev.tarn.serve.thrift.TypeStructs.TColumnDesc;
import dev.tarn.serve.thrift.TypeStructs.TPrimitiveTypeEntry;
import dev.tarn.serve.thrift.TypeStructs.TTableSchema;
import dev.tarn.serve.thrift.TypeStructs.TTypeDesc;
import dev.tarn.serve.thrift.TypeStructs.TTypeEntry;
import dev.tarn.serve.thrift.TypeStructs.TTypeQualifierValue;
import dev.tarn.serve.thrift.TypeStructs.TTypeQualifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A result's columns as the wire describes them. */
final class TypeDescriptions {
  private TypeDescriptions() {}

  static TTableSchema schema(List<ResultColumn> columns) {
    List<TColumnDesc> descriptions = new ArrayList<>();
    for (ResultColumn column : columns) {
      // Clients know complex types by their names alone, not by entries of their parts.
      TPrimitiveTypeEntry entry =
          new TPrimitiveTypeEntry(typeId(column.typeText()), qualifiers(column.typeText()));
      descriptions.add(
          new TColumnDesc(
              column.name(),
              new TTypeDesc(List.of(new TTypeEntry(entry, null, null, null, null, null))),
              descriptions.size() + 1,
              null));
    }
    return new TTableSchema(descriptions);
  }

  static TTypeId typeId(String typeText) {
    ManifestType type = ManifestType.of(typeText);
    return switch (type.typeName()) {
      case "BOOLEAN" -> TTypeId.BOOLEAN_TYPE;
      case "BYTE" -> TTypeId.TINYINT_TYPE;
      case "SHORT" -> TTypeId.SMALLINT_TYPE;
      case "INT" -> TTypeId.INT_TYPE;
      case "LONG" -> TTypeId.BIGINT_TYPE;
      case "FLOAT" -> TTypeId.FLOAT_TYPE;
      case "DOUBLE" -> TTypeId.DOUBLE_TYPE;
      case "DECIMAL" -> TTypeId.DECIMAL_TYPE;
      case "DATE" -> TTypeId.DATE_TYPE;
      case "TIMESTAMP" -> TTypeId.TIMESTAMP_TYPE;
      case "BINARY" -> TTypeId.BINARY_TYPE;
      case "ARRAY" -> TTypeId.ARRAY_TYPE;
      case "MAP" -> TTypeId.MAP_TYPE;
      case "STRUCT" -> TTypeId.STRUCT_TYPE;
      case "NULL" -> TTypeId.NULL_TYPE;
      case "INTERVAL" ->
          type.intervalType().filter(t -> t.contains("YEAR") || t.contains("MONTH")).isPresent()
              ? TTypeId.INTERVAL_YEAR_MONTH_TYPE
              : TTypeId.INTERVAL_DAY_TIME_TYPE;
      default -> TTypeId.STRING_TYPE;
    };
  }

  private static TTypeQualifiers qualifiers(String typeText) {
    ManifestType type = ManifestType.of(typeText);
    if (type.precision().isEmpty()) {
      return null;
    }
    return new TTypeQualifiers(
        Map.of(
            "precision", new TTypeQualifierValue(type.precision().get(), null),
            "scale", new TTypeQualifierValue(type.scale().orElse(0), null)));
  }
}
