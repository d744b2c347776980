package dev.tarn.store;

import dev.tarn.govern.Govern;
import dev.tarn.kernel.http.Capability;
import dev.tarn.store.objects.ObjectStores;
import dev.tarn.store.volumes.FilesRoutes;
import dev.tarn.store.volumes.VolumeFiles;
import dev.tarn.store.volumes.VolumePaths;
import java.util.List;

/** Wires the room: files. */
public final class Store {
  private final VolumePaths volumePaths;
  private final VolumeFiles volumeFiles;

  /**
   * @param stores where volumes may lie beside this machine
   */
  public Store(Govern govern, ObjectStores stores) {
    this.volumePaths = new VolumePaths(govern.volumes(), govern.grants());
    this.volumeFiles = new VolumeFiles(volumePaths, stores);
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
