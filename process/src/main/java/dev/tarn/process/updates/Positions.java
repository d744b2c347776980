package dev.tarn.process.updates;

import dev.tarn.engine.source.Source;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.store.objects.ObjectStores;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/** Where inputs stand, asked without Spark. */
final class Positions {
  static final String TABLE = "table";

  private static final String NONE = "none";

  private final Tables tables;
  private final List<Source> sources;
  private final ObjectStores stores;

  Positions(Tables tables, List<Source> sources, ObjectStores stores) {
    this.stores = stores;
    this.tables = tables;
    this.sources = sources;
  }

  /** What a leaf of a plan reads from outside the tables. */
  Optional<FlowState.Input> input(LogicalPlan leaf) {
    for (Source source : sources) {
      Optional<Map<String, String>> description = source.describe(leaf);
      if (description.isPresent()) {
        return Optional.of(
            new FlowState.Input(
                source.function(), description.get(), source.position(description.get())));
      }
    }
    return Optional.empty();
  }

  FlowState.Input table(String name) {
    Map<String, String> description = Map.of("name", name);
    return new FlowState.Input(TABLE, description, ofTable(name));
  }

  /**
   * @throws TarnException if the source cannot be reached
   */
  String now(FlowState.Input input) {
    if (input.kind().equals(TABLE)) {
      return ofTable(input.description().get("name"));
    }
    return sources.stream()
        .filter(s -> s.function().equals(input.kind()))
        .findFirst()
        .map(s -> s.position(input.description()))
        .orElse(NONE);
  }

  /**
   * The table's identity, its latest Delta version, and what hides some of it. What other systems
   * have may always have changed.
   */
  String ofTable(String name) {
    Optional<TableInfo> table = tables.find(EntityName.parse(name));
    if (table.isPresent() && table.get().tableType() == TableType.FOREIGN) {
      return UUID.randomUUID().toString();
    }
    return table
        .map(t -> t.tableId() + "@" + version(t.storageLocation()) + filters(t))
        .orElse(NONE);
  }

  private static String filters(TableInfo table) {
    return table.filters().none() ? "" : "#" + Definitions.digest(Json.string(table.filters()));
  }

  private long version(String location) {
    long latest = -1;
    try {
      Path log = new Path(location, "_delta_log");
      for (FileStatus file : stores.of(log).listStatus(log)) {
        String name = file.getPath().getName();
        if (name.length() == 25 && name.endsWith(".json")) {
          latest = Math.max(latest, Long.parseLong(name.substring(0, 20)));
        }
      }
    } catch (FileNotFoundException e) {
      return latest;
    } catch (IOException e) {
      throw new TarnException(
          ErrorCode.TEMPORARILY_UNAVAILABLE,
          "58030",
          "The files of a table at " + location + " cannot be listed: " + e.getMessage() + ".",
          e);
    }
    return latest;
  }
}
