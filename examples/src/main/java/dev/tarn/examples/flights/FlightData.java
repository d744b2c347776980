package dev.tarn.examples.flights;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The example's input files, unpacked from the build into a folder.
 *
 * @param folder with the three CSV files
 * @param flights the Parquet file to replay: the extract, or all flights of the package
 */
public record FlightData(Path folder, Path flights) {
  static final List<String> PIPELINE = List.of("bronze.sql", "silver.sql", "gold.sql");

  private static final List<String> FILES =
      List.of(
          "flights.parquet",
          "airports.csv",
          "birdstrikes.csv",
          "seattle-weather-hourly-normals.csv");
  private static final String PACKAGE = "vega-datasets@3.2.1";
  private static final String ARCHIVE = "vega-datasets-3.2.1.tgz";
  private static final String FULL = "flights-3m.parquet";
  private static final String FULL_SHA_256 =
      "dbeb920c90f59b6ccaff823dcc3d08f25a97fa1ce128d93f40be4e931f5900b0";

  /** Puts the vendored files under {@code parent/files}, mending what is absent or damaged. */
  public static FlightData unpack(Path parent) {
    Path folder = parent.resolve("files");
    try {
      Files.createDirectories(folder);
      for (String file : FILES) {
        byte[] content = resource("data/" + file);
        Path target = folder.resolve(file);
        if (!Files.exists(target) || !Arrays.equals(Files.readAllBytes(target), content)) {
          Path partial = folder.resolve(file + ".partial");
          Files.write(partial, content);
          Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The example's files can't be unpacked into " + folder, e);
    }
    return new FlightData(folder, folder.resolve("flights.parquet"));
  }

  /**
   * As {@link #unpack}, with all 3,000,000 flights, which npm fetches the first time.
   *
   * @throws TarnException INVALID_STATE if npm is missing or fails, with what it said
   */
  public static FlightData unpackFull(Path parent) {
    FlightData data = unpack(parent);
    Path full = parent.resolve("full").resolve(FULL);
    if (!Files.exists(full)) {
      fetch(full);
    }
    return new FlightData(data.folder(), full);
  }

  /** The text of one of the {@link #PIPELINE} files. */
  static byte[] pipelineFile(String name) {
    try {
      return resource("pipeline/" + name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = FlightData.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is not in this build of the example");
      }
      return in.readAllBytes();
    }
  }

  private static void fetch(Path target) {
    Path folder = target.getParent();
    try {
      Files.createDirectories(folder);
      run(
          folder,
          "npm was not found. --full needs it to fetch the 3,000,000 flights: install Node.js, or"
              + " run without --full",
          "npm",
          "pack",
          PACKAGE,
          "--silent");
      run(folder, "tar was not found", "tar", "-xzf", ARCHIVE, "package/data/" + FULL);
      Path unpacked = folder.resolve("package").resolve("data").resolve(FULL);
      if (!FULL_SHA_256.equals(sha256(unpacked))) {
        throw failed(FULL + " from npm's " + PACKAGE + " is not the file it should be");
      }
      Files.move(unpacked, target, StandardCopyOption.ATOMIC_MOVE);
      Files.deleteIfExists(folder.resolve(ARCHIVE));
    } catch (IOException e) {
      throw new UncheckedIOException("The flights can't be fetched into " + folder, e);
    }
  }

  private static void run(Path folder, String missing, String... command) throws IOException {
    Process process;
    try {
      process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw failed(missing);
    }
    try {
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes()).strip();
      if (process.waitFor() != 0) {
        throw failed("'" + String.join(" ", command) + "' failed: " + said);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw failed("Fetching the flights was interrupted");
    }
  }

  private static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TarnException failed(String message) {
    return new TarnException(ErrorCode.INVALID_STATE, message + ".");
  }
}
