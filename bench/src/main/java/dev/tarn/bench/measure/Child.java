package dev.tarn.bench.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process under measurement. It ends with this one. */
public final class Child implements AutoCloseable {
  private static final String END = "\0";
  private static final long STOP_SECONDS = 30;

  /** A line of its standard output, and the time at which it came, as {@link System#nanoTime}. */
  public record Line(String text, long nanos) {}

  private final Process process;
  private final long started;
  private final Path errors;
  private final Thread stopper;
  private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();

  private Child(Process process, long started, Path errors) {
    this.process = process;
    this.started = started;
    this.errors = errors;
    this.stopper = new Thread(process::destroyForcibly, "stop-child");
    Runtime.getRuntime().addShutdownHook(stopper);
    Thread reader = new Thread(this::read, "child-output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts it now.
   *
   * @param errors file for its standard error
   */
  public static Child start(Path errors, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(environment);
    long started = System.nanoTime();
    return new Child(builder.start(), started, errors);
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(new Line(line, System.nanoTime()));
      }
    } catch (IOException e) {
      lines.add(new Line("output broke off: " + e.getMessage(), System.nanoTime()));
    }
    lines.add(new Line(END, System.nanoTime()));
  }

  /** When it was started, as {@link System#nanoTime}. */
  public long started() {
    return started;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits for a line that begins so.
   *
   * @throws IOException if it ends or the time is up before; with what it wrote to standard error
   */
  public Line await(String beginning, Duration limit) throws IOException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      Line line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null || line.text.equals(END)) {
        throw new IOException(
            "The process "
                + (line == null ? "did not say '" : "ended before it said '")
                + beginning
                + "'. Its standard error ends with:\n"
                + lastErrors());
      }
      if (line.text.startsWith(beginning)) {
        return line;
      }
    }
  }

  private String lastErrors() throws IOException {
    List<String> all = Files.readAllLines(errors);
    return String.join("\n", all.subList(Math.max(0, all.size() - 40), all.size()));
  }

  /** Lets it go on that waits for a byte. */
  public void proceed() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** Most memory that it has held at once, in MiB. */
  public double peakResident() throws IOException {
    return status("VmHWM:");
  }

  /** Memory that it holds now, in MiB. */
  public double resident() throws IOException {
    return status("VmRSS:");
  }

  /** Processor time that it has used so far, in seconds over all cores. */
  public double processorSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
  }

  private double status(String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", process.pid() + "", "status"))) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.substring(field.length()).replace("kB", "").strip()) / 1024.0;
      }
    }
    throw new IOException("/proc says nothing about " + field + " of process " + process.pid());
  }

  /** Asks it to stop, and makes it if it does not. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(stopper);
  }
}
