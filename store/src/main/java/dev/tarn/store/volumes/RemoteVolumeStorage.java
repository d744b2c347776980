package dev.tarn.store.volumes;

import dev.tarn.store.objects.ObjectStores;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Volumes in object stores. These rename, but never over what is there, so that a file is replaced
 * in three steps: the old one is set aside, the new one takes its name, the old one is deleted. As
 * long as nothing has the name, what was set aside is the file, also after a crash in between.
 */
final class RemoteVolumeStorage implements VolumeStorage {
  private static final String SET_ASIDE = HIDDEN + "replaced-";
  private static final int BUFFER = 256 * 1024;
  private static final int ATTEMPTS = 3;

  private final ObjectStores stores;

  RemoteVolumeStorage(ObjectStores stores) {
    this.stores = stores;
  }

  private static Path setAside(Path file) {
    return new Path(file.getParent(), SET_ASIDE + file.getName());
  }

  private static Optional<FileStatus> status(FileSystem files, Path path) throws IOException {
    try {
      return Optional.of(files.getFileStatus(path));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** What has the name, or what was set aside while nothing has it. */
  private static Optional<FileStatus> current(FileSystem files, Path path) throws IOException {
    Optional<FileStatus> there = status(files, path);
    if (there.isPresent() || path.isRoot()) {
      return there;
    }
    Optional<FileStatus> aside = status(files, setAside(path));
    // The new one may have come between the two questions.
    return aside.isPresent() ? aside : status(files, path);
  }

  private static Stored stored(String name, FileStatus status) {
    return new Stored(
        name,
        status.isDirectory(),
        status.isDirectory() ? 0 : status.getLen(),
        status.getModificationTime());
  }

  @Override
  public Optional<Stored> find(String place) throws IOException {
    Path path = new Path(place);
    return current(stores.of(path), path).map(status -> stored(path.getName(), status));
  }

  private record Opened(FSDataInputStream in, long size, long modified) implements Content {
    @Override
    public void copy(long first, long length, OutputStream out) throws IOException {
      byte[] buffer = new byte[BUFFER];
      in.seek(first);
      long left = length;
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(BUFFER, left));
        if (read < 0) {
          throw new EOFException("The file became shorter while it was read");
        }
        out.write(buffer, 0, read);
        left -= read;
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  @Override
  public Content open(String place) throws IOException {
    Path path = new Path(place);
    FileSystem files = stores.of(path);
    for (int attempt = 1; ; attempt++) {
      FileStatus status = current(files, path).orElseThrow(() -> new FileNotFoundException(place));
      try {
        FSDataInputStream in = files.open(status.getPath());
        return new Opened(in, status.getLen(), status.getModificationTime());
      } catch (FileNotFoundException e) {
        // It was being replaced.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  @Override
  public void write(String place, InputStream content, boolean overwrite) throws IOException {
    Path path = new Path(place);
    FileSystem files = stores.of(path);
    files.mkdirs(path.getParent());
    Path half = new Path(path.getParent(), HIDDEN + UUID.randomUUID());
    try {
      try (OutputStream out = files.create(half, false)) {
        content.transferTo(out);
      }
      if (overwrite) {
        replace(files, half, path);
      } else if (current(files, path).isPresent()) {
        throw new FileAlreadyExistsException(place);
      } else {
        rename(files, half, path);
      }
    } finally {
      deleteQuietly(files, half);
    }
  }

  private static void replace(FileSystem files, Path half, Path path) throws IOException {
    Path aside = setAside(path);
    for (int attempt = 1; ; attempt++) {
      if (status(files, path).isPresent()) {
        files.delete(aside, false);
        rename(files, path, aside);
      }
      try {
        rename(files, half, path);
        files.delete(aside, false);
        return;
      } catch (FileAlreadyExistsException e) {
        // Somebody else was faster; the last one wins.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Drivers say by words, by false or not at all that the name is taken. */
  private static void rename(FileSystem files, Path from, Path to) throws IOException {
    IOException said = null;
    try {
      if (files.rename(from, to)) {
        return;
      }
    } catch (IOException e) {
      said = e;
    }
    if (status(files, to).isPresent()) {
      throw new FileAlreadyExistsException(to.toString());
    }
    throw said != null ? said : new IOException("The storage did not rename a file to " + to);
  }

  private static void deleteQuietly(FileSystem files, Path half) {
    try {
      files.delete(half, false);
    } catch (IOException e) {
      // Hidden from every listing and reader; harmless.
    }
  }

  @Override
  public void deleteFile(String place) throws IOException {
    Path path = new Path(place);
    FileSystem files = stores.of(path);
    // First what would else come back.
    files.delete(setAside(path), false);
    files.delete(path, false);
  }

  @Override
  public void createFolder(String place) throws IOException {
    Path path = new Path(place);
    stores.of(path).mkdirs(path);
  }

  @Override
  public void deleteFolder(String place) throws IOException {
    Path path = new Path(place);
    FileSystem files = stores.of(path);
    if (!list(place).isEmpty()) {
      throw new DirectoryNotEmptyException(place);
    }
    for (FileStatus brokenOff : files.listStatus(path)) {
      if (brokenOff.getPath().getName().startsWith(HIDDEN)) {
        files.delete(brokenOff.getPath(), false);
      }
    }
    files.delete(path, false);
  }

  @Override
  public List<Stored> list(String place) throws IOException {
    Path folder = new Path(place);
    Map<String, Stored> shown = new LinkedHashMap<>();
    List<FileStatus> aside = new ArrayList<>();
    for (FileStatus status : stores.of(folder).listStatus(folder)) {
      String name = status.getPath().getName();
      if (name.startsWith(SET_ASIDE)) {
        aside.add(status);
      } else if (!name.startsWith(HIDDEN)) {
        shown.put(name, stored(name, status));
      }
    }
    for (FileStatus status : aside) {
      String name = status.getPath().getName().substring(SET_ASIDE.length());
      shown.putIfAbsent(name, stored(name, status));
    }
    return List.copyOf(shown.values());
  }
}
