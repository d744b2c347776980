package dev.tarn.store.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import dev.tarn.kernel.json.Json;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the commit of one version did to the table, as far as its readers care.
 *
 * @param removed keys of files, see {@link DataFile#key}
 * @param changesProtocol whether readers may need other abilities from here on
 * @see <a href="https://github.com/delta-io/delta/blob/master/PROTOCOL.md#actions">Delta protocol,
 *     actions</a>
 */
record Commit(
    List<Added> added, Set<String> removed, Optional<JsonNode> metadata, boolean changesProtocol) {

  /**
   * An {@code add} action.
   *
   * @param statistics JSON, or null
   * @param deletionVector or null
   */
  record Added(
      String path,
      Map<String, String> partitionValues,
      long size,
      long modified,
      String statistics,
      DeletionVectorDescriptor deletionVector) {}

  /**
   * Reads a commit file and closes it.
   *
   * @throws IOException also if it is not what the protocol says
   */
  static Commit read(InputStream file) throws IOException {
    List<Added> added = new ArrayList<>();
    Set<String> removed = new HashSet<>();
    JsonNode metadata = null;
    boolean protocol = false;
    try (file;
        MappingIterator<JsonNode> actions =
            Json.mapper().readerFor(JsonNode.class).readValues(file)) {
      while (actions.hasNextValue()) {
        JsonNode action = actions.nextValue();
        if (action.has("add")) {
          added.add(added(action.get("add")));
        } else if (action.has("remove")) {
          JsonNode remove = action.get("remove");
          removed.add(DataFile.key(text(remove, "path"), deletionVector(remove)));
        } else if (action.has("metaData")) {
          metadata = action.get("metaData");
        } else if (action.has("protocol")) {
          protocol = true;
        }
      }
    }
    return new Commit(added, removed, Optional.ofNullable(metadata), protocol);
  }

  private static Added added(JsonNode add) throws IOException {
    Map<String, String> partitionValues = new HashMap<>();
    add.path("partitionValues")
        .properties()
        .forEach(entry -> partitionValues.put(entry.getKey(), entry.getValue().asText(null)));
    return new Added(
        text(add, "path"),
        partitionValues,
        add.path("size").asLong(),
        add.path("modificationTime").asLong(),
        add.path("stats").asText(null),
        deletionVector(add));
  }

  /**
   * Of an action on a file; null if there is none.
   *
   * @throws IOException if it is not what the protocol says
   */
  static DeletionVectorDescriptor deletionVector(JsonNode action) throws IOException {
    JsonNode vector = action.path("deletionVector");
    if (!vector.isObject()) {
      return null;
    }
    return new DeletionVectorDescriptor(
        text(vector, "storageType"),
        text(vector, "pathOrInlineDv"),
        vector.hasNonNull("offset") ? Optional.of(vector.get("offset").asInt()) : Optional.empty(),
        vector.path("sizeInBytes").asInt(),
        vector.path("cardinality").asLong());
  }

  private static String text(JsonNode node, String field) throws IOException {
    JsonNode value = node.get(field);
    if (value == null || !value.isTextual()) {
      throw new IOException("An action of a commit has no '" + field + "'.");
    }
    return value.asText();
  }
}
