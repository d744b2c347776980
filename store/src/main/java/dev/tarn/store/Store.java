package dev.tarn.store;

import dev.tarn.govern.Govern;
import dev.tarn.kernel.http.Capability;
import dev.tarn.store.objects.ObjectStores;
import dev.tarn.store.samples.Samples;
import dev.tarn.store.volumes.FilesRoutes;
import dev.tarn.store.volumes.VolumeFiles;
import dev.tarn.store.volumes.VolumePaths;
import java.util.List;

/** Wires the room: files. */
public final class Store {
  private final VolumePaths volumePaths;
  private final VolumeFiles volumeFiles;
  private final Samples samples;

  /**
   * @param stores where volumes may lie beside this machine
   * @param alone whether no other server writes to the same storage
   */
  public Store(Govern govern, ObjectStores stores, boolean alone) {
    this.samples = new Samples(govern.serverCatalogs(), govern.locations(), stores, alone);
    this.volumePaths = new VolumePaths(govern.volumes(), govern.grants());
    this.volumeFiles = new VolumeFiles(volumePaths, stores);
  }

  /** Enters what the server itself puts into the catalog, if it is not there. */
  public void bootstrap() {
    samples.enter();
  }

  public Samples samples() {
    return samples;
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
