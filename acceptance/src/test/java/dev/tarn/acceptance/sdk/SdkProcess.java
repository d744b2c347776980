package dev.tarn.acceptance.sdk;

import dev.tarn.acceptance.clients.ClientClasses;
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

/**
 * Runs {@link SdkClient} as a separate process that knows only the SDK, whose class path the build
 * writes to {@code target/sdk/class-path}.
 */
final class SdkProcess {
  private static final int TIMEOUT_SECONDS = 300;

  private final Map<String, String> environment;
  private final List<String> options;

  /**
   * What the program said.
   *
   * @param exitCode 0 if all steps succeeded
   * @param lines {@code name<tab>value}
   * @param error stderr
   */
  record Outcome(int exitCode, List<String> lines, String error) {
    /** The values under a name. */
    List<String> values(String name) {
      return lines.stream()
          .filter(line -> line.startsWith(name + '\t'))
          .map(line -> line.substring(name.length() + 1))
          .toList();
    }

    String value(String name) {
      List<String> values = values(name);
      if (exitCode != 0 || values.size() != 1) {
        throw new AssertionError(name + " in " + lines + "\n" + error);
      }
      return values.get(0);
    }
  }

  /**
   * @param environment how the SDK finds host and credentials
   * @param options of the JVM
   */
  SdkProcess(Map<String, String> environment, List<String> options) {
    this.environment = environment;
    this.options = options;
  }

  /** Runs steps as {@link SdkClient} describes them. */
  Outcome run(String... steps) {
    try {
      Path folder = Files.createTempDirectory("sdk");
      Path out = folder.resolve("out");
      Path err = folder.resolve("err");
      try {
        Process process = start(folder, steps, out, err);
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("The SDK's program did not end: " + Files.readString(err));
        }
        return new Outcome(process.exitValue(), Files.readAllLines(out), Files.readString(err));
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
        try (Stream<Path> left = Files.walk(folder).sorted(java.util.Comparator.reverseOrder())) {
          left.forEach(file -> file.toFile().delete());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while the SDK's program ran", e);
    }
  }

  private Process start(Path home, String[] steps, Path out, Path err) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dfile.encoding=UTF-8");
    command.add("-Duser.home=" + home);
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Xmx256m");
    command.addAll(options);
    command.add("-cp");
    command.add(
        ClientClasses.of(
                SdkClient.class,
                WarehouseSteps.class,
                StatementSteps.class,
                LocationSteps.class,
                SecurableSteps.class,
                SecurableKind.class,
                NamespaceKinds.class,
                StorageKinds.class,
                MethodSteps.class,
                TagSteps.class,
                PolicySteps.class)
            + File.pathSeparator
            + Files.readString(Path.of("target/sdk/class-path")));
    command.add(SdkClient.class.getName());
    command.addAll(List.of(steps));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("DATABRICKS_"));
    builder.environment().put("HOME", home.toString());
    builder.environment().putAll(environment);
    return builder.start();
  }
}
