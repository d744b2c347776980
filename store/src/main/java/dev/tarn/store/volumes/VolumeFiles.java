package dev.tarn.store.volumes;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.store.objects.ObjectStores;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.ParentNotDirectoryException;

/** Files in volumes: read, written whole or not at all, listed, deleted. */
public final class VolumeFiles {
  private final VolumePaths paths;
  private final VolumeStorage local = new LocalVolumeStorage();
  private final VolumeStorage remote;

  public VolumeFiles(VolumePaths paths, ObjectStores stores) {
    this.paths = paths;
    this.remote = new RemoteVolumeStorage(stores);
  }

  /** A path's place in storage. */
  private record Place(VolumeStorage storage, String uri) {
    Optional<VolumeStorage.Stored> find() throws IOException {
      return storage.find(uri);
    }
  }

  private Place place(String uri) {
    return new Place(uri.startsWith(LocalVolumeStorage.SCHEME) ? local : remote, uri);
  }

  /**
   * Opens a file, which the reader closes.
   *
   * @throws TarnException as {@link VolumePaths#resolveForRead}; RESOURCE_DOES_NOT_EXIST
   */
  VolumeStorage.Content open(Principal principal, String path) {
    Place place = place(paths.resolveForRead(principal, path));
    try {
      if (place.find().filter(file -> !file.folder()).isEmpty()) {
        throw missing("File", path);
      }
      return place.storage().open(place.uri());
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw missing("File", path);
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
    Place place = place(paths.resolveForRead(principal, path));
    try {
      Optional<VolumeStorage.Stored> found = place.find();
      if (directory && found.isEmpty() && paths.isRoot(path)) {
        return new VolumeEntry(clean(path), name(path), true, 0, 0);
      }
      return found
          .filter(file -> file.folder() == directory)
          .map(file -> entry(clean(path), file))
          .orElseThrow(() -> missing(directory ? "Folder" : "File", path));
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /**
   * Writes a file, and the folders above it. A reader sees the old file or the new one, never half.
   *
   * @throws TarnException as {@link VolumePaths#resolveForWrite}; RESOURCE_ALREADY_EXISTS unless
   *     overwriting; RESOURCE_EXHAUSTED if the disk is full
   */
  public void put(Principal principal, String path, InputStream content, boolean overwrite) {
    Place place = place(paths.resolveForWrite(principal, path));
    if (paths.isRoot(path)) {
      throw TarnException.invalid("'" + path + "' is a volume. Name a file in it.");
    }
    try {
      Optional<VolumeStorage.Stored> there = place.find();
      if (there.isPresent() && (!overwrite || there.get().folder())) {
        throw exists(path);
      }
      place.storage().write(place.uri(), content, overwrite);
    } catch (FileAlreadyExistsException e) {
      throw exists(path);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /**
   * @throws TarnException as {@link VolumePaths#resolveForWrite}; RESOURCE_DOES_NOT_EXIST
   */
  public void delete(Principal principal, String path) {
    Place place = place(paths.resolveForWrite(principal, path));
    try {
      if (place.find().filter(file -> !file.folder()).isEmpty()) {
        throw missing("File", path);
      }
      place.storage().deleteFile(place.uri());
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Makes a folder and those above it; one that exists stays. */
  public void createDirectory(Principal principal, String path) {
    Place place = place(paths.resolveForWrite(principal, path));
    try {
      place.storage().createFolder(place.uri());
    } catch (FileAlreadyExistsException
        | org.apache.hadoop.fs.FileAlreadyExistsException
        | ParentNotDirectoryException e) {
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
    Place place = place(paths.resolveForWrite(principal, path));
    if (paths.isRoot(path)) {
      throw TarnException.invalid("'" + path + "' is a volume. Remove it with DROP VOLUME.");
    }
    try {
      if (place.find().filter(VolumeStorage.Stored::folder).isEmpty()) {
        throw missing("Folder", path);
      }
      place.storage().deleteFolder(place.uri());
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
    Place place = place(paths.resolveForRead(principal, path));
    try {
      Optional<VolumeStorage.Stored> folder = place.find();
      // A new volume is an empty folder, though its first file only makes it.
      if (folder.isEmpty() && paths.isRoot(path)) {
        return List.of();
      }
      if (folder.filter(VolumeStorage.Stored::folder).isEmpty()) {
        throw missing("Folder", path);
      }
      return place.storage().list(place.uri()).stream()
          .map(file -> entry(clean(path) + "/" + file.name(), file))
          .sorted(Comparator.comparing(VolumeEntry::name))
          .toList();
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private static VolumeEntry entry(String path, VolumeStorage.Stored file) {
    return new VolumeEntry(path, name(path), file.folder(), file.size(), file.modified());
  }

  private static String clean(String path) {
    String single = path.replaceFirst("^dbfs:", "").replaceAll("/{2,}", "/");
    return single.endsWith("/") ? single.substring(0, single.length() - 1) : single;
  }

  private static String name(String path) {
    String clean = clean(path);
    return clean.substring(clean.lastIndexOf('/') + 1);
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
                + "). Check the disk or the object store that the storage root is on.",
        e);
  }
}
