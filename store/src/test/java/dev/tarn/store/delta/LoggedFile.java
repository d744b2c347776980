package dev.tarn.store.delta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.kernel.json.Json;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/** A table of one file, made of what a log would say. */
final class LoggedFile {
  private final TableMetadata metadata;
  private final StatisticsLayout layout;
  private final DataFile file;

  private LoggedFile(
      String fields, List<String> partitionColumns, Map<String, String> values, String statistics) {
    metadata =
        TableMetadata.of(
            Json.mapper()
                .createObjectNode()
                .put("id", "t")
                .put("schemaString", "{\"type\":\"struct\",\"fields\":[" + fields + "]}")
                .<ObjectNode>set("partitionColumns", Json.mapper().valueToTree(partitionColumns))
                .set("configuration", Json.tree("{\"delta.columnMapping.mode\":\"name\"}")));
    layout = StatisticsLayout.EMPTY.with(metadata.columns());
    file =
        new DataFile(
            SnapshotLoader.root(new Path("file:///t"), TablePlaces.unknown()),
            "f",
            1,
            1,
            new Partition.Interner(metadata).of(values),
            null,
            FileStatistics.parse(statistics, layout));
  }

  static String field(String name, String type) {
    return field(name, type, "{}");
  }

  static String field(String name, String type, String fieldMetadata) {
    String quoted = type.startsWith("{") ? type : '"' + type + '"';
    return "{\"name\":\"%s\",\"type\":%s,\"nullable\":true,\"metadata\":%s}"
        .formatted(name, quoted, fieldMetadata);
  }

  /**
   * @param statistics as in the log, or null
   */
  static LoggedFile withStatistics(String fields, String statistics) {
    return new LoggedFile(fields, List.of(), Map.of(), statistics);
  }

  static LoggedFile ofPartition(String fields, String column, Map<String, String> values) {
    return new LoggedFile(fields, List.of(column), values, null);
  }

  boolean mayHold(ColumnFilter... conjuncts) {
    return new FileSkipping(metadata, layout).mayHold(List.of(conjuncts)).test(file);
  }
}
