package dev.tarn.acceptance.commits;

import dev.tarn.acceptance.clients.ClientClasses;
import dev.tarn.acceptance.clients.ClientJvm;
import dev.tarn.acceptance.clients.ClientProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * Starts {@link UnityClient}: with Delta Kernel's client of Unity Catalog, which the build copies
 * to {@code target/unity}, and the libraries of others that it needs; nothing of Tarn's.
 */
final class UnityProcess {
  private UnityProcess() {}

  /**
   * @param kind {@code preview} or {@code v1}
   */
  static ClientProcess start(String kind, String host, String token) {
    return new ClientProcess(
        java(UnityClient.class, "-Xmx512m"),
        Map.of("HOST_UNDER_TEST", host, "TOKEN_OF_TEST", token),
        kind);
  }

  /**
   * Runs {@link SparkWriter}.
   *
   * @return what it printed
   */
  static List<String> spark(String host, String token, String... statements) {
    ClientJvm jvm = java(SparkWriter.class, "-Xmx768m " + JavaModuleOptions.defaultModuleOptions());
    try {
      Path out = Files.createTempFile("spark", ".out");
      Path err = Files.createTempFile("spark", ".err");
      try {
        ProcessBuilder builder =
            new ProcessBuilder().redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(Map.of("HOST_UNDER_TEST", host, "TOKEN_OF_TEST", token));
        Process process = jvm.start(builder, List.of(statements));
        if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
          process.destroyForcibly();
          throw new AssertionError("Spark failed: " + Files.readString(err));
        }
        return Files.readAllLines(out);
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("Interrupted while Spark ran", e);
    }
  }

  private static ClientJvm java(Class<?> program, String options) {
    List<String> libraries = new ArrayList<>(ClientJvm.built("unity"));
    libraries.addAll(ClientJvm.jars(name -> !name.startsWith("tarn-")));
    return new ClientJvm(
        program, ClientClasses.of(program), libraries, options.strip().split("\\s+"));
  }
}
