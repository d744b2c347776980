package dev.tarn.serve.thrift;

import dev.tarn.serve.thrift.Enums.TTypeId;
import java.util.List;
import java.util.Map;

/** Structs of the wire, by its names. Of types: what columns there are. */
final class TypeStructs {
  private TypeStructs() {}

  record TTableSchema(@Id(value = 1, required = true) List<TColumnDesc> columns) {}

  record TColumnDesc(
      @Id(value = 1, required = true) String columnName,
      @Id(value = 2, required = true) TTypeDesc typeDesc,
      @Id(value = 3, required = true) Integer position,
      @Id(4) String comment) {}

  record TTypeDesc(@Id(value = 1, required = true) List<TTypeEntry> types) {}

  record TTypeEntry(
      @Id(1) TPrimitiveTypeEntry primitiveEntry,
      @Id(2) TArrayTypeEntry arrayEntry,
      @Id(3) TMapTypeEntry mapEntry,
      @Id(4) TStructTypeEntry structEntry,
      @Id(5) TUnionTypeEntry unionEntry,
      @Id(6) TUserDefinedTypeEntry userDefinedTypeEntry) {}

  record TPrimitiveTypeEntry(
      @Id(value = 1, required = true) TTypeId type, @Id(2) TTypeQualifiers typeQualifiers) {}

  record TTypeQualifiers(
      @Id(value = 1, required = true) Map<String, TTypeQualifierValue> qualifiers) {}

  record TTypeQualifierValue(@Id(1) Integer i32Value, @Id(2) String stringValue) {}

  record TArrayTypeEntry(@Id(value = 1, required = true) Integer objectTypePtr) {}

  record TMapTypeEntry(
      @Id(value = 1, required = true) Integer keyTypePtr,
      @Id(value = 2, required = true) Integer valueTypePtr) {}

  record TStructTypeEntry(@Id(value = 1, required = true) Map<String, Integer> nameToTypePtr) {}

  record TUnionTypeEntry(@Id(value = 1, required = true) Map<String, Integer> nameToTypePtr) {}

  record TUserDefinedTypeEntry(@Id(value = 1, required = true) String typeClassName) {}
}
