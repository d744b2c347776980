package dev.tarn.engine.catalog;

import dev.tarn.engine.system.SystemTable;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.catalog.CatalogStorageFormat;
import org.apache.spark.sql.catalyst.catalog.CatalogTable;
import org.apache.spark.sql.catalyst.catalog.CatalogTableType;
import org.apache.spark.sql.connector.catalog.V1Table;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.Some;
import scala.jdk.javaapi.CollectionConverters;

/** A registration in Spark's words, and back. */
public final class RegisteredTable {
  private RegisteredTable() {}

  /**
   * The schema is left empty: Delta's log is the truth about columns, the registration a copy for
   * whoever browses.
   */
  static V1Table of(TableInfo info) {
    CatalogTableType type =
        info.tableType() == TableType.EXTERNAL
            ? CatalogTableType.EXTERNAL()
            : CatalogTableType.MANAGED();
    return new V1Table(
        table(
            new TableIdentifier(
                info.name().name(),
                Some.apply(info.name().schema()),
                Some.apply(info.name().catalog())),
            type,
            info.storageLocation(),
            info.owner(),
            info.createdAt(),
            info.properties(),
            info.comment()));
  }

  /** A table that the platform writes. */
  static CatalogTable of(SystemTable table) {
    return table(
        new TableIdentifier(
            table.name().name(),
            Some.apply(table.name().schema()),
            Some.apply(table.name().catalog())),
        CatalogTableType.MANAGED(),
        table.location(),
        "",
        0,
        Map.of(),
        null);
  }

  /** A Delta table that is known by its path only. */
  static CatalogTable at(String location) {
    return table(
        new TableIdentifier(location, Some.apply("delta")),
        CatalogTableType.EXTERNAL(),
        location,
        "",
        System.currentTimeMillis(),
        Map.of(),
        null);
  }

  private static CatalogTable table(
      TableIdentifier name,
      CatalogTableType type,
      String location,
      String owner,
      long createdAt,
      Map<String, String> properties,
      String comment) {
    CatalogStorageFormat storage =
        CatalogStorageFormat.apply(
            Some.apply(new Path(location).toUri()),
            Option.empty(),
            Option.empty(),
            Option.empty(),
            false,
            scala.collection.immutable.Map$.MODULE$.empty(),
            Option.empty());
    return CatalogTable.apply(
        name,
        type,
        storage,
        new StructType(),
        Some.apply("delta"),
        noStrings(),
        Option.empty(),
        owner,
        createdAt,
        -1L,
        "",
        immutable(properties),
        Option.empty(),
        Option.empty(),
        Option.apply(comment),
        Option.empty(),
        noStrings(),
        false,
        true,
        scala.collection.immutable.Map$.MODULE$.empty(),
        Option.empty(),
        Option.empty());
  }

  private static scala.collection.immutable.Seq<String> noStrings() {
    return CollectionConverters.asScala(List.<String>of()).toSeq();
  }

  /** The columns of a registration. */
  public static List<ColumnInfo> columns(StructType schema) {
    List<ColumnInfo> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      columns.add(
          new ColumnInfo(
              field.name(),
              field.dataType().sql(),
              field.dataType().json(),
              columns.size(),
              field.nullable(),
              field.getComment().getOrElse(() -> null)));
    }
    return columns;
  }

  private static scala.collection.immutable.Map<String, String> immutable(Map<String, String> map) {
    return scala.collection.immutable.Map$.MODULE$.from(
        CollectionConverters.asScala(new HashMap<>(map)));
  }
}
