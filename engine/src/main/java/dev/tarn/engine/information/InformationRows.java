package dev.tarn.engine.information;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.CatalogInfo;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.SchemaInfo;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.catalog.VolumeInfo;
import dev.tarn.govern.grants.Grant;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.identity.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** The rows of the relations, from the facades and so with the principal's eyes. */
final class InformationRows {
  private final SessionContext context;
  private final Principal principal;
  private final Optional<String> catalog;
  private final Wanted wanted;
  private final List<InternalRow> rows = new ArrayList<>();

  /**
   * @param catalog whose contents are shown; empty for all catalogs
   */
  InformationRows(SessionContext context, Optional<String> catalog, Wanted wanted) {
    this.context = context;
    this.principal = context.principal();
    this.catalog = catalog;
    this.wanted = wanted;
  }

  InternalRow[] of(Relation relation) {
    switch (relation) {
      case INFORMATION_SCHEMA_CATALOG_NAME -> row(catalog.orElse("system"));
      case CATALOGS -> catalogs(this::catalog);
      case SCHEMATA -> schemas(this::schema);
      case TABLES -> {
        ownTables(this::table);
        tables(this::table);
      }
      case COLUMNS -> {
        ownTables(this::columns);
        tables(this::columns);
      }
      case VIEWS -> tables(this::view);
      case VOLUMES -> volumes(this::volume);
      case CATALOG_PRIVILEGES -> catalogs(c -> privileges(Securable.catalog(c.name()), c.name()));
      case SCHEMA_PRIVILEGES ->
          schemas(
              s -> privileges(Securable.schema(s.name()), s.name().catalog(), s.name().schema()));
      case TABLE_PRIVILEGES ->
          tables(
              t ->
                  privileges(
                      Securable.table(t.name()),
                      t.name().catalog(),
                      t.name().schema(),
                      t.name().name()));
      case VOLUME_PRIVILEGES ->
          volumes(
              v ->
                  privileges(
                      Securable.volume(v.name()),
                      v.name().catalog(),
                      v.name().schema(),
                      v.name().name()));
      case CATALOG_TAGS, SCHEMA_TAGS, TABLE_TAGS, COLUMN_TAGS, VOLUME_TAGS ->
          catalogs(c -> new TagRows(context, wanted).of(relation, c.name()).forEach(this::row));
      case TABLE_CONSTRAINTS,
          KEY_COLUMN_USAGE,
          REFERENTIAL_CONSTRAINTS,
          CHECK_CONSTRAINTS,
          CONSTRAINT_COLUMN_USAGE,
          CONSTRAINT_TABLE_USAGE ->
          catalogs(c -> new ConstraintRows(context).of(relation, c.name()).forEach(this::row));
      // Functions are not among them yet.
      case ROUTINES, PARAMETERS -> {}
    }
    return rows.toArray(InternalRow[]::new);
  }

  private void catalogs(Consumer<CatalogInfo> each) {
    context.catalogs().list(principal).stream()
        .filter(c -> catalog.isEmpty() || catalog.get().equals(c.name()))
        .filter(c -> wanted.catalog(c.name()))
        .forEach(each);
  }

  private void schemas(Consumer<SchemaInfo> each) {
    catalogs(
        c -> {
          if (wanted.schema(InformationSchema.NAME)) {
            each.accept(InformationSchema.schema(c));
          }
          storedSchemas(c, each);
        });
  }

  private void storedSchemas(CatalogInfo catalog, Consumer<SchemaInfo> each) {
    context.schemas().list(principal, catalog.name()).stream()
        .filter(s -> wanted.schema(s.name().schema()))
        .forEach(each);
  }

  private void tables(Consumer<TableInfo> each) {
    catalogs(
        c ->
            storedSchemas(
                c,
                s ->
                    context.tables().list(principal, s.name()).stream()
                        .filter(t -> wanted.name(t.name().name()))
                        .forEach(each)));
  }

