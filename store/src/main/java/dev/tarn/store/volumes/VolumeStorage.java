package dev.tarn.store.volumes;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * Files where volumes keep them. Places are storage URIs as {@link VolumePaths} gives them.
 *
 * <p>A file is written whole or not at all: a reader sees the old one or the new one, never half.
 */
interface VolumeStorage {
  /** What names of files begin with that are not there yet, or no more: no listing shows them. */
  String HIDDEN = ".tarn-upload-";

  /**
   * @param size bytes; 0 for a folder
   * @param modified milliseconds since 1970
   */
  record Stored(String name, boolean folder, long size, long modified) {}

  /** A file opened for reading. */
  interface Content extends Closeable {
    long size();

    long modified();

    /**
     * @throws IOException also if the file ends before
     */
    void copy(long first, long length, OutputStream out) throws IOException;
  }

  Optional<Stored> find(String place) throws IOException;

  /**
   * @throws java.io.FileNotFoundException if it has gone meanwhile
   */
  Content open(String place) throws IOException;

  /**
   * Writes a file, and the folders above it.
   *
   * @throws java.nio.file.FileAlreadyExistsException if it is there and must not be replaced
   */
  void write(String place, InputStream content, boolean overwrite) throws IOException;

  void deleteFile(String place) throws IOException;

  /** Makes a folder and those above it; one that exists stays. */
  void createFolder(String place) throws IOException;

  /**
   * @throws java.nio.file.DirectoryNotEmptyException if something is in it
   */
  void deleteFolder(String place) throws IOException;

  /** What lies in a folder, in no order. */
  List<Stored> list(String place) throws IOException;
}
