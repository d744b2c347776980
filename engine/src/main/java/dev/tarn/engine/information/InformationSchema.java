package dev.tarn.engine.information;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.CatalogInfo;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.SchemaInfo;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.kernel.name.SchemaName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.types.StructField;

/**
 * The schema {@code information_schema} of every catalog: what is in the catalog, as far as the
 * session's principal may know of it.
 */
public final class InformationSchema {
  public static final String NAME = "information_schema";

  private static final String OWNER = "System user";

  private InformationSchema() {}

  /** The schema as listings of a catalog show it. */
  public static SchemaInfo schema(CatalogInfo catalog) {
    SchemaName name = new SchemaName(catalog.name(), NAME);
    return new SchemaInfo(
        catalog.catalogId() + '.' + NAME,
        name,
        OWNER,
        "Information schema (auto-created)",
        null,
        OWNER,
        catalog.createdAt(),
        OWNER,
        catalog.createdAt());
  }

  /** The relations as listings of a catalog show them. */
  public static List<TableInfo> tables(CatalogInfo catalog) {
    return Arrays.stream(Relation.values()).map(relation -> table(catalog, relation)).toList();
  }

  private static TableInfo table(CatalogInfo catalog, Relation relation) {
    List<ColumnInfo> columns = new ArrayList<>();
    for (StructField field : relation.schema().fields()) {
      columns.add(
          new ColumnInfo(
              field.name(),
              field.dataType().sql(),
              field.dataType().json(),
              columns.size(),
              field.nullable(),
              null));
    }
    return new TableInfo(
        relation.title(),
        new SchemaName(catalog.name(), NAME).child(relation.title()),
        TableType.VIEW,
        null,
        null,
        OWNER,
        null,
        columns,
        null,
        null,
        null,
        catalog.createdAt(),
        catalog.createdAt());
  }

  public static boolean is(String[] namespace) {
    return namespace.length == 1 && namespace[0].equalsIgnoreCase(NAME);
  }

  public static List<String> names() {
    return Arrays.stream(Relation.values()).map(Relation::title).toList();
  }

  /**
   * A relation, or empty if there is none of that name.
   *
   * @param catalog whose contents it shows; empty for all catalogs
   */
  public static Optional<Table> table(
      SessionContext context, Optional<String> catalog, String name) {
    return Arrays.stream(Relation.values())
        .filter(relation -> relation.title().equalsIgnoreCase(name))
        .<Table>map(relation -> new InformationTable(context, catalog, relation))
        .findFirst();
  }
}
