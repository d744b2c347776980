package dev.tarn.engine.snapshot;

import dev.tarn.store.delta.TableSnapshot;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.CatalogV2Util;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A Delta table at a version, as far as analysis needs it: Spark resolves names against it, and
 * never reads it.
 */
public final class SnapshotTable implements Table {
  private static final String DELTAS_OWN = "delta.";

  private final String name;
  private final TableSnapshot snapshot;
  private final Columns columns;

  /** A schema in the two forms that Spark has for it. */
  record Columns(StructType schema, Column[] columns) {
    static Columns parse(String json) {
      StructType schema = (StructType) StructType.fromJson(json);
      return new Columns(schema, CatalogV2Util.structTypeToV2Columns(own(schema), false));
    }
  }

  SnapshotTable(String name, TableSnapshot snapshot, Columns columns) {
    this.name = name;
    this.snapshot = snapshot;
    this.columns = columns;
  }

  /** Without what Delta notes on columns for itself. */
  private static StructType own(StructType schema) {
    return new StructType(
        Arrays.stream(schema.fields())
            .map(f -> f.copy(f.name(), f.dataType(), f.nullable(), own(f.metadata())))
            .toArray(StructField[]::new));
  }

  private static Metadata own(Metadata metadata) {
    MetadataBuilder builder = new MetadataBuilder().withMetadata(metadata);
    scala.jdk.javaapi.CollectionConverters.asJava(metadata.map().keySet()).stream()
        .filter(key -> key.startsWith(DELTAS_OWN))
        .forEach(builder::remove);
    return builder.build();
  }

  public TableSnapshot snapshot() {
    return snapshot;
  }

  /** With what Delta notes on columns. */
  public StructType fullSchema() {
    return columns.schema();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Column[] columns() {
    return columns.columns();
  }

  @Override
  public Map<String, String> properties() {
    return snapshot.properties();
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }
}
