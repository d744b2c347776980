package dev.tarn.engine.catalog;

import org.apache.spark.sql.connector.catalog.CatalogV2Util;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.types.StructType;

/** The schema of a connector table. */
final class SchemaOf {
  private SchemaOf() {}

  static StructType table(Table table) {
    return CatalogV2Util.v2ColumnsToStructType(table.columns());
  }
}
