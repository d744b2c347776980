package dev.tarn.engine.information;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.CatalogInfo;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.SchemaInfo;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableSummary;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.catalog.VolumeInfo;
import dev.tarn.govern.grants.Grant;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.SchemaName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The rows of the relations, from the facades and so with the principal's eyes. */
final class InformationRows {
  private final SessionContext context;
  private final Principal principal;
  private final Optional<String> catalog;
  private final Wanted wanted;
  private final InternalRows rows;

  /**
   * @param catalog whose contents are shown; empty for all catalogs
   * @param rows to which all are added
   */
  InformationRows(
      SessionContext context, Optional<String> catalog, Wanted wanted, InternalRows rows) {
    this.rows = rows;
    this.context = context;
    this.principal = context.principal();
    this.catalog = catalog;
    this.wanted = wanted;
  }

  void of(Relation relation) {
    switch (relation) {
      case INFORMATION_SCHEMA_CATALOG_NAME -> row(catalog.orElse("system"));
      case CATALOGS -> catalogs(this::catalog);
      case SCHEMATA -> schemas(this::schema);
      case TABLES -> {
        ownTables(t -> table(TableSummary.of(t), false));
        schemasOfTables((schema, used) -> summaries(schema, t -> table(t, browsesOnly(used, t))));
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
          schemasOfTables(
              (schema, used) ->
                  summaries(
                      schema,
                      t ->
                          privileges(
                              Securable.table(t.name()),
                              t.name().catalog(),
                              t.name().schema(),
                              t.name().name())));
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
      case ROUTINES, PARAMETERS, ROUTINE_COLUMNS, ROUTINE_PRIVILEGES ->
          catalogs(
              c ->
                  storedSchemas(
                      c,
                      s ->
                          new RoutineRows(context, wanted)
                              .of(relation, s.name())
                              .forEach(this::row)));
      case ROW_FILTERS -> tables(t -> FilterRows.rowFilter(t).forEach(this::row));
      case COLUMN_MASKS -> tables(t -> FilterRows.columnMasks(t).forEach(this::row));
      case TABLE_CONSTRAINTS,
          KEY_COLUMN_USAGE,
          REFERENTIAL_CONSTRAINTS,
          CHECK_CONSTRAINTS,
          CONSTRAINT_COLUMN_USAGE,
          CONSTRAINT_TABLE_USAGE ->
          catalogs(c -> new ConstraintRows(context).of(relation, c.name()).forEach(this::row));
      case METASTORES, METASTORE_PRIVILEGES, EXTERNAL_LOCATIONS, EXTERNAL_LOCATION_PRIVILEGES ->
          new MetastoreRows(context).of(relation).forEach(this::row);
      case CREDENTIALS, CREDENTIAL_PRIVILEGES, STORAGE_CREDENTIALS, STORAGE_CREDENTIAL_PRIVILEGES ->
          new CredentialRows(context).of(relation).forEach(this::row);
      case CONNECTIONS, CONNECTION_PRIVILEGES ->
          new ConnectionRows(context).of(relation).forEach(this::row);
      // There are none of these to list.
      case CATALOG_PROVIDER_SHARE_USAGE,
          PROVIDERS,
          SHARES,
          SHARE_RECIPIENT_PRIVILEGES,
          SCHEMA_SHARE_USAGE,
          TABLE_SHARE_USAGE,
          RECIPIENTS,
          RECIPIENT_ALLOWED_IP_RANGES,
          RECIPIENT_TOKENS -> {}
    }
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
    schemasOfTables(
        (schema, used) -> {
          if (wanted.fewNames()) {
            summaries(schema, t -> context.tables().find(t.name()).ifPresent(each));
          } else {
            context.tables().list(principal, schema).forEach(each);
          }
        });
  }

  private void summaries(SchemaName schema, Consumer<TableSummary> each) {
    context.tables().summaries(principal, schema).stream()
        .filter(t -> wanted.name(t.name().name()))
        .forEach(each);
  }

  /** Schemas, and whether all tables in it may be used, and none browsed only. */
  private void schemasOfTables(BiConsumer<SchemaName, Boolean> each) {
    catalogs(
        c ->
            storedSchemas(
                c,
                s ->
                    each.accept(
                        s.name(),
                        context
                            .grants()
                            .usesAll(principal, Securable.schema(s.name()), SecurableType.TABLE))));
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
    row(
        c.name(),
        c.owner(),
        c.comment(),
        micros(c.createdAt()),
        c.createdBy(),
        micros(c.updatedAt()),
        c.updatedBy());
  }

  private void schema(SchemaInfo s) {
    row(
        s.name().catalog(),
        s.name().schema(),
        s.owner(),
        s.comment(),
        micros(s.createdAt()),
        s.createdBy(),
        micros(s.updatedAt()),
        s.updatedBy());
  }

  private void table(TableSummary t, boolean browsesOnly) {
    row(
        t.name().catalog(),
        t.name().schema(),
        t.name().name(),
        t.tableType().name(),
        isInsertable(t.tableType()),
        "PRESERVE",
        t.owner(),
        t.comment(),
        micros(t.createdAt()),
        null,
        micros(t.updatedAt()),
        null,
        t.dataSourceFormat(),
        browsesOnly ? null : t.storageLocation(),
        null);
  }

  /** Of what may only be browsed neither the text nor the place is shown. */
  private boolean browsesOnly(boolean used, TableSummary t) {
    return !used && context.grants().browsesOnly(principal, Securable.table(t.name()));
  }

  private static String isInsertable(TableType type) {
    return switch (type) {
      case VIEW, MATERIALIZED_VIEW, FOREIGN -> "NO";
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
              isInsertable(t.tableType()),
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
          isOwn(Securable.table(t.name())) ? t.viewDefinition() : null,
          "NONE",
          "NO",
          "NO",
          null,
          materialized ? "YES" : "NO");
    }
  }

  /**
   * Whether the text of a view is the principal's to see.
   *
   * @see <a
   *     href="https://docs.databricks.com/aws/en/sql/language-manual/information-schema/views">VIEWS</a>
   */
  private boolean isOwn(Securable view) {
    return context.grants().allows(principal, Privilege.MANAGE, view)
        && !context.grants().browsesOnly(principal, view);
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

  private void privileges(Securable securable, String... name) {
    if (!name[name.length - 1].equals(InformationSchema.NAME)) {
      for (Grant grant : PrivilegeRows.grants(context, securable)) {
        row(PrivilegeRows.row(grant, List.of(name)));
      }
    }
  }

  private static Long micros(long millis) {
    return millis * 1000;
  }

  private void row(Object... values) {
    rows.add(values);
  }
}
