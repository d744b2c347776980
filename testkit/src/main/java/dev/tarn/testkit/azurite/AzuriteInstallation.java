package dev.tarn.testkit.azurite;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Azurite as npm installs it from the lock file, once, into {@code target/azurite}. */
final class AzuriteInstallation {
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "stop-with-parent.cjs");
  private static final int MINUTES = 5;

  private AzuriteInstallation() {}

  /** The folder, filled if it was not; many processes may ask at once. */
  static Path folder() throws IOException {
    Path folder = target().resolve("azurite");
    Files.createDirectories(folder);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid() && !isInstalled(folder)) {
        install(folder);
      }
    }
    return folder;
  }

  private static Path target() {
    try {
      return Path.of(
              AzuriteInstallation.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = AzuriteInstallation.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private static boolean isInstalled(Path folder) throws IOException {
    Path installed = folder.resolve("installed");
    return Files.exists(installed)
        && Arrays.equals(Files.readAllBytes(installed), resource("package-lock.json"));
  }

  private static void install(Path folder) throws IOException {
    for (String file : FILES) {
      Files.write(folder.resolve(file), resource(file));
    }
    Path log = folder.resolve("install.log");
    Process npm;
    try {
      npm =
          new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      throw new IllegalStateException(
          "npm was not found. Tests of object stores need Node.js 20 or newer with npm, which"
              + " installs Azurite once: install them, or leave these tests out.",
          e);
    }
    try {
      if (!npm.waitFor(MINUTES, TimeUnit.MINUTES) || npm.exitValue() != 0) {
        npm.destroyForcibly();
        throw new IllegalStateException(
            "npm could not install Azurite. It needs its registry once; then the tests run without"
                + " it. What it said:\n"
                + Files.readString(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      npm.destroyForcibly();
      throw new IllegalStateException("Interrupted while npm installed Azurite", e);
    }
    Files.write(folder.resolve("installed"), resource("package-lock.json"));
  }
}
