package dev.tarn.store.delta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.kernel.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Writes the log of a Delta table, action by action, as the protocol says; no data files. */
final class LogWriter {
  static final String ID_SCHEMA =
      "{\"type\":\"struct\",\"fields\":[" + LoggedFile.field("id", "long") + "]}";

  private final Path table;
  private final List<String> actions = new ArrayList<>();
  private long version;

  LogWriter(Path table) {
    this.table = table;
    try {
      Files.createDirectories(table.resolve("_delta_log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new table of version 0 with one column, id. */
  static LogWriter create(Path table) {
    return new LogWriter(table).protocol(1, 2).metadata("t", ID_SCHEMA, List.of(), Map.of());
  }

  Path file(long ofVersion) {
    return table.resolve("_delta_log").resolve(CommitLog.fileName(ofVersion));
  }

  LogWriter protocol(int reader, int writer) {
    return action(
        "protocol",
        Json.mapper()
            .createObjectNode()
            .put("minReaderVersion", reader)
            .put("minWriterVersion", writer));
  }

  LogWriter features(Collection<String> readerFeatures) {
    ObjectNode protocol =
        Json.mapper().createObjectNode().put("minReaderVersion", 3).put("minWriterVersion", 7);
    protocol.set("readerFeatures", Json.mapper().valueToTree(readerFeatures));
    protocol.set("writerFeatures", Json.mapper().valueToTree(readerFeatures));
    return action("protocol", protocol);
  }

  LogWriter metadata(
      String id, String schema, List<String> partitionColumns, Map<String, String> properties) {
    ObjectNode metadata = Json.mapper().createObjectNode().put("id", id);
    metadata.putObject("format").put("provider", "parquet").putObject("options");
    metadata.put("schemaString", schema);
    metadata.set("partitionColumns", Json.mapper().valueToTree(partitionColumns));
    metadata.set("configuration", Json.mapper().valueToTree(properties));
    metadata.put("createdTime", 1L);
    return action("metaData", metadata);
  }

  LogWriter add(String path) {
    return add(path, Map.of(), null, null);
  }

  /**
   * @param statistics JSON or null
   * @param deletionVector JSON or null
   */
  LogWriter add(
      String path, Map<String, String> partition, String statistics, String deletionVector) {
    ObjectNode add = Json.mapper().createObjectNode().put("path", path);
    add.set("partitionValues", Json.mapper().valueToTree(partition));
    add.put("size", 100L).put("modificationTime", 1_700_000_000_000L).put("dataChange", true);
    if (statistics != null) {
      add.put("stats", statistics);
    }
    if (deletionVector != null) {
      add.set("deletionVector", Json.tree(deletionVector));
    }
    return action("add", add);
  }

  LogWriter remove(String path, String deletionVector) {
    ObjectNode remove =
        Json.mapper()
            .createObjectNode()
            .put("path", path)
            .put("deletionTimestamp", System.currentTimeMillis())
            .put("dataChange", true);
    if (deletionVector != null) {
      remove.set("deletionVector", Json.tree(deletionVector));
    }
    return action("remove", remove);
  }

  /** The first action of a commit of a table that keeps its own timestamps. */
  LogWriter commitInfo(long inCommitTimestamp) {
    return action(
        "commitInfo",
        Json.mapper()
            .createObjectNode()
            .put("inCommitTimestamp", inCommitTimestamp)
            .put("timestamp", inCommitTimestamp)
            .put("operation", "WRITE"));
  }

  LogWriter action(String name, ObjectNode action) {
    actions.add(Json.mapper().createObjectNode().set(name, action).toString());
    return this;
  }

  LogWriter commit() {
    return commit(String.join("\n", actions) + "\n");
  }

  /** Makes the file appear whole, as a log store does. */
  LogWriter commit(String text) {
    actions.clear();
    try {
      Path part = Files.createTempFile(table, "commit", ".part");
      Files.writeString(part, text);
      Files.move(part, file(version++), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }
}
