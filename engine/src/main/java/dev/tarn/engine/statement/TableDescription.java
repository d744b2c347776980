package dev.tarn.engine.statement;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.FilterArgument;
import dev.tarn.govern.catalog.RowFilter;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.constraints.TableConstraint;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.Names;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A table in the words of SHOW CREATE TABLE and DESCRIBE … AS JSON. */
final class TableDescription {
  private final TableInfo info;
  private final Column[] columns;
  private final Transform[] partitioning;
  private final List<TableConstraint> keys;

  private TableDescription(
      TableInfo info, Column[] columns, Transform[] partitioning, List<TableConstraint> keys) {
    this.keys = keys;
    this.info = info;
    this.columns = columns;
    this.partitioning = partitioning;
  }

  /**
   * @throws TarnException PERMISSION_DENIED without SELECT; TABLE_DOES_NOT_EXIST
   */
  static TableDescription of(SparkSession spark, SessionContext context, EntityName name) {
    TableInfo info = context.tables().get(context.principal(), name);
    if (info.tableType() == TableType.VIEW) {
      context.grants().requireTable(context.principal(), Privilege.SELECT, name);
      return new TableDescription(
          info,
          info.columns().stream()
              .map(
                  c ->
                      Column.create(
                          c.name(),
                          DataType.fromJson(c.typeJson()),
                          c.nullable(),
                          c.comment(),
                          null))
              .toArray(Column[]::new),
          new Transform[0],
          List.of());
    }
    TableCatalog catalog =
        (TableCatalog) spark.sessionState().catalogManager().catalog(name.catalog());
    try {
      Table table = catalog.loadTable(Identifier.of(new String[] {name.schema()}, name.name()));
      return new TableDescription(
          info,
          table.columns(),
          table.partitioning(),
          context.constraints().visible(context.principal(), name));
    } catch (NoSuchTableException e) {
      throw TarnException.invalid("'" + name + "' has no columns that could be described.");
    }
  }

  static String quoted(EntityName name) {
    return Names.quoted(name.catalog())
        + '.'
        + Names.quoted(name.schema())
        + '.'
        + Names.quoted(name.name());
  }

  static String literal(String text) {
    return '\'' + text.replace("\\", "\\\\").replace("'", "\\'") + '\'';
  }

  /**
   * A statement that would make an empty table like this one; of a foreign table, which nothing
   * makes here, what it is.
   */
  String createStatement() {
    if (info.tableType() == TableType.VIEW) {
      return createView();
    }
    StringBuilder sql =
        new StringBuilder(
            info.tableType() == TableType.FOREIGN ? "CREATE FOREIGN TABLE " : "CREATE TABLE ");
    sql.append(simple(info.name())).append(" (\n");
    sql.append(
        Stream.concat(Arrays.stream(columns).map(this::definition), keys())
            .collect(Collectors.joining(",\n  ", "  ", ")\nUSING " + provider() + "\n")));
    List<String> partitions = partitions();
    if (!partitions.isEmpty()) {
      sql.append("PARTITIONED BY (")
          .append(
              partitions.stream()
                  .map(TableDescription::simple)
                  .collect(Collectors.joining(", ", "", ")\n")));
    }
    RowFilter filter = info.filters().rowFilter();
    if (filter != null) {
      sql.append("WITH ROW FILTER ")
          .append(simple(filter.function()))
          .append(" ON ")
          .append(arguments(filter.arguments()))
          .append('\n');
    }
    if (info.tableType() == TableType.EXTERNAL) {
      sql.append("LOCATION ").append(literal(info.storageLocation())).append('\n');
    }
    commentAndProperties(sql);
    return sql.toString();
  }

  /** The format; of a foreign table the system that it lies in. */
  private String provider() {
    return info.tableType() == TableType.FOREIGN
        ? info.dataSourceFormat().toLowerCase(Locale.ROOT).replaceFirst("_format$", "")
        : "delta";
  }

  private Stream<String> keys() {
    return keys.stream()
        .filter(each -> each.kind() != TableConstraint.Kind.CHECK)
        .map(each -> "CONSTRAINT " + simple(each.name()) + ' ' + text(each));
  }

  /** A key as its clause. */
  static String text(TableConstraint key) {
    return key.kind().name().replace('_', ' ') + key(key) + (key.rely() ? " RELY" : "");
  }

  private static String key(TableConstraint each) {
    String columns =
        each.columns().stream()
            .map(
                column ->
                    simple(column)
                        + (each.timeseriesColumns().stream().anyMatch(column::equalsIgnoreCase)
                            ? " TIMESERIES"
                            : ""))
            .collect(Collectors.joining(", ", " (", ")"));
    return each.kind() == TableConstraint.Kind.PRIMARY_KEY
        ? columns
        : columns
            + " REFERENCES "
            + simple(each.parentTable().catalog())
            + '.'
            + simple(each.parentTable().schema())
            + '.'
            + simple(each.parentTable().name())
            + each.parentColumns().stream()
                .map(TableDescription::simple)
                .collect(Collectors.joining(", ", " (", ")"));
  }

