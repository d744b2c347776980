package dev.tarn.ingest;

import dev.tarn.engine.source.Source;
import dev.tarn.govern.catalog.ExternalPaths;
import dev.tarn.ingest.files.CloudFilesFunction;
import dev.tarn.ingest.files.FileSource;
import dev.tarn.ingest.kafka.KafkaSource;
import dev.tarn.store.objects.ObjectStores;
import java.util.List;

/** Wires the room: what data comes in from. */
public final class Ingest {
  private final List<Source> sources;

  /**
   * @param stores where files may lie beside this machine
   * @param paths who may read files that are in no volume
   */
  public Ingest(ObjectStores stores, ExternalPaths paths) {
    FileSource files = new FileSource(stores, paths);
    this.sources = List.of(files, new CloudFilesFunction(files), new KafkaSource());
  }

  /** The sources that SQL can read. */
  public List<Source> sources() {
    return sources;
  }
}
