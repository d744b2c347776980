package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Grants;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Securables as Unity Catalog's REST API spells them. */
final class CatalogWire {
  private CatalogWire() {}

  record Catalog(
      String id,
      String name,
      String fullName,
      String owner,
      String comment,
      Map<String, String> properties,
      String connectionName,
      Map<String, String> options,
      String storageRoot,
      String storageLocation,
      String catalogType,
      String securableType,
      String isolationMode,
      String metastoreId,
      Boolean browseOnly,
      String createdBy,
      long createdAt,
      String updatedBy,
      long updatedAt) {}

  record Schema(
      String schemaId,
      String name,
      String catalogName,
      String fullName,
      String owner,
      String comment,
      Map<String, String> properties,
      String storageRoot,
      String storageLocation,
      String catalogType,
      String metastoreId,
      Boolean browseOnly,
      String createdBy,
      long createdAt,
      String updatedBy,
      long updatedAt) {}

  record Column(
      String name,
      String typeText,
      String typeJson,
      String typeName,
      int position,
      boolean nullable,
      String comment,
      FilterWire.Mask mask) {}

  record Table(
      String tableId,
      String name,
      String catalogName,
      String schemaName,
      String fullName,
      String tableType,
      String dataSourceFormat,
      String storageLocation,
      String owner,
      String comment,
      List<Column> columns,
      Map<String, String> properties,
      String viewDefinition,
      List<?> tableConstraints,
      String metastoreId,
      Boolean browseOnly,
      FilterWire.Filter rowFilter,
      long createdAt,
      long updatedAt) {}

  record Volume(
      String volumeId,
      String name,
      String catalogName,
      String schemaName,
      String fullName,
      String volumeType,
      String storageLocation,
      String owner,
      String comment,
      String metastoreId,
      Boolean browseOnly,
      long createdAt,
      long updatedAt) {}

  /** What a securable is answered with beside itself. */
  record Aspect(String metastoreId, boolean browseOnly) {
    Boolean flag() {
      return browseOnly ? Boolean.TRUE : null;
    }

    /** Who may only browse gets no texts, places or settings. */
    <T> T unlessBrowsing(T value) {
      return browseOnly ? null : value;
    }
  }

  static Catalog of(CatalogInfo catalog, Aspect aspect) {
    return new Catalog(
        catalog.catalogId(),
        catalog.name(),
        catalog.name(),
        catalog.owner(),
        catalog.comment(),
        aspect.unlessBrowsing(catalog.properties()),
        catalog.foreign().map(ForeignSource::connection).orElse(null),
        aspect.unlessBrowsing(catalog.foreign().map(ForeignSource::options).orElse(null)),
        aspect.unlessBrowsing(catalog.storage().map(StorageRoot::url).orElse(null)),
        aspect.unlessBrowsing(catalog.storage().map(StorageRoot::location).orElse(null)),
        catalogType(catalog),
        "CATALOG",
        catalog.isolated() ? "ISOLATED" : "OPEN",
        aspect.metastoreId(),
        aspect.flag(),
        catalog.createdBy(),
        catalog.createdAt(),
        catalog.updatedBy(),
        catalog.updatedAt());
  }

  private static String catalogType(CatalogInfo catalog) {
    if (catalog.foreign().isPresent()) {
      return "FOREIGN_CATALOG";
    }
    return catalog.owner().equals(Grants.SYSTEM_USER) ? "SYSTEM_CATALOG" : "MANAGED_CATALOG";
  }

  static Schema of(SchemaInfo schema, Aspect aspect) {
    return new Schema(
        schema.schemaId(),
        schema.name().schema(),
        schema.name().catalog(),
        schema.name().fullName(),
        schema.owner(),
        schema.comment(),
        aspect.unlessBrowsing(schema.properties()),
        aspect.unlessBrowsing(schema.storage().map(StorageRoot::url).orElse(null)),
        aspect.unlessBrowsing(schema.storage().map(StorageRoot::location).orElse(null)),
        "MANAGED_CATALOG",
        aspect.metastoreId(),
        aspect.flag(),
        schema.createdBy(),
        schema.createdAt(),
        schema.updatedBy(),
        schema.updatedAt());
  }

  static Table of(TableInfo table, Aspect aspect, List<?> constraints) {
    return new Table(
        table.tableId(),
        table.name().name(),
        table.name().catalog(),
        table.name().schema(),
        table.name().fullName(),
        table.tableType().name(),
        table.dataSourceFormat(),
        aspect.unlessBrowsing(table.storageLocation()),
        table.owner(),
        table.comment(),
        table.columns().stream().map(column -> of(table, column)).toList(),
        aspect.unlessBrowsing(table.properties()),
        aspect.unlessBrowsing(table.viewDefinition()),
        constraints.isEmpty() ? null : constraints,
        aspect.metastoreId(),
        aspect.flag(),
        aspect.unlessBrowsing(FilterWire.filter(table)),
        table.createdAt(),
        table.updatedAt());
  }

  private static Column of(TableInfo table, ColumnInfo column) {
    return new Column(
        column.name(),
        column.typeText(),
        column.typeJson(),
        typeName(column.typeText()),
        column.position(),
        column.nullable(),
        column.comment(),
        FilterWire.mask(table, column));
  }

  /** Unity Catalog's enum for a type, which calls BIGINT by its Java name. */
  static String typeName(String typeText) {
    String text = typeText == null ? "" : typeText;
    int end = 0;
    while (end < text.length() && text.charAt(end) != '(' && text.charAt(end) != '<') {
      end++;
    }
    String word = text.substring(0, end).strip().toUpperCase(Locale.ROOT);
    if (word.startsWith("INTERVAL")) {
      return "INTERVAL";
    }
    return switch (word) {
      case "BIGINT" -> "LONG";
      case "SMALLINT" -> "SHORT";
      case "TINYINT" -> "BYTE";
      case "INTEGER" -> "INT";
      case "VARCHAR" -> "STRING";
      case "VOID" -> "NULL";
      default -> word;
    };
  }

  static Volume of(VolumeInfo volume, Aspect aspect) {
    return new Volume(
        volume.volumeId(),
        volume.name().name(),
        volume.name().catalog(),
        volume.name().schema(),
        volume.name().fullName(),
        volume.volumeType(),
        aspect.unlessBrowsing(volume.storageLocation()),
        volume.owner(),
        volume.comment(),
        aspect.metastoreId(),
        aspect.flag(),
        volume.createdAt(),
        volume.updatedAt());
  }
}
