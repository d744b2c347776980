package dev.tarn.govern.commits;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.TableChange;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads what a writer wants of a table: conditions and actions, all or none. */
final class DeltaTableUpdate {
  private String uuid;
  private Optional<String> etag = Optional.empty();
  private Optional<RatifiedCommit> commit = Optional.empty();
  private Optional<Long> published = Optional.empty();
  private Optional<String> comment = Optional.empty();
  private Optional<List<ColumnInfo>> columns = Optional.empty();
  private final Map<String, String> set = new HashMap<>();
  private final Set<String> removed = new HashSet<>();
  private boolean changes;

  private DeltaTableUpdate() {}

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE if it is no update
   */
  static DeltaTableUpdate of(DeltaTableWire.Update body) {
    DeltaTableUpdate update = new DeltaTableUpdate();
    each(body.requirements(), "type", update::require);
    if (update.uuid == null) {
      throw TarnException.invalid("An update needs requirement 'assert-table-uuid'.");
    }
    each(body.updates(), "action", update::take);
    return update;
  }

  private static void each(List<JsonNode> nodes, String kind, Consumer<JsonNode> taking) {
    Set<String> seen = new HashSet<>();
    for (JsonNode node : nodes == null ? List.<JsonNode>of() : nodes) {
      if (!seen.add(node.path(kind).asText())) {
        throw TarnException.invalid(
            "'" + node.path(kind).asText() + "' stands more than once in the request.");
      }
      taking.accept(node);
    }
  }

  private void require(JsonNode node) {
    switch (node.path("type").asText()) {
      case "assert-table-uuid" -> uuid = text(node, "uuid");
      case "assert-etag" -> etag = Optional.of(text(node, "etag"));
      default ->
          throw TarnException.invalid(
              "There is no requirement '" + node.path("type").asText() + "'.");
    }
  }

  private void take(JsonNode node) {
    switch (node.path("action").asText()) {
      case "add-commit" ->
          commit = Optional.of(read(node.path("commit"), DeltaTableWire.Commit.class).ratified());
      case "set-latest-backfilled-version" -> published = Optional.of(version(node));
      case "set-properties" -> {
        changes = true;
        node.path("updates").properties().forEach(e -> set.put(e.getKey(), e.getValue().asText()));
      }
      case "remove-properties" -> {
        changes = true;
        node.path("removals").forEach(key -> removed.add(key.asText()));
      }
      case "set-columns" -> {
        changes = true;
        columns = Optional.of(DeltaTableWire.columns(node.path("columns")));
      }
      case "set-table-comment" -> {
        changes = true;
        comment = Optional.of(node.path("comment").asText(""));
      }
      case "set-protocol" -> {
        changes = true;
        set.putAll(
            DeltaTableWire.properties(read(node.path("protocol"), DeltaTableWire.Protocol.class)));
      }
      // The log says these, and nothing in the catalog goes by them.
      case "set-domain-metadata",
          "remove-domain-metadata",
          "set-partition-columns",
          "update-metadata-snapshot-version" -> {}
      default ->
          throw TarnException.invalid("There is no action '" + node.path("action").asText() + "'.");
    }
  }

  private static <T> T read(JsonNode node, Class<T> type) {
    if (!node.isObject()) {
      throw TarnException.invalid("'" + type.getSimpleName() + "' is missing in an action.");
    }
    try {
      return Json.read(node.toString(), type);
    } catch (UncheckedIOException e) {
      throw TarnException.invalid(
          "An action's '" + type.getSimpleName() + "' is not what it should be.");
    }
  }

  private static long version(JsonNode node) {
    JsonNode version = node.path("latest-published-version");
    if (!version.canConvertToLong() || !version.isIntegralNumber()) {
      throw TarnException.invalid("Field 'latest-published-version' is missing.");
    }
    return version.asLong();
  }

  private static String text(JsonNode node, String field) {
    if (!node.path(field).isTextual()) {
      throw TarnException.invalid("Field '" + field + "' is missing.");
    }
    return node.path(field).asText();
  }

  /** The table that the writer means. */
  String uuid() {
    return uuid;
  }

  CommitRequest request() {
    return new CommitRequest(
        null, commit, published, etag, changes ? Optional.of(this::change) : Optional.empty());
  }

  private TableChange change(TableInfo table) {
    Map<String, String> properties = new HashMap<>(table.properties());
    properties.putAll(set);
    if (removed.stream().anyMatch(set::containsKey)) {
      throw TarnException.invalid("A property cannot be set and removed at once.");
    }
    properties.keySet().removeAll(removed);
    CommitChecks.requireSameTable(table, properties);
    return new TableChange(Optional.empty(), comment, columns, Optional.of(properties));
  }
}
