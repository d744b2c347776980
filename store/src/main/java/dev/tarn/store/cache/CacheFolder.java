package dev.tarn.store.cache;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;

/**
 * The files of the cache on disk. A file's name says what it is a copy of, its size and its
 * checksum; it gets that name only when it is whole, so that nothing else needs to be written and a
 * process may die at any moment.
 */
final class CacheFolder {
  private static final Pattern NAME =
      Pattern.compile("([0-9a-f]{64})-([0-9]{1,18})-([0-9a-f]{8})\\.cached");
  private static final int BUFFER = 1 << 20;

  private final Path folder;
  private final Path parts;
  private final Configuration hadoop;

  /** Makes the folder, and clears it of what a process that died left half written. */
  CacheFolder(Path folder, Configuration hadoop) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.parts = Files.createDirectories(folder.resolve("parts"));
    this.hadoop = hadoop;
    try (DirectoryStream<Path> left = Files.newDirectoryStream(parts)) {
      for (Path part : left) {
        Files.delete(part);
      }
    }
  }

  /**
   * A whole copy.
   *
   * @param key of what it is a copy of
   * @param used when last, in milliseconds since 1970
   */
  record Copy(String key, Path file, long size, long used) {}

  static String key(RemoteFile file) {
    try {
      String text = file.uri() + '\n' + file.size() + '\n' + file.modified();
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** What earlier processes left; files of other names are not the cache's, and stay. */
  List<Copy> copies() throws IOException {
    List<Copy> copies = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.cached")) {
      for (Path file : files) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches()) {
          long size = Files.size(file);
          if (size == Long.parseLong(name.group(2))) {
            long used = Files.getLastModifiedTime(file).toMillis();
            copies.add(new Copy(name.group(1), file, size, used));
          } else {
            Files.delete(file);
          }
        }
      }
    }
    return copies;
  }

  /** Copies a file whole. */
  Path fetch(RemoteFile remote, String key) throws IOException {
    Path part = parts.resolve(UUID.randomUUID().toString());
    try {
      CRC32C checksum = new CRC32C();
      long size;
      try (InputStream in = remote.path().getFileSystem(hadoop).open(remote.path());
          OutputStream out = Files.newOutputStream(part)) {
        size = copy(in, out, checksum);
      }
      if (size != remote.size()) {
        throw new IOException(
            "'" + remote.uri() + "' has " + size + " bytes instead of " + remote.size() + ".");
      }
      Path whole = folder.resolve("%s-%d-%08x.cached".formatted(key, size, checksum.getValue()));
      return Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Whether a copy has the checksum of its name. */
  static boolean isSound(Path file) throws IOException {
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) {
      return false;
    }
    CRC32C checksum = new CRC32C();
    try (InputStream in = Files.newInputStream(file)) {
      copy(in, OutputStream.nullOutputStream(), checksum);
    }
    return checksum.getValue() == Long.parseLong(name.group(3), 16);
  }

  private static long copy(InputStream in, OutputStream out, CRC32C checksum) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long size = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      checksum.update(buffer, 0, read);
      out.write(buffer, 0, read);
      size += read;
    }
    return size;
  }
}
