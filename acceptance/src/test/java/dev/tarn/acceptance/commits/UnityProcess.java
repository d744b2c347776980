package dev.tarn.acceptance.commits;

import dev.tarn.acceptance.clients.ClientClasses;
import dev.tarn.acceptance.clients.ClientProcess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    List<String> command = java(UnityClient.class, "-XX:TieredStopAtLevel=1 -Xmx512m");
    command.add(kind);
    return new ClientProcess(command, Map.of("HOST_UNDER_TEST", host, "TOKEN_OF_TEST", token));
  }

  /**
   * Runs {@link SparkWriter}.
   *
   * @return what it printed
   */
  static List<String> spark(String host, String token, String... statements) {
    List<String> command =
        java(
            SparkWriter.class,
            "-XX:TieredStopAtLevel=1 -Xmx768m " + JavaModuleOptions.defaultModuleOptions());
    command.addAll(List.of(statements));
    try {
      Path out = Files.createTempFile("spark", ".out");
      Path err = Files.createTempFile("spark", ".err");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(Map.of("HOST_UNDER_TEST", host, "TOKEN_OF_TEST", token));
        Process process = builder.start();
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

  private static List<String> java(Class<?> program, String options) {
    List<String> libraries = new ArrayList<>();
    libraries.add(ClientClasses.of(program).toString());
    libraries.add(Path.of("target", "unity").toAbsolutePath() + "/*");
    Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar") && !entry.contains("tarn-"))
        .forEach(libraries::add);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options.strip().split("\\s+")));
    command.addAll(
        List.of(
            "-Dfile.encoding=UTF-8",
            "-cp",
            String.join(File.pathSeparator, libraries),
            program.getName()));
    return command;
  }
}
