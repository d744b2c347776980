package dev.tarn.govern.catalog;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Securables as Unity Catalog's REST API spells them. */
final class CatalogWire {
  private static final int DEFAULT_PAGE = 1_000;
  private static final int MAX_PAGE = 10_000;

  private CatalogWire() {}

  record Catalog(
      String name,
      String fullName,
      String owner,
      String comment,
      Map<String, String> properties,
      String catalogType,
      String securableType,
      long createdAt,
      long updatedAt) {}

  record Schema(
      String name,
      String catalogName,
      String fullName,
      String owner,
      String comment,
      Map<String, String> properties,
      String catalogType,
      long createdAt,
      long updatedAt) {}

  record Column(
      String name,
      String typeText,
      String typeJson,
      String typeName,
      int position,
      boolean nullable,
      String comment) {}

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
      long createdAt,
      long updatedAt) {}

  static Catalog of(CatalogInfo catalog) {
    return new Catalog(
        catalog.name(),
        catalog.name(),
        catalog.owner(),
        catalog.comment(),
        catalog.properties(),
        "MANAGED_CATALOG",
        "CATALOG",
        catalog.createdAt(),
        catalog.updatedAt());
  }

  static Schema of(SchemaInfo schema) {
    return new Schema(
        schema.name().schema(),
        schema.name().catalog(),
        schema.name().fullName(),
        schema.owner(),
        schema.comment(),
        schema.properties(),
        "MANAGED_CATALOG",
        schema.createdAt(),
        schema.updatedAt());
  }

  static Table of(TableInfo table) {
    return new Table(
        table.tableId(),
        table.name().name(),
        table.name().catalog(),
        table.name().schema(),
        table.name().fullName(),
        table.tableType().name(),
        table.dataSourceFormat(),
        table.storageLocation(),
        table.owner(),
        table.comment(),
        table.columns().stream().map(CatalogWire::of).toList(),
        table.properties(),
        table.viewDefinition(),
        table.createdAt(),
        table.updatedAt());
  }

  private static Column of(ColumnInfo column) {
    return new Column(
        column.name(),
        column.typeText(),
        column.typeJson(),
        typeName(column.typeText()),
        column.position(),
        column.nullable(),
        column.comment());
  }

  /** Unity Catalog's enum for a type, which calls BIGINT by its Java name. */
  static String typeName(String typeText) {
    String word =
        (typeText == null ? "" : typeText).split("[(<]", 2)[0].strip().toUpperCase(Locale.ROOT);
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

  static Volume of(VolumeInfo volume) {
    return new Volume(
        volume.volumeId(),
        volume.name().name(),
        volume.name().catalog(),
        volume.name().schema(),
        volume.name().fullName(),
        volume.volumeType(),
        volume.storageLocation(),
        volume.owner(),
        volume.comment(),
        volume.createdAt(),
        volume.updatedAt());
  }

  /**
   * One page of a listing. The page token is the place in the listing, which is sorted by name;
   * {@code max_results} absent or 0 stands for the default page.
   */
  static <T> Response page(Request request, String field, List<T> all, Function<T, Object> toWire) {
    int asked = number(request, "max_results");
    int size = asked <= 0 ? DEFAULT_PAGE : Math.min(asked, MAX_PAGE);
    int from = Math.min(Math.max(0, number(request, "page_token")), all.size());
    int to = (int) Math.min((long) from + size, all.size());
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put(field, all.subList(from, to).stream().map(toWire).toList());
    if (to < all.size()) {
      answer.put("next_page_token", Integer.toString(to));
    }
    return Response.json(answer);
  }

  private static int number(Request request, String name) {
    String text = request.query(name).orElse("");
    if (text.isEmpty()) {
      return 0;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw TarnException.invalid(
          "Query parameter '"
              + name
              + "' is not valid. Pass what a listing answered, or a number.");
    }
  }
}
