package dev.tarn.store.volumes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Volumes on this machine's disks. */
final class LocalVolumeStorage implements VolumeStorage {
  static final String SCHEME = "file://";

  private static final int BUFFER = 256 * 1024;

  private static Path path(String place) {
    return Path.of(place.substring(SCHEME.length()));
  }

  @Override
  public Optional<Stored> find(String place) throws IOException {
    Path file = path(place);
    return Files.exists(file) ? Optional.of(describe(file)) : Optional.empty();
  }

  private static Stored describe(Path file) throws IOException {
    boolean folder = Files.isDirectory(file);
    return new Stored(
        file.getFileName().toString(),
        folder,
        folder ? 0 : Files.size(file),
        Files.getLastModifiedTime(file).toMillis());
  }

  private record Opened(FileChannel channel, long size, long modified) implements Content {
    @Override
    public void copy(long first, long length, OutputStream out) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      long at = first;
      long left = length;
      while (left > 0) {
        buffer.clear().limit((int) Math.min(BUFFER, left));
        int read = channel.read(buffer, at);
        if (read < 0) {
          throw new IOException("The file became shorter while it was read");
        }
        out.write(buffer.array(), 0, read);
        at += read;
        left -= read;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  @Override
  public Content open(String place) throws IOException {
    Path file = path(place);
    long modified = Files.getLastModifiedTime(file).toMillis();
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    return new Opened(channel, channel.size(), modified);
  }

  @Override
  public void write(String place, InputStream content, boolean overwrite) throws IOException {
    Path file = path(place);
    Files.createDirectories(file.getParent());
    // Readers of folders, Spark's among them, skip names that begin with a dot.
    Path half = file.resolveSibling(HIDDEN + UUID.randomUUID());
    try {
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
    } finally {
      deleteQuietly(half);
    }
  }

  private static void deleteQuietly(Path half) {
    try {
      Files.deleteIfExists(half);
    } catch (IOException e) {
      // Hidden from every listing and reader; harmless.
    }
  }

  @Override
  public void deleteFile(String place) throws IOException {
    Files.deleteIfExists(path(place));
  }

  @Override
  public void createFolder(String place) throws IOException {
    Files.createDirectories(path(place));
  }

  @Override
  public void deleteFolder(String place) throws IOException {
    Files.delete(path(place));
  }

  @Override
  public List<Stored> list(String place) throws IOException {
    Path folder = path(place);
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith(HIDDEN))
          .filter(file -> !Files.isSymbolicLink(file) || VolumePaths.leadsInside(folder, file))
          .map(
              file -> {
                try {
                  return describe(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
