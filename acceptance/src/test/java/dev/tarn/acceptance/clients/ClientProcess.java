package dev.tarn.acceptance.clients;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.tarn.kernel.json.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A client program in a process of its own that holds one session. It reads a step per line from
 * standard input: a verb and its arguments, parted by tabs and percent-encoded. It prints a JSON
 * array per row, then a line {@code .}, or {@code !SQLSTATE<tab>message} if the step failed.
 */
public final class ClientProcess implements AutoCloseable {

  /**
   * What a step brought.
   *
   * @param rows each line of output; null for SQL NULL
   * @param sqlState null if the step succeeded
   */
  public record Outcome(List<List<String>> rows, String sqlState, String message) {}

  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;
  private final Path errors;

  private interface Start {
    Process from(ProcessBuilder builder) throws IOException;
  }

  public ClientProcess(List<String> command, Map<String, String> environment) {
    this(builder -> builder.command(command).start(), environment);
  }

  public ClientProcess(ClientJvm jvm, Map<String, String> environment, String... arguments) {
    this(builder -> jvm.start(builder, List.of(arguments)), environment);
  }

  private ClientProcess(Start start, Map<String, String> environment) {
    try {
      errors = Files.createTempFile("client", ".err");
      ProcessBuilder builder = new ProcessBuilder().redirectError(errors.toFile());
      builder.environment().putAll(environment);
      process = start.from(builder);
      in = process.outputWriter(StandardCharsets.UTF_8);
      out = process.inputReader(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs one step. */
  public synchronized Outcome run(String... parts) {
    try {
      in.write(Stream.of(parts).map(ClientProcess::encoded).collect(Collectors.joining("\t")));
      in.newLine();
      in.flush();
      List<List<String>> rows = new ArrayList<>();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("[")) {
          rows.add(Json.mapper().readValue(line, new TypeReference<List<String>>() {}));
        } else if (line.equals(".")) {
          return new Outcome(rows, null, null);
        } else if (line.startsWith("!")) {
          String[] failure = line.substring(1).split("\t", 2);
          return new Outcome(rows, failure[0], failure[1]);
        }
      }
      throw new AssertionError(Arrays.toString(parts) + " ended the client: " + told());
    } catch (IOException e) {
      throw new AssertionError(Arrays.toString(parts) + " ended the client: " + told(), e);
    }
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The rows of a step that must succeed. */
  public List<List<String>> rows(String... parts) {
    Outcome outcome = run(parts);
    if (outcome.sqlState() != null) {
      throw new AssertionError(Arrays.toString(parts) + ": " + outcome);
    }
    return outcome.rows();
  }

  private String told() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the session and the client. */
  @Override
  public void close() {
    try {
      in.close();
      if (!process.waitFor(60, java.util.concurrent.TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Files.delete(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
