package dev.tarn.engine.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Statements that no heap would be enough for, in a process with a small one, and one that needs
 * little while what is only kept for speed fills it.
 */
class SmallHeapIT {
  private static final List<String> TOO_LARGE =
      List.of(
          "SELECT size(collect_list(id)) FROM range(100000000)",
          "SELECT repeat('x', 2000000000)",
          "SELECT id % 10, array_agg(id) FROM range(100000000) GROUP BY 1",
          "SELECT sequence(1, 1000000000)");

  @TempDir Path home;

  @Test
  void eachFailsAloneAndOthersGoOn() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("..", "jvm.options").toAbsolutePath().normalize());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx600m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(SmallHeapProcess.class.getName());
    command.addAll(TOO_LARGE);
    Path out = home.resolve("out");
    Path err = home.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      boolean ended = process.waitFor(5, TimeUnit.MINUTES);
      assertThat(ended).as(Files.readString(out) + Files.readString(err)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    String log = Files.readString(err);
    List<String> lines = Files.readAllLines(out);
    assertThat(lines)
        .as(log.substring(Math.max(0, log.length() - 20_000)))
        .hasSize(TOO_LARGE.size() + 2);
    assertThat(lines.get(0)).as("one that needs little").isEqualTo("ENDED BESIDE");
    assertThat(lines.subList(1, TOO_LARGE.size() + 1))
        .allSatisfy(line -> assertThat(line).matches("RESOURCE_EXHAUSTED 53200 .*memory.*"));
    assertThat(lines.get(lines.size() - 1)).startsWith("OTHER WORKED");
    assertThat(process.exitValue()).isZero();
  }
}
