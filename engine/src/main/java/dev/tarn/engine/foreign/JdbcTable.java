package dev.tarn.engine.foreign;

import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.ForeignColumn;
import dev.tarn.govern.catalog.ForeignMirror;
import dev.tarn.govern.catalog.TableInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.spark.sql.connector.catalog.CatalogV2Util;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.jdbc.JdbcDialects;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** A table of another system, which Spark's own JDBC source reads. */
public final class JdbcTable implements Table, SupportsRead {
  private final TableInfo info;
  private final ForeignMirror.Found found;

  /**
   * @param info its registration
   */
  public JdbcTable(TableInfo info, ForeignMirror.Found found) {
    this.info = info;
    this.found = found;
  }

  /** Has Spark know the dialects, which it keeps in a list of its own. */
  public static void register() {
    new ForeignSystems()
        .types()
        .forEach(type -> JdbcDialects.registerDialect(ForeignSystems.of(type).dialect()));
  }

  @Override
  public String name() {
    return info.name().fullName();
  }

  /** All may be null: what a system says of that it may take back before it is read. */
  private StructType struct(Predicate<ForeignColumn> which) {
    StructType schema = new StructType();
    for (ForeignColumn each : found.table().columns()) {
      if (!which.test(each)) {
        continue;
      }
      ColumnInfo column = each.info();
      StructType one = new StructType().add(column.name(), DataType.fromJson(column.typeJson()));
      schema =
          schema.add(
              column.comment() == null
                  ? one.fields()[0]
                  : one.fields()[0].withComment(column.comment()));
    }
    return schema;
  }

  private StructType struct() {
    return struct(each -> true);
  }

  @Override
  public Column[] columns() {
    return CatalogV2Util.structTypeToV2Columns(struct(), false);
  }

  @Override
  public Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>();
    properties.put(TableCatalog.PROP_PROVIDER, info.dataSourceFormat());
    properties.put(TableCatalog.PROP_OWNER, info.owner());
    if (info.comment() != null) {
      properties.put(TableCatalog.PROP_COMMENT, info.comment());
    }
    return properties;
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return new ForeignScanBuilder(
        struct(),
        struct(ForeignColumn::compared),
        ForeignOptions.of(
            found.at(),
            ForeignSystems.of(found.at().type()).from(found.table()),
            ForeignParts.of(options, struct())));
  }
}
