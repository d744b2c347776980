package dev.tarn.serve.metadata;

import dev.tarn.engine.sql.ResultColumn;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.statement.NamePattern;
import dev.tarn.govern.catalog.Catalogs;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.Schemas;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.constraints.Constraints;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.serve.metadata.Metadata.TableColumn;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Answers to questions about metadata in the shape of JDBC's {@link DatabaseMetaData}, as Hive's
 * protocol carries it. Names are patterns of JDBC; null matches everything.
 */
public final class DriverMetadata {
  private final Metadata metadata;
  private final TableKeys keys;

  public DriverMetadata(
      Catalogs catalogs, Schemas schemas, Tables tables, Constraints constraints) {
    this.keys = new TableKeys(constraints);
    this.metadata = new Metadata(catalogs, schemas, tables);
  }

  public ResultStream catalogs(Principal principal) {
    return new RowsResult(
        columns("TABLE_CAT STRING"),
        metadata.catalogs(principal, NamePattern.ANY).stream().map(name -> row(name)).toList());
  }

  public ResultStream schemas(Principal principal, String catalog, String schema) {
    return new RowsResult(
        columns("TABLE_SCHEM STRING", "TABLE_CATALOG STRING"),
        metadata
            .schemas(principal, NamePattern.ofJdbc(catalog), NamePattern.ofJdbc(schema))
            .stream()
            .map(found -> row(found.name().schema(), found.name().catalog()))
            .toList());
  }

  /**
   * @param kinds such as TABLE and VIEW; all if null or empty
   */
  public ResultStream tables(
      Principal principal, String catalog, String schema, String table, List<String> kinds) {
    Set<String> wanted =
        kinds == null
            ? Set.of()
            : kinds.stream().map(k -> k.toUpperCase(Locale.ROOT)).collect(Collectors.toSet());
    List<List<Object>> rows = new ArrayList<>();
    for (TableInfo found :
        metadata.tables(
            principal,
            NamePattern.ofJdbc(catalog),
            NamePattern.ofJdbc(schema),
            NamePattern.ofJdbc(table))) {
      String kind = Metadata.kind(found);
      if (wanted.isEmpty() || wanted.contains(kind)) {
        EntityName name = found.name();
        rows.add(
            row(
                name.catalog(),
                name.schema(),
                name.name(),
                kind,
                found.comment(),
                null,
                null,
                null,
                null,
                null));
      }
    }
    return new RowsResult(
        columns(
            "TABLE_CAT STRING",
            "TABLE_SCHEM STRING",
            "TABLE_NAME STRING",
            "TABLE_TYPE STRING",
            "REMARKS STRING",
            "TYPE_CAT STRING",
            "TYPE_SCHEM STRING",
            "TYPE_NAME STRING",
            "SELF_REFERENCING_COL_NAME STRING",
            "REF_GENERATION STRING"),
        rows);
  }

  public ResultStream tableTypes() {
    return new RowsResult(columns("TABLE_TYPE STRING"), List.of(row("TABLE"), row("VIEW")));
  }

  public ResultStream columns(
      Principal principal, String catalog, String schema, String table, String column) {
    List<List<Object>> rows = new ArrayList<>();
    for (TableColumn found :
        metadata.columns(
            principal,
            NamePattern.ofJdbc(catalog),
            NamePattern.ofJdbc(schema),
            NamePattern.ofJdbc(table),
            NamePattern.ofJdbc(column))) {
      rows.add(column(found.table(), found.column()));
    }
    return new RowsResult(
        columns(
            "TABLE_CAT STRING",
            "TABLE_SCHEM STRING",
            "TABLE_NAME STRING",
            "COLUMN_NAME STRING",
            "DATA_TYPE INT",
            "TYPE_NAME STRING",
            "COLUMN_SIZE INT",
            "BUFFER_LENGTH TINYINT",
            "DECIMAL_DIGITS INT",
            "NUM_PREC_RADIX INT",
            "NULLABLE INT",
            "REMARKS STRING",
            "COLUMN_DEF STRING",
            "SQL_DATA_TYPE INT",
            "SQL_DATETIME_SUB INT",
            "CHAR_OCTET_LENGTH INT",
            "ORDINAL_POSITION INT",
            "IS_NULLABLE STRING",
            "SCOPE_CATALOG STRING",
            "SCOPE_SCHEMA STRING",
            "SCOPE_TABLE STRING",
            "SOURCE_DATA_TYPE SMALLINT",
            "IS_AUTO_INCREMENT STRING"),
        rows);
  }

