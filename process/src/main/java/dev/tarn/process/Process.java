package dev.tarn.process;

import dev.tarn.engine.source.Source;
import dev.tarn.engine.spark.SparkEngine;
import dev.tarn.govern.Govern;
import dev.tarn.kernel.http.Capability;
import dev.tarn.platform.Platform;
import dev.tarn.process.pipelines.Pipelines;
import dev.tarn.process.pipelines.PipelinesRoutes;
import dev.tarn.process.updates.FlowStates;
import dev.tarn.process.updates.Updates;
import java.nio.file.Path;
import java.util.List;

/** Wires the room: declarative pipelines. */
public final class Process implements AutoCloseable {
  /** Class-path folders of this room's migrations. */
  public static final List<String> MIGRATIONS =
      List.of("dev/tarn/process/pipelines", "dev/tarn/process/updates");

  private final Pipelines pipelines;

  public Process(
      Platform platform, Govern govern, SparkEngine engine, List<Source> sources, Path dataFolder) {
    FlowStates states = new FlowStates(platform.database().jdbi());
    Updates updates =
        new Updates(
            engine,
            sources,
            states,
            govern.schemas(),
            govern.tables(),
            govern.storage(),
            dataFolder);
    this.pipelines =
        new Pipelines(
            platform.database().jdbi(),
            states,
            updates,
            platform.workspaceFiles(),
            platform.identity());
    pipelines.recover();
  }

  public Pipelines pipelines() {
    return pipelines;
  }

  public List<Capability> capabilities() {
    return List.of(new PipelinesRoutes(pipelines));
  }

  @Override
  public void close() {
    pipelines.close();
  }
}
