package dev.tarn.govern.commits;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.DeltaTypes;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Delta tables as Unity Catalog's Delta API spells them: with hyphens. */
final class DeltaTableWire {
  /** What every writer outside must do, so that readers need not guess. */
  private static final List<String> REQUIRED_OF_READERS =
      List.of("catalogManaged", "deletionVectors", "v2Checkpoint", "vacuumProtocolCheck");

  private static final List<String> REQUIRED_OF_WRITERS =
      List.of(
          "catalogManaged",
          "deletionVectors",
          "inCommitTimestamp",
          "v2Checkpoint",
          "vacuumProtocolCheck");

  private static final Map<String, String> REQUIRED_PROPERTIES =
      Map.of(
          "delta.enableInCommitTimestamps",
          "true",
          "delta.enableDeletionVectors",
          "true",
          "delta.checkpointPolicy",
          "v2");

  /** Type nodes of the wire and of Delta's schema JSON name the same things differently. */
  private static final Map<String, String> CAMEL =
      Map.of(
          "element-type", "elementType",
          "contains-null", "containsNull",
          "key-type", "keyType",
          "value-type", "valueType",
          "value-contains-null", "valueContainsNull");

  private static final int DEEPEST = 100;

  private DeltaTableWire() {}

  @JsonNaming(KebabCaseStrategy.class)
  record Config(List<String> endpoints, String protocolVersion) {}

  @JsonNaming(KebabCaseStrategy.class)
  record NewStaging(String name) {}

  @JsonNaming(KebabCaseStrategy.class)
  record Protocol(
      Integer minReaderVersion,
      Integer minWriterVersion,
      List<String> readerFeatures,
      List<String> writerFeatures) {}

  @JsonNaming(KebabCaseStrategy.class)
  record Staging(
      String tableId,
      String tableType,
      String location,
      List<Object> storageCredentials,
      Protocol requiredProtocol,
      Map<String, String> requiredProperties) {}

  @JsonNaming(KebabCaseStrategy.class)
  record NewTableBody(
      String name,
      String location,
      String tableType,
      String comment,
      JsonNode columns,
      Protocol protocol,
      Map<String, String> properties) {}

  @JsonNaming(KebabCaseStrategy.class)
  record Commit(
      Long version,
      Long timestamp,
      String fileName,
      Long fileSize,
      Long fileModificationTimestamp) {
    RatifiedCommit ratified() {
      if (version == null
          || timestamp == null
          || fileSize == null
          || fileModificationTimestamp == null) {
        throw TarnException.invalid(
            "A commit needs version, timestamp, file-name, file-size and"
                + " file-modification-timestamp.");
      }
      return new RatifiedCommit(version, timestamp, fileName, fileSize, fileModificationTimestamp);
    }
  }

  @JsonNaming(KebabCaseStrategy.class)
  record Metadata(
      String etag,
      String tableType,
      String tableUuid,
      String location,
      long createdTime,
      long updatedTime,
      JsonNode columns,
      Map<String, String> properties) {}

  @JsonNaming(KebabCaseStrategy.class)
  record Loaded(Metadata metadata, List<Commit> commits, Long latestTableVersion) {}

  @JsonNaming(KebabCaseStrategy.class)
  record Update(List<JsonNode> requirements, List<JsonNode> updates) {}

  @JsonNaming(KebabCaseStrategy.class)
  record Rename(String newName) {}

  static Staging of(StagingTable table) {
    Map<String, String> properties = new HashMap<>(REQUIRED_PROPERTIES);
    properties.put(Commits.TABLE_ID, table.tableId());
    return new Staging(
        table.tableId(),
        TableType.MANAGED.name(),
        table.location(),
        List.of(),
        new Protocol(3, 7, REQUIRED_OF_READERS, REQUIRED_OF_WRITERS),
        properties);
  }

  /**
   * @param log empty for a table whose log manages itself
   */
  static Loaded of(TableInfo table, Optional<ManagedLog> log) {
    return new Loaded(
        new Metadata(
            Commits.etag(table, log.map(ManagedLog::latestVersion).orElse(0L)),
            table.tableType() == TableType.EXTERNAL
                ? TableType.EXTERNAL.name()
                : TableType.MANAGED.name(),
            table.tableId(),
            table.storageLocation(),
            table.createdAt(),
            table.updatedAt(),
            columns(table),
            table.properties()),
        log.map(
                found ->
                    found.commits().stream()
                        .sorted(Comparator.comparingLong(RatifiedCommit::version).reversed())
                        .map(
                            c ->
                                new Commit(
                                    c.version(),
                                    c.timestamp(),
                                    c.fileName(),
                                    c.fileSize(),
                                    c.fileModificationTimestamp()))
                        .toList())
            .orElse(null),
        log.map(ManagedLog::latestVersion).orElse(null));
  }

  private static JsonNode columns(TableInfo table) {
    ObjectNode struct = Json.mapper().createObjectNode().put("type", "struct");
    ArrayNode fields = struct.putArray("fields");
    for (ColumnInfo column : table.columns()) {
      ObjectNode field = fields.addObject().put("name", column.name());
      if (column.typeJson() == null) {
        field.put("type", column.typeText());
      } else {
        field.set("type", renamed(Json.tree(column.typeJson()), false, 0));
      }
      field.put("nullable", column.nullable());
      ObjectNode metadata = field.putObject("metadata");
      if (column.comment() != null) {
        metadata.put("comment", column.comment());
      }
    }
    return struct;
  }

  /** Columns from a struct of the wire; null stays null. */
  static List<ColumnInfo> columns(JsonNode struct) {
    if (struct == null || struct.isNull()) {
      return List.of();
    }
    List<ColumnInfo> columns = new ArrayList<>();
    for (JsonNode field : struct.path("fields")) {
      columns.add(DeltaTypes.column(renamed(field, true, 0), columns.size(), null));
    }
    return columns;
  }

  private static JsonNode renamed(JsonNode node, boolean toCamel, int depth) {
    if (depth > DEEPEST) {
      throw TarnException.invalid("The type of a column is nested too deep.");
    }
    if (node.isArray()) {
      ArrayNode list = Json.mapper().createArrayNode();
      node.forEach(each -> list.add(renamed(each, toCamel, depth + 1)));
      return list;
    }
    if (!node.isObject()) {
      return node;
    }
    ObjectNode object = Json.mapper().createObjectNode();
    node.properties()
        .forEach(
            entry ->
                object.set(
                    name(entry.getKey(), toCamel),
                    entry.getKey().equals("metadata")
                        ? entry.getValue()
                        : renamed(entry.getValue(), toCamel, depth + 1)));
    return object;
  }

  private static String name(String key, boolean toCamel) {
    if (toCamel) {
      return CAMEL.getOrDefault(key, key);
    }
    return CAMEL.entrySet().stream()
        .filter(entry -> entry.getValue().equals(key))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(key);
  }

  /** What a protocol says, as properties of the catalog say it. */
  static Map<String, String> properties(Protocol protocol) {
    Map<String, String> properties = new HashMap<>();
    if (protocol == null
        || protocol.minReaderVersion() == null
        || protocol.minWriterVersion() == null) {
      throw TarnException.invalid(
          "Field 'protocol' needs 'min-reader-version' and 'min-writer-version'.");
    }
    properties.put("delta.minReaderVersion", protocol.minReaderVersion().toString());
    properties.put("delta.minWriterVersion", protocol.minWriterVersion().toString());
    if (protocol.writerFeatures() != null) {
      protocol
          .writerFeatures()
          .forEach(feature -> properties.put("delta.feature." + feature, "supported"));
    }
    return properties;
  }
}
