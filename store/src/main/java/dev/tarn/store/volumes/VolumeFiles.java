package dev.tarn.store.volumes;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Files in volumes on local storage: read, written whole or not at all, listed, deleted. */
public final class VolumeFiles {
  private static final String LOCAL = "file://";

  /** Readers of folders, Spark's among them, skip names that begin with a dot. */
  private static final String HALF_WRITTEN = ".tarn-upload-";

  private final VolumePaths paths;

  public VolumeFiles(VolumePaths paths) {
    this.paths = paths;
  }

  /** A file opened for reading; the reader closes the channel. */
  public record OpenFile(FileChannel channel, long size, long lastModified) {}

  /**
   * @throws TarnException as {@link VolumePaths#resolveForRead}; RESOURCE_DOES_NOT_EXIST
   */
  public OpenFile open(Principal principal, String path) {
    Path file = local(paths.resolveForRead(principal, path));
    if (!Files.isRegularFile(file)) {
      throw missing("File", path);
    }
    try {
      long modified = Files.getLastModifiedTime(file).toMillis();
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      return new OpenFile(channel, channel.size(), modified);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /**
   * What is known of a file or folder.
   *
   * @throws TarnException as {@link VolumePaths#resolveForRead}; RESOURCE_DOES_NOT_EXIST
   */
  public VolumeEntry status(Principal principal, String path, boolean directory) {
    Path file = local(paths.resolveForRead(principal, path));
    boolean there = directory ? isDirectory(file, path) : Files.isRegularFile(file);
    if (!there) {
      throw missing(directory ? "Folder" : "File", path);
    }
    return Files.exists(file)
        ? describe(file, clean(path))
        : new VolumeEntry(clean(path), name(path), true, 0, 0);
  }

  /**
   * Writes a file, and the folders above it. A reader sees the old file or the new one, never half.
   *
   * @throws TarnException as {@link VolumePaths#resolveForWrite}; RESOURCE_ALREADY_EXISTS unless
   *     overwriting; RESOURCE_EXHAUSTED if the disk is full
   */
  public void put(Principal principal, String path, InputStream content, boolean overwrite) {
    Path file = local(paths.resolveForWrite(principal, path));
    if (paths.isRoot(path)) {
      throw TarnException.invalid("'" + path + "' is a volume. Name a file in it.");
    }
    if (Files.isDirectory(file) || (!overwrite && Files.exists(file))) {
      throw exists(path);
    }
    Path half = null;
    try {
      Files.createDirectories(file.getParent());
      half = file.resolveSibling(HALF_WRITTEN + UUID.randomUUID());
      try (FileChannel channel =
              FileChannel.open(half, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          OutputStream out = Channels.newOutputStream(channel)) {
        content.transferTo(out);
        channel.force(true);
      }
      if (overwrite) {
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
      } else {
        // A link fails if the name is taken meanwhile, where a move would replace it.
        Files.createLink(file, half);
      }
    } catch (FileAlreadyExistsException e) {
      throw exists(path);
    } catch (IOException e) {
      throw failed(path, e);
    } finally {
      deleteQuietly(half);
    }
  }

  /**
   * @throws TarnException as {@link VolumePaths#resolveForWrite}; RESOURCE_DOES_NOT_EXIST
   */
  public void delete(Principal principal, String path) {
    Path file = local(paths.resolveForWrite(principal, path));
    if (!Files.isRegularFile(file)) {
      throw missing("File", path);
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Makes a folder and those above it; one that exists stays. */
  public void createDirectory(Principal principal, String path) {
    Path folder = local(paths.resolveForWrite(principal, path));
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw exists(path);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /**
   * @throws TarnException as {@link VolumePaths#resolveForWrite}; RESOURCE_DOES_NOT_EXIST;
   *     RESOURCE_CONFLICT for a folder with something in it
   */
  public void deleteDirectory(Principal principal, String path) {
    Path folder = local(paths.resolveForWrite(principal, path));
    if (paths.isRoot(path)) {
      throw TarnException.invalid("'" + path + "' is a volume. Remove it with DROP VOLUME.");
    }
    if (!Files.isDirectory(folder)) {
      throw missing("Folder", path);
    }
    try {
      Files.delete(folder);
    } catch (DirectoryNotEmptyException e) {
      throw new TarnException(
          ErrorCode.RESOURCE_CONFLICT, "Folder '" + path + "' is not empty. Empty it first.", e);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /**
   * What lies in a folder, by name.
   *
   * @throws TarnException as {@link VolumePaths#resolveForRead}; RESOURCE_DOES_NOT_EXIST
   */
  public List<VolumeEntry> list(Principal principal, String path) {
    Path folder = local(paths.resolveForRead(principal, path));
    if (!isDirectory(folder, path)) {
      throw missing("Folder", path);
    }
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith(HALF_WRITTEN))
          .filter(file -> !Files.isSymbolicLink(file) || VolumePaths.leadsInside(folder, file))
          .map(file -> describe(file, clean(path) + "/" + file.getFileName()))
          .sorted(Comparator.comparing(VolumeEntry::name))
          .toList();
    } catch (IOException e) {
      throw failed(path, e);
    } catch (UncheckedIOException e) {
      throw failed(path, e.getCause());
    }
  }

  /** A new volume is an empty folder, though its first file only makes it. */
  private boolean isDirectory(Path folder, String path) {
    return Files.isDirectory(folder) || (paths.isRoot(path) && !Files.exists(folder));
  }

  private static Path local(String location) {
    if (!location.startsWith(LOCAL)) {
      throw new TarnException(
          ErrorCode.NOT_IMPLEMENTED,
          "The Files API serves volumes on local storage only, and this one is at '"
              + location
              + "'. Read it with read_files in SQL.");
    }
    return Path.of(location.substring(LOCAL.length()));
  }

  private static VolumeEntry describe(Path file, String path) {
    try {
      boolean folder = Files.isDirectory(file);
      return new VolumeEntry(
          path,
          name(path),
          folder,
          folder ? 0 : Files.size(file),
          Files.getLastModifiedTime(file).toMillis());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String clean(String path) {
    String single = path.replaceFirst("^dbfs:", "").replaceAll("/{2,}", "/");
    return single.endsWith("/") ? single.substring(0, single.length() - 1) : single;
  }

  private static String name(String path) {
    String clean = clean(path);
    return clean.substring(clean.lastIndexOf('/') + 1);
  }

  private static void deleteQuietly(Path half) {
    if (half != null) {
      try {
        Files.deleteIfExists(half);
      } catch (IOException e) {
        // Hidden from every listing and reader; harmless.
      }
    }
  }

  private static TarnException missing(String what, String path) {
    return new TarnException(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        what + " '" + path + "' does not exist. List its folder to see what does.");
  }

  private static TarnException exists(String path) {
    return new TarnException(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "'" + path + "' already exists. Write with overwrite=true, or choose another name.");
  }

  private static TarnException failed(String path, IOException e) {
    boolean full = String.valueOf(e.getMessage()).contains("No space left");
    return new TarnException(
        full ? ErrorCode.RESOURCE_EXHAUSTED : ErrorCode.INTERNAL_ERROR,
        full
            ? "The disk is full: '" + path + "' was not written. Make room and try again."
            : "'"
                + path
                + "' could not be read or written ("
                + e.getClass().getSimpleName()
                + "). Check the disk of the storage root.",
        e);
  }
}
