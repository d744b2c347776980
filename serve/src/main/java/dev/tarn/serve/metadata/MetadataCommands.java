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
import dev.tarn.serve.metadata.MetadataCommand.ShowCatalogs;
import dev.tarn.serve.metadata.MetadataCommand.ShowColumns;
import dev.tarn.serve.metadata.MetadataCommand.ShowForeignKeys;
import dev.tarn.serve.metadata.MetadataCommand.ShowFunctions;
import dev.tarn.serve.metadata.MetadataCommand.ShowKeys;
import dev.tarn.serve.metadata.MetadataCommand.ShowSchemas;
import dev.tarn.serve.metadata.MetadataCommand.ShowTables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Answers what drivers ask about metadata, from the catalog and with the principal's eyes, without
 * the engine.
 */
public final class MetadataCommands {
  private final Metadata metadata;
  private final TableKeys keys;

  public MetadataCommands(
      Catalogs catalogs, Schemas schemas, Tables tables, Constraints constraints) {
    this.keys = new TableKeys(constraints);
    this.metadata = new Metadata(catalogs, schemas, tables);
  }

  /**
   * The answer, or empty if the text is not a driver's metadata command.
   *
   * @throws dev.tarn.kernel.error.TarnException if a catalog, schema or table that it names does
   *     not exist or may not be seen
   */
  public Optional<ResultStream> answer(Principal principal, String sql) {
    return MetadataParser.parse(sql).map(command -> answer(principal, command));
  }

  private ResultStream answer(Principal principal, MetadataCommand command) {
    if (command instanceof ShowCatalogs show) {
      return catalogs(principal, show);
    } else if (command instanceof ShowSchemas show) {
      return schemas(principal, show);
    } else if (command instanceof ShowTables show) {
      return tables(principal, show);
    } else if (command instanceof ShowColumns show) {
      return columns(principal, show);
    } else if (command instanceof ShowFunctions show) {
      // The catalog holds no functions yet; the names are still checked.
      metadata.catalog(principal, show.catalog());
      return new RowsResult(
          strings(
              "functionName",
              "namespace",
              "catalogName",
              "remarks",
              "functionType",
              "specificName"),
          List.of());
    } else if (command instanceof ShowKeys show) {
      EntityName table = new EntityName(show.catalog(), show.schema(), show.table());
      metadata.requireTable(principal, table);
      return new RowsResult(
          List.of(
              string("catalogName"),
              string("namespace"),
              string("tableName"),
              string("col_name"),
              number("keySeq"),
              string("constraintName")),
          keys.primary(principal, table));
    } else if (command instanceof ShowForeignKeys show) {
      EntityName table = new EntityName(show.catalog(), show.schema(), show.table());
      metadata.requireTable(principal, table);
      return new RowsResult(
          List.of(
              string("parentCatalogName"),
              string("parentNamespace"),
              string("parentTableName"),
              string("parentColName"),
              string("catalogName"),
              string("namespace"),
              string("tableName"),
              string("col_name"),
              number("keySeq"),
              number("updateRule"),
              number("deleteRule"),
              string("constraintName"),
              string("pkName"),
              number("deferrability")),
          keys.foreign(principal, null, table));
    }
    throw new IllegalStateException("No answer for " + command.getClass().getSimpleName());
  }

  private ResultStream catalogs(Principal principal, ShowCatalogs show) {
    return new RowsResult(
        strings("catalog"),
        metadata.catalogs(principal, show.name()).stream().map(name -> row(name)).toList());
  }

  private ResultStream schemas(Principal principal, ShowSchemas show) {
    return new RowsResult(
        strings("databaseName", "catalogName"),
        metadata
            .schemas(principal, metadata.catalog(principal, show.catalog()), show.name())
            .stream()
            .map(schema -> row(schema.name().schema(), schema.name().catalog()))
            .toList());
  }

  private ResultStream tables(Principal principal, ShowTables show) {
    List<List<Object>> rows = new ArrayList<>();
    NamePattern catalog = metadata.catalog(principal, show.catalog());
    for (TableInfo table : metadata.tables(principal, catalog, show.schema(), show.name())) {
      EntityName name = table.name();
      rows.add(
          row(name.catalog(), name.schema(), name.name(), Metadata.kind(table), table.comment()));
    }
    return new RowsResult(
        strings("catalogName", "namespace", "tableName", "tableType", "remarks"), rows);
  }

  private ResultStream columns(Principal principal, ShowColumns show) {
    List<List<Object>> rows = new ArrayList<>();
    NamePattern catalog = metadata.catalog(principal, show.catalog());
    for (TableColumn found :
        metadata.columns(principal, catalog, show.schema(), show.table(), show.name())) {
      rows.add(column(found.table(), found.column()));
    }
    return new RowsResult(
        List.of(
            string("col_name"),
            string("catalogName"),
            string("namespace"),
            string("tableName"),
            string("columnType"),
            number("columnSize"),
            number("decimalDigits"),
            number("radix"),
            string("isNullable"),
            string("remarks"),
            number("ordinalPosition"),
            string("isAutoIncrement"),
            string("isGenerated")),
        rows);
  }

  private static List<Object> column(EntityName table, ColumnInfo column) {
    ColumnSize size = ColumnSize.of(column.typeText());
    return row(
        column.name(),
        table.catalog(),
        table.schema(),
        table.name(),
        ColumnSize.displayed(column.typeText()),
        size.size(),
        size.decimalDigits(),
        size.radix(),
        Boolean.toString(column.nullable()),
        column.comment(),
        column.position() + 1,
        "NO",
        "NO");
  }

  private static List<ResultColumn> strings(String... names) {
    return Arrays.stream(names).map(MetadataCommands::string).toList();
  }

  private static ResultColumn string(String name) {
    return new ResultColumn(name, "STRING", true);
  }

  private static ResultColumn number(String name) {
    return new ResultColumn(name, "INT", true);
  }

  private static List<Object> row(Object... values) {
    return Arrays.asList(values);
  }
}
