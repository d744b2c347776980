package dev.tarn.bench.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.kernel.json.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Delta table of very many files, laid without writing them: each is a hard link to one of a
 * small table's, in a partition of its own, under its own name and with the statistics that the
 * small table's log has of it.
 */
final class LinkedTable {
  private LinkedTable() {}

  /**
   * Lays the table.
   *
   * @param seed folder of a table of one commit, without partitions
   * @param folder of the new table, which has the same columns and an INT named {@code part}
   * @return how many files it has
   */
  static int lay(Path seed, Path folder, int partitions) throws IOException {
    String first = "_delta_log/00000000000000000000.json";
    List<JsonNode> files = new ArrayList<>();
    List<JsonNode> others = new ArrayList<>();
    for (String line : Files.readAllLines(seed.resolve(first))) {
      JsonNode action = Json.tree(line);
      if (action.has("add")) {
        files.add(action.get("add"));
      } else if (action.has("metaData")) {
        others.add(partitioned((ObjectNode) action));
      } else if (action.has("protocol")) {
        others.add(action);
      }
    }
    Files.createDirectories(folder.resolve("_delta_log"));
    try (BufferedWriter log = Files.newBufferedWriter(folder.resolve(first))) {
      for (JsonNode other : others) {
        log.append(other.toString()).append('\n');
      }
      for (int part = 0; part < partitions; part++) {
        Files.createDirectory(folder.resolve("part=" + part));
        for (int i = 0; i < files.size(); i++) {
          String name = "part=" + part + "/part-%05d.c000.snappy.parquet".formatted(i);
          Files.createLink(folder.resolve(name), seed.resolve(files.get(i).get("path").asText()));
          ObjectNode add = (ObjectNode) files.get(i).deepCopy();
          add.put("path", name);
          add.putObject("partitionValues").put("part", Integer.toString(part));
          log.append(Json.mapper().createObjectNode().<ObjectNode>set("add", add).toString());
          log.append('\n');
        }
      }
    }
    return files.size() * partitions;
  }

  private static JsonNode partitioned(ObjectNode action) throws IOException {
    ObjectNode metadata = (ObjectNode) action.get("metaData");
    ObjectNode schema = (ObjectNode) Json.tree(metadata.get("schemaString").asText());
    ((ArrayNode) schema.get("fields"))
        .addObject()
        .put("name", "part")
        .put("type", "integer")
        .put("nullable", true)
        .putObject("metadata");
    metadata.put("schemaString", schema.toString());
    metadata.putArray("partitionColumns").add("part");
    // So that the next commit writes one, as it would be there in a table that has grown.
    ((ObjectNode) metadata.get("configuration")).put("delta.checkpointInterval", "1");
    return action;
  }
}