  private void volumes(Consumer<VolumeInfo> each) {
    catalogs(
        c ->
            storedSchemas(
                c,
                s ->
                    context.volumes().list(principal, s.name()).stream()
                        .filter(v -> wanted.name(v.name().name()))
                        .forEach(each)));
  }

  /** The relations of this schema are listed too. */
  private void ownTables(Consumer<TableInfo> each) {
    if (!wanted.schema(InformationSchema.NAME)) {
      return;
    }
    catalogs(
        c ->
            InformationSchema.tables(c).stream()
                .filter(t -> wanted.name(t.name().name()))
                .forEach(each));
  }

  private void catalog(CatalogInfo c) {
    row(c.name(), c.owner(), c.comment(), micros(c.createdAt()), null, micros(c.updatedAt()), null);
  }

  private void schema(SchemaInfo s) {
    row(
        s.name().catalog(),
        s.name().schema(),
        s.owner(),
        s.comment(),
        micros(s.createdAt()),
        null,
        micros(s.updatedAt()),
        null);
  }

  private void table(TableInfo t) {
    row(
        t.name().catalog(),
        t.name().schema(),
        t.name().name(),
        t.tableType().name(),
        isInsertable(t),
        "PRESERVE",
        t.owner(),
        t.comment(),
        micros(t.createdAt()),
        null,
        micros(t.updatedAt()),
        null,
        t.dataSourceFormat(),
        t.storageLocation(),
        null);
  }

  private static String isInsertable(TableInfo table) {
    return switch (table.tableType()) {
      case VIEW, MATERIALIZED_VIEW -> "NO";
      default -> "YES";
    };
  }

  private void columns(TableInfo t) {
    for (ColumnInfo c : t.columns()) {
      ColumnType type = ColumnType.of(c.typeText());
      List<Object> values =
          new ArrayList<>(
              Arrays.asList(
                  t.name().catalog(),
                  t.name().schema(),
                  t.name().name(),
                  c.name(),
                  c.position() + 1,
                  null,
                  c.nullable() ? "YES" : "NO",
                  c.typeText().toLowerCase(Locale.ROOT)));
      values.addAll(type.values());
      values.addAll(
          Arrays.asList(
              "NO",
              null,
              null,
              null,
              null,
              null,
              null,
              "NO",
              null,
              "NO",
              "NO",
              null,
              isInsertable(t),
              null,
              c.comment()));
      row(values.toArray());
    }
  }

  private void view(TableInfo t) {
    boolean materialized = t.tableType() == TableType.MATERIALIZED_VIEW;
    if (materialized || t.tableType() == TableType.VIEW) {
      row(
          t.name().catalog(),
          t.name().schema(),
          t.name().name(),
          t.viewDefinition(),
          "NONE",
          "NO",
          "NO",
          null,
          materialized ? "YES" : "NO");
    }
  }

  private void volume(VolumeInfo v) {
    row(
        v.name().catalog(),
        v.name().schema(),
        v.name().name(),
        v.volumeType(),
        v.owner(),
        v.comment(),
        micros(v.createdAt()),
        null,
        micros(v.updatedAt()),
        null,
        v.storageLocation());
  }

  /** Who may change grants may see them. */
  private void privileges(Securable securable, String... name) {
    if (!context.grants().allows(principal, Privilege.MANAGE, securable)
        || name[name.length - 1].equals(InformationSchema.NAME)) {
      return;
    }
    for (Grant grant : context.grants().list(principal, securable)) {
      List<Object> values = new ArrayList<>();
      values.add(null);
      values.add(grant.principal());
      values.addAll(List.of(name));
      values.addAll(List.of(grant.privilege().name(), "NO", "NONE"));
      row(values.toArray());
    }
  }

  private static Long micros(long millis) {
    return millis * 1000;
  }

  private void row(Object... values) {
    Object[] internal = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      internal[i] = values[i] instanceof String text ? UTF8String.fromString(text) : values[i];
    }
    rows.add(new GenericInternalRow(internal));
  }
}
