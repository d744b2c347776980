package dev.tarn.store;

import dev.tarn.govern.Govern;
import dev.tarn.kernel.http.Capability;
import dev.tarn.store.volumes.FilesRoutes;
import dev.tarn.store.volumes.VolumeFiles;
import dev.tarn.store.volumes.VolumePaths;
import java.util.List;

/** Wires the room: files. */
public final class Store {
  private final VolumePaths volumePaths;
  private final VolumeFiles volumeFiles;

  public Store(Govern govern) {
    this.volumePaths = new VolumePaths(govern.volumes(), govern.grants());
    this.volumeFiles = new VolumeFiles(volumePaths);
  }

  public VolumePaths volumePaths() {
    return volumePaths;
  }

  public VolumeFiles volumeFiles() {
    return volumeFiles;
  }

  public List<Capability> capabilities() {
    return List.of(new FilesRoutes(volumeFiles));
  }
}
