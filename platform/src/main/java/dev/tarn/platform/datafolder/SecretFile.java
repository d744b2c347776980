package dev.tarn.platform.datafolder;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A small file of the data folder that only its owner may read (mode 0600). It is complete or
 * absent at any moment, also after {@code kill -9}.
 */
public final class SecretFile {
  private SecretFile() {}

  /**
   * Writes or replaces the file.
   *
   * @throws TarnException INVALID_STATE if it cannot be written
   */
  public static void write(Path file, String content) {
    Path half = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(half);
      Files.createFile(
          half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(
          half,
          content.getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.WRITE,
          StandardOpenOption.SYNC);
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "The file '"
              + file
              + "' cannot be written. Check that the data folder can be written and the disk is"
              + " not full.",
          e);
    }
  }
}
