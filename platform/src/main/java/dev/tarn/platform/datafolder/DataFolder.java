package dev.tarn.platform.datafolder;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * The folder under which everything lies, owned by one running Tarn at a time. The operating
 * system's lock goes with the process, so that nothing is left to clean up after {@code kill -9}.
 */
public final class DataFolder implements AutoCloseable {
  private static final String LOCK_FILE = "tarn.lock";
  private static final String IDENTITY_FILE = "server.id";
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path path;
  private final FileChannel channel;

  /**
   * What tells this folder from all others, those of the same path on other machines too: a random
   * name, made when it is first asked for and kept in it.
   */
  public static String identity(Path folder) {
    Path file = folder.resolve(IDENTITY_FILE);
    try {
      if (!Files.exists(file)) {
        Path half = file.resolveSibling(IDENTITY_FILE + ".new");
        Files.writeString(half, UUID.randomUUID().toString());
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "File '" + file + "' cannot be read or made. Check the data folder's permissions.",
          e);
    }
  }

  private DataFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Makes the folder (mode 0700) unless it exists, and takes it.
   *
   * @throws TarnException RESOURCE_CONFLICT if another process has it; INVALID_STATE if it cannot
   *     be made or written
   */
  public static DataFolder open(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    FileChannel channel = null;
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path, OWNER_ONLY);
      }
      channel =
          FileChannel.open(
              path.resolve(LOCK_FILE),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (!lock(channel)) {
        String owner = owner(channel);
        channel.close();
        throw new TarnException(
            ErrorCode.RESOURCE_CONFLICT,
            "Data folder '"
                + path
                + "' is in use by another Tarn ("
                + owner
                + "). Stop that one, or choose another folder with --data.");
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)),
          0);
      return new DataFolder(path, channel);
    } catch (IOException e) {
      close(channel);
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "Data folder '"
              + path
              + "' cannot be used: "
              + e.getClass().getSimpleName()
              + " at "
              + e.getMessage()
              + ". Check that user '"
              + System.getProperty("user.name")
              + "' may write there and the disk is not full, or choose another folder with"
              + " --data.",
          e);
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // Held within this very process.
    }
  }

  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(32);
    channel.read(text, 0);
    String pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    return pid.isEmpty() ? "just starting" : "process " + pid;
  }

  private static void close(FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // What made the folder unusable is reported instead.
      }
    }
  }

  public Path path() {
    return path;
  }

  /** Gives the folder free. */
  @Override
  public void close() {
    close(channel);
  }
}