  private void commentAndProperties(StringBuilder sql) {
    if (info.comment() != null) {
      sql.append("COMMENT ").append(literal(info.comment())).append('\n');
    }
    if (!info.properties().isEmpty()) {
      sql.append(
          new TreeMap<>(info.properties())
              .entrySet().stream()
                  .map(p -> literal(p.getKey()) + " = " + literal(p.getValue()))
                  .collect(Collectors.joining(",\n  ", "TBLPROPERTIES (\n  ", ")\n")));
    }
  }

  /** The names in its text are those of the schema that it was written in. */
  private String createView() {
    StringBuilder sql = new StringBuilder("CREATE VIEW ");
    sql.append(simple(info.name())).append(" (\n");
    sql.append(
        Arrays.stream(columns)
            .map(
                c ->
                    simple(c.name())
                        + (c.comment() == null ? "" : " COMMENT " + literal(c.comment())))
            .collect(Collectors.joining(",\n  ", "  ", ")\n")));
    commentAndProperties(sql);
    return sql.append("AS ").append(info.viewDefinition()).append('\n').toString();
  }

  private String definition(Column column) {
    StringBuilder sql = new StringBuilder(simple(column.name()));
    sql.append(' ').append(column.dataType().sql());
    if (!column.nullable()) {
      sql.append(" NOT NULL");
    }
    if (column.defaultValue() != null && column.defaultValue().getSql() != null) {
      sql.append(" DEFAULT ").append(column.defaultValue().getSql());
    }
    if (column.comment() != null) {
      sql.append(" COMMENT ").append(literal(column.comment()));
    }
    info.filters()
        .mask(column.name())
        .ifPresent(
            mask -> {
              sql.append(" MASK ").append(simple(mask.function()));
              if (!mask.using().isEmpty()) {
                sql.append(" USING COLUMNS ").append(arguments(mask.using()));
              }
            });
    return sql.toString();
  }

  static String arguments(List<FilterArgument> arguments) {
    return arguments.stream()
        .map(a -> a.column() == null ? a.constant() : simple(a.column()))
        .collect(Collectors.joining(", ", "(", ")"));
  }

  static String simple(EntityName name) {
    return simple(name.catalog()) + '.' + simple(name.schema()) + '.' + simple(name.name());
  }

  /** Quoted only if it has to be. */
  private static String simple(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : Names.quoted(name);
  }

  private List<String> partitions() {
    List<String> columns = new ArrayList<>();
    for (Transform transform : partitioning) {
      if (transform.name().equals("identity")) {
        columns.add(String.join(".", transform.references()[0].fieldNames()));
      }
    }
    return columns;
  }

  /**
   * @see <a
   *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-aux-describe-table">DESCRIBE
   *     TABLE … AS JSON</a>
   */
  String json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("table_name", info.name().name());
    json.put("catalog_name", info.name().catalog());
    json.put("namespace", List.of(info.name().schema()));
    json.put("schema_name", info.name().schema());
    List<Object> described = new ArrayList<>();
    for (Column column : columns) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("name", column.name());
      each.put("type", type(column.dataType()));
      if (column.comment() != null) {
        each.put("comment", column.comment());
      }
      each.put("nullable", column.nullable());
      if (column.defaultValue() != null && column.defaultValue().getSql() != null) {
        each.put("default", column.defaultValue().getSql());
      }
      described.add(each);
    }
    json.put("columns", described);
    if (!partitions().isEmpty()) {
      json.put("partition_columns", partitions());
    }
    if (info.filters().rowFilter() != null) {
      json.put("row_filter", info.filters().rowFilter());
    }
    if (!info.filters().columnMasks().isEmpty()) {
      json.put("column_masks", info.filters().columnMasks());
    }
    json.put("owner", info.owner());
    json.put("created_time", Instant.ofEpochMilli(info.createdAt()).toString());
    json.put("type", info.tableType().name());
    if (info.tableType() == TableType.VIEW) {
      json.put("view_text", info.viewDefinition());
    } else {
      json.put("provider", provider());
    }
    if (info.comment() != null) {
      json.put("comment", info.comment());
    }
    json.put("table_properties", new TreeMap<>(info.properties()));
    if (info.storageLocation() != null) {
      json.put("location", info.storageLocation());
    }
    return Json.string(json);
  }

  private static Map<String, Object> type(DataType type) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (type instanceof DecimalType decimal) {
      json.put("name", "decimal");
      json.put("precision", decimal.precision());
      json.put("scale", decimal.scale());
    } else if (type instanceof ArrayType array) {
      json.put("name", "array");
      json.put("element_type", type(array.elementType()));
      json.put("element_nullable", array.containsNull());
    } else if (type instanceof MapType map) {
      json.put("name", "map");
      json.put("key_type", type(map.keyType()));
      json.put("value_type", type(map.valueType()));
      json.put("value_nullable", map.valueContainsNull());
    } else if (type instanceof StructType struct) {
      json.put("name", "struct");
      List<Object> fields = new ArrayList<>();
      for (StructField field : struct.fields()) {
        Map<String, Object> each = new LinkedHashMap<>();
        each.put("name", field.name());
        each.put("type", type(field.dataType()));
        each.put("nullable", field.nullable());
        if (field.getComment().isDefined()) {
          each.put("comment", field.getComment().get());
        }
        fields.add(each);
      }
      json.put("fields", fields);
    } else {
      String name = type.simpleString().toLowerCase(Locale.ROOT);
      json.put("name", name.equals("timestamp") ? "timestamp_ltz" : name);
    }
    return json;
  }
}