  private static List<Object> column(EntityName table, ColumnInfo column) {
    ColumnSize size = ColumnSize.of(column.typeText());
    return row(
        table.catalog(),
        table.schema(),
        table.name(),
        column.name(),
        TypeInfo.jdbcType(column.typeText()),
        ColumnSize.displayed(column.typeText()),
        size.size(),
        null,
        size.decimalDigits(),
        size.radix(),
        column.nullable() ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
        column.comment(),
        null,
        null,
        null,
        null,
        // From 0: drivers of this protocol add the one.
        column.position(),
        column.nullable() ? "YES" : "NO",
        null,
        null,
        null,
        null,
        "NO");
  }

  /** No rows: the catalog holds no functions. */
  public ResultStream functions() {
    return new RowsResult(
        columns(
            "FUNCTION_CAT STRING",
            "FUNCTION_SCHEM STRING",
            "FUNCTION_NAME STRING",
            "REMARKS STRING",
            "FUNCTION_TYPE INT",
            "SPECIFIC_NAME STRING"),
        List.of());
  }

  /**
   * The columns of the primary key of one table; none unless it is named in full.
   *
   * @throws dev.tarn.kernel.error.TarnException if the table is named in full, and does not exist
   *     or may not be seen
   */
  public ResultStream primaryKeys(
      Principal principal, String catalog, String schema, String table) {
    boolean named = catalog != null && schema != null && table != null;
    EntityName name = named ? new EntityName(catalog, schema, table) : null;
    if (named) {
      metadata.requireTable(principal, name);
    }
    return new RowsResult(
        columns(
            "TABLE_CAT STRING",
            "TABLE_SCHEM STRING",
            "TABLE_NAME STRING",
            "COLUMN_NAME STRING",
            "KEQ_SEQ INT",
            "PK_NAME STRING"),
        named ? keys.primary(principal, name) : List.of());
  }

  /**
   * The columns of the keys of one table that refer to another.
   *
   * @param parent that is referred to; null for any
   * @param foreign that refers; null for any
   */
  public ResultStream crossReference(Principal principal, EntityName parent, EntityName foreign) {
    Stream.of(parent, foreign)
        .filter(Objects::nonNull)
        .forEach(table -> metadata.requireTable(principal, table));
    return new RowsResult(
        columns(
            "PKTABLE_CAT STRING",
            "PKTABLE_SCHEM STRING",
            "PKTABLE_NAME STRING",
            "PKCOLUMN_NAME STRING",
            "FKTABLE_CAT STRING",
            "FKTABLE_SCHEM STRING",
            "FKTABLE_NAME STRING",
            "FKCOLUMN_NAME STRING",
            "KEQ_SEQ INT",
            "UPDATE_RULE INT",
            "DELETE_RULE INT",
            "FK_NAME STRING",
            "PK_NAME STRING",
            "DEFERRABILITY INT"),
        keys.foreign(principal, parent, foreign));
  }

  public ResultStream typeInfo() {
    return new RowsResult(
        columns(
            "TYPE_NAME STRING",
            "DATA_TYPE INT",
            "PRECISION INT",
            "LITERAL_PREFIX STRING",
            "LITERAL_SUFFIX STRING",
            "CREATE_PARAMS STRING",
            "NULLABLE SMALLINT",
            "CASE_SENSITIVE BOOLEAN",
            "SEARCHABLE SMALLINT",
            "UNSIGNED_ATTRIBUTE BOOLEAN",
            "FIXED_PREC_SCALE BOOLEAN",
            "AUTO_INCREMENT BOOLEAN",
            "LOCAL_TYPE_NAME STRING",
            "MINIMUM_SCALE SMALLINT",
            "MAXIMUM_SCALE SMALLINT",
            "SQL_DATA_TYPE INT",
            "SQL_DATETIME_SUB INT",
            "NUM_PREC_RADIX INT"),
        TypeInfo.ROWS);
  }

  /**
   * @param texts name and type, with a space between
   */
  private static List<ResultColumn> columns(String... texts) {
    return Arrays.stream(texts)
        .map(text -> text.split(" "))
        .map(parts -> new ResultColumn(parts[0], parts[1], true))
        .toList();
  }

  private static List<Object> row(Object... values) {
    return Arrays.asList(values);
  }
}
