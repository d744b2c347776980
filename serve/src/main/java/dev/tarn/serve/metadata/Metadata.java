package dev.tarn.serve.metadata;

import dev.tarn.engine.information.InformationSchema;
import dev.tarn.engine.statement.NamePattern;
import dev.tarn.govern.catalog.CatalogInfo;
import dev.tarn.govern.catalog.Catalogs;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.SchemaInfo;
import dev.tarn.govern.catalog.Schemas;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What is in the catalog with a principal's eyes, for everything that shows it to drivers. */
final class Metadata {
  private final Catalogs catalogs;
  private final Schemas schemas;
  private final Tables tables;

  /** A column and the table it is of. */
  record TableColumn(EntityName table, ColumnInfo column) {}

  Metadata(Catalogs catalogs, Schemas schemas, Tables tables) {
    this.catalogs = catalogs;
    this.schemas = schemas;
    this.tables = tables;
  }

  /**
   * A pattern for the one catalog of this name, or for all when it is null.
   *
   * @throws dev.tarn.kernel.error.TarnException if it does not exist or may not be seen
   */
  NamePattern catalog(Principal principal, String name) {
    return name == null
        ? NamePattern.ANY
        : NamePattern.exactly(catalogs.get(principal, name).name());
  }

  List<String> catalogs(Principal principal, NamePattern name) {
    return catalogs.list(principal).stream().map(CatalogInfo::name).filter(name::matches).toList();
  }

  /**
   * Asked about one foreign catalog, its system says what it has; asked about all, those are shown
   * that are known, so that one that is slow holds up none of the others.
   */
  private boolean asksOne(Principal principal, NamePattern catalog) {
    return !catalog.equals(NamePattern.ANY) && catalogs(principal, catalog).size() == 1;
  }

  /**
   * @throws dev.tarn.kernel.error.TarnException if the system of the one catalog does not answer
   */
  List<SchemaInfo> schemas(Principal principal, NamePattern catalog, NamePattern name) {
    List<SchemaInfo> found = new ArrayList<>();
    if (asksOne(principal, catalog)) {
      catalogs(principal, catalog).forEach(tables.foreign()::schemas);
    }
    for (CatalogInfo each : catalogs.list(principal)) {
      if (catalog.matches(each.name())) {
        Stream.concat(
                schemas.list(principal, each.name()).stream(),
                Stream.of(InformationSchema.schema(each)))
            .filter(schema -> name.matches(schema.name().schema()))
            .sorted(Comparator.comparing(schema -> schema.name().schema()))
            .forEach(found::add);
      }
    }
    return found;
  }

  List<TableInfo> tables(
      Principal principal, NamePattern catalog, NamePattern schema, NamePattern name) {
    List<TableInfo> found = new ArrayList<>();
    boolean one = asksOne(principal, catalog);
    for (SchemaInfo each : schemas(principal, catalog, schema)) {
      if (one) {
        tables.foreign().tables(each.name());
      }
      for (TableInfo table : tables(principal, each)) {
        if (name.matches(table.name().name())) {
          found.add(table);
        }
      }
    }
    return found;
  }

  private List<TableInfo> tables(Principal principal, SchemaInfo schema) {
    return schema.name().schema().equals(InformationSchema.NAME)
        ? InformationSchema.tables(catalogs.get(principal, schema.name().catalog())).stream()
            .sorted(Comparator.comparing(table -> table.name().name()))
            .toList()
        : tables.list(principal, schema.name());
  }

  List<TableColumn> columns(
      Principal principal,
      NamePattern catalog,
      NamePattern schema,
      NamePattern table,
      NamePattern name) {
    List<TableColumn> found = new ArrayList<>();
    for (TableInfo each : tables(principal, catalog, schema, table)) {
      for (ColumnInfo column : each.columns()) {
        if (name.matches(column.name())) {
          found.add(new TableColumn(each.name(), column));
        }
      }
    }
    return found;
  }

  /**
   * @throws dev.tarn.kernel.error.TarnException if it does not exist or may not be seen
   */
  void requireTable(Principal principal, EntityName name) {
    tables.get(principal, name);
  }

  /** The kind of a table in JDBC's words. */
  static String kind(TableInfo table) {
    return table.tableType() == TableType.VIEW ? "VIEW" : "TABLE";
  }
}
