package dev.tarn.acceptance.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process started through the repository's own {@code tarn} launcher, as a user starts it. The
 * launcher turns into the JVM, so that killing this process kills the JVM.
 */
public final class Launched implements AutoCloseable {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

  private final List<String> arguments;
  private final Process process;
  private final Path out;
  private final Path err;
  private final Thread atExit;

  private Launched(List<String> arguments, Process process, Path out, Path err) {
    this.arguments = arguments;
    this.process = process;
    this.out = out;
    this.err = err;
    this.atExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Starts {@code tarn arguments…}.
   *
   * @param home the user's home folder, {@code HOME}; the output is kept there too
   * @param environment more variables; those of this process that name a server are not passed on
   */
  public static Launched start(Path home, Map<String, String> environment, String... arguments) {
    assertThat(REPOSITORY.resolve("server/target/class-path"))
        .as("what the launcher runs; build it with 'mvn package'")
        .exists();
    List<String> command = new ArrayList<>(List.of(REPOSITORY.resolve("tarn").toString()));
    command.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile(home, "tarn-", ".out");
      Path err = Files.createTempFile(home, "tarn-", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(home.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      Map<String, String> variables = builder.environment();
      variables.keySet().removeIf(v -> v.startsWith("TARN_") || v.startsWith("DATABRICKS_"));
      variables.put("HOME", home.toString());
      variables.put("TARN_SKIP_BUILD", "1");
      variables.putAll(environment);
      return new Launched(List.of(arguments), builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs {@code tarn arguments…} to its end. */
  public static Launched run(Path home, Map<String, String> environment, String... arguments) {
    Launched launched = start(home, environment, arguments);
    launched.awaitExit(Duration.ofMinutes(5));
    return launched;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /** Standard output so far. */
  public String out() {
    return read(out);
  }

  /** Standard error so far. */
  public String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for output that matches, and returns the match; empty if the process ended before. */
  public java.util.Optional<Matcher> awaitOutput(String regex, Duration patience) {
    Pattern pattern = Pattern.compile(regex, Pattern.MULTILINE);
    await(this + " to print /" + regex + "/")
        .atMost(patience)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !process.isAlive() || pattern.matcher(out()).find());
    Matcher matcher = pattern.matcher(out());
    return matcher.find() ? java.util.Optional.of(matcher) : java.util.Optional.empty();
  }

  /** Waits for output that must come, and returns the match's first group. */
  public String awaitLine(String regex, Duration patience) {
    return awaitOutput(regex, patience)
        .orElseThrow(() -> new AssertionError(this + " ended without /" + regex + "/\n" + told()))
        .group(1);
  }

  /** Waits for the end and returns the exit code. */
  public int awaitExit(Duration patience) {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
        throw new AssertionError(this + " did not end in " + patience + "\n" + told());
      }
    } catch (InterruptedException e) {
      kill();
      throw new AssertionError("Interrupted while waiting for " + this, e);
    }
    Runtime.getRuntime().removeShutdownHook(atExit);
    return process.exitValue();
  }

  /** Waits for the end at most this long, and returns whether it ended by itself. */
  public boolean endsWithin(Duration time) {
    try {
      return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError("Interrupted while waiting for " + this, e);
    }
  }

  /** Ends it as {@code kill -9} does, and returns when it is gone. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Ends it as Ctrl-C or a supervisor does, and returns when it is gone. */
  @Override
  public void close() {
    process.destroy();
    awaitExit(Duration.ofSeconds(60));
  }

  /** Everything it printed, for messages. */
  public String told() {
    return out() + "\n" + err();
  }

  @Override
  public String toString() {
    return "tarn " + String.join(" ", arguments);
  }
}
