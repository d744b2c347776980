package dev.tarn.platform;

import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.platform.encryption.EncryptionKey;
import dev.tarn.platform.identity.Identity;
import dev.tarn.platform.workspace.WorkspaceFiles;
import dev.tarn.platform.workspace.WorkspaceRoutes;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Wires the room: metadata database, identity, workspace files. */
public final class Platform implements AutoCloseable {
  /** Class-path folders of this room's migrations. */
  public static final List<String> MIGRATIONS = List.of("dev/tarn/platform/identity");

  private final MetadataDatabase database;
  private final EncryptionKey encryptionKey;
  private final Identity identity;
  private final WorkspaceFiles workspaceFiles;

  /**
   * Opens the database and makes the first administrator.
   *
   * @param dataFolder locked by the caller: see {@link dev.tarn.platform.datafolder.DataFolder}
   * @param otherMigrations class-path folders of the other rooms' migrations
   */
  public Platform(Path dataFolder, DatabaseConfig config, List<String> otherMigrations) {
    this.encryptionKey = EncryptionKey.of(dataFolder);
    this.database =
        MetadataDatabase.open(
            config,
            dataFolder,
            Stream.concat(MIGRATIONS.stream(), otherMigrations.stream()).toList());
    this.identity = new Identity(database, dataFolder, Clock.systemUTC());
    this.workspaceFiles = new WorkspaceFiles(dataFolder.resolve("workspace"));
    try {
      identity.bootstrapAdministrator(dataFolder);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  public MetadataDatabase database() {
    return database;
  }

  /** What secrets are encrypted with in the database. */
  public EncryptionKey encryptionKey() {
    return encryptionKey;
  }

  public Identity identity() {
    return identity;
  }

  public WorkspaceFiles workspaceFiles() {
    return workspaceFiles;
  }

  /**
   * @param address scheme, host and port that a client reached us under
   */
  public List<Capability> capabilities(Function<Request, URI> address) {
    List<Capability> capabilities = new ArrayList<>(identity.capabilities(address));
    capabilities.add(new WorkspaceRoutes(workspaceFiles));
    return capabilities;
  }

  @Override
  public void close() {
    database.close();
  }
}
