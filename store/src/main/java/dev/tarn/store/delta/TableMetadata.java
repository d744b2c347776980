package dev.tarn.store.delta;

import com.fasterxml.jackson.databind.JsonNode;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.util.VectorUtils;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code metaData} action that holds at a version.
 *
 * @param schemaJson the logical schema as Spark writes it
 * @param columns the same, parsed
 */
record TableMetadata(
    String id,
    String schemaJson,
    List<String> partitionColumns,
    Map<String, String> properties,
    Map<String, SchemaColumn> columns) {

  static TableMetadata of(Metadata metadata) {
    return of(
        metadata.getId(),
        metadata.getSchemaString(),
        VectorUtils.toJavaList(metadata.getPartitionColumns()),
        metadata.getConfiguration());
  }

  /** Reads the action as a commit holds it. */
  static TableMetadata of(JsonNode action) {
    List<String> partitionColumns = new ArrayList<>();
    action.path("partitionColumns").forEach(name -> partitionColumns.add(name.asText()));
    Map<String, String> properties = new HashMap<>();
    action
        .path("configuration")
        .properties()
        .forEach(entry -> properties.put(entry.getKey(), entry.getValue().asText()));
    return of(
        action.path("id").asText(),
        action.path("schemaString").asText(),
        partitionColumns,
        properties);
  }

  private static TableMetadata of(
      String id, String schemaJson, List<String> partitionColumns, Map<String, String> properties) {
    String mapping = properties.getOrDefault("delta.columnMapping.mode", "none");
    return new TableMetadata(
        id,
        schemaJson,
        List.copyOf(partitionColumns),
        Collections.unmodifiableMap(new HashMap<>(properties)),
        SchemaColumn.parse(schemaJson, !mapping.equals("none")));
  }

  boolean isPartition(SchemaColumn column) {
    return partitionColumns.stream().anyMatch(column.name()::equalsIgnoreCase);
  }
}
