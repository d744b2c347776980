package dev.tarn.store;

import dev.tarn.govern.Govern;
import dev.tarn.kernel.http.Capability;
import dev.tarn.store.delta.StagedCommits;
import dev.tarn.store.delta.StagedLogs;
import dev.tarn.store.objects.ObjectStores;
import dev.tarn.store.samples.Samples;
import dev.tarn.store.temporary.DeltaCredentialsRoutes;
import dev.tarn.store.temporary.TemporaryCredentials;
import dev.tarn.store.temporary.TemporaryCredentialsRoutes;
import dev.tarn.store.validation.StorageValidation;
import dev.tarn.store.validation.ValidationRoutes;
import dev.tarn.store.volumes.FilesRoutes;
import dev.tarn.store.volumes.VolumeFiles;
import dev.tarn.store.volumes.VolumePaths;
import java.time.Clock;
import java.util.List;

/** Wires the room: files. */
public final class Store {
  private final VolumePaths volumePaths;
  private final VolumeFiles volumeFiles;
  private final Samples samples;
  private final StorageValidation validation;
  private final TemporaryCredentials temporary;
  private final DeltaCredentialsRoutes deltaCredentials;
  private final StagedLogs stagedLogs;
  private final StagedCommits stagedCommits;

  /**
   * @param stores where volumes may lie beside this machine
   * @param alone whether no other server writes to the same storage
   */
  public Store(Govern govern, ObjectStores stores, boolean alone) {
    this.samples = new Samples(govern.serverCatalogs(), govern.locations(), stores, alone);
    this.volumePaths = new VolumePaths(govern.volumes(), govern.grants());
    this.volumeFiles = new VolumeFiles(volumePaths, stores);
    this.validation =
        new StorageValidation(govern.credentials(), govern.externalLocations(), stores);
    this.temporary = new TemporaryCredentials(govern, samples, stores, Clock.systemUTC());
    this.deltaCredentials =
        new DeltaCredentialsRoutes(temporary, govern.commits(), govern.tables());
    this.stagedLogs = new StagedLogs(stores::configuration);
    this.stagedCommits = new StagedCommits(stores::configuration);
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

  /** How logs are read that writers outside have staged. */
  public StagedLogs stagedLogs() {
    return stagedLogs;
  }

  /** How commits are read that writers outside have staged. */
  public StagedCommits stagedCommits() {
    return stagedCommits;
  }

  public List<Capability> capabilities() {
    return List.of(
        new FilesRoutes(volumeFiles),
        new ValidationRoutes(validation),
        new TemporaryCredentialsRoutes(temporary),
        deltaCredentials);
  }
}
