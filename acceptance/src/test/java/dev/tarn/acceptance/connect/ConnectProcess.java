package dev.tarn.acceptance.connect;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.tarn.acceptance.clients.ClientClasses;
import dev.tarn.acceptance.clients.ClientJvm;
import dev.tarn.kernel.json.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * {@link ConnectClient} as a separate process, which knows Spark's client for the JVM and what that
 * asks for, and nothing of Spark's server or of Tarn. It holds one session until it is closed.
 */
public final class ConnectProcess implements AutoCloseable {
  /** What the client does not bring in its own jar. */
  private static final Pattern ITS_DEPENDENCIES =
      Pattern.compile(
          "(scala-(library|reflect|xml|parser)|spark-(sketch|common-utils|unsafe|variant|tags"
              + "|sql-api)|json4s|jackson|jcl-over|slf4j|log4j|commons-(lang3|text|io)|antlr4-runtime"
              + "|kryo|xbean|paranamer|icu4j|zstd-jni|jsr305|netty-(common|buffer)|arrow|flatbuffers)"
              + ".*\\.jar");

  /**
   * What a step brought.
   *
   * @param rows each line of output; null for SQL NULL
   * @param failure null if the step succeeded
   */
  public record Outcome(List<List<String>> rows, Failure failure) {}

  /** What the client's exception says. */
  public record Failure(String condition, String sqlState, String message) {}

  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;
  private final Path errors;

  /**
   * @param url such as {@code sc://127.0.0.1:8080/;use_ssl=false;authorization=Bearer%20token}
   */
  public ConnectProcess(String url, String... options) {
    try {
      errors = Files.createTempFile("connect", ".err");
      ClientJvm jvm =
          new ClientJvm(
              ConnectClient.class,
              ClientClasses.of(ConnectClient.class),
              libraries(),
              "--add-opens=java.base/java.nio=ALL-UNNAMED",
              "--add-opens=java.base/java.lang=ALL-UNNAMED",
              "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
              "--add-opens=java.base/java.util=ALL-UNNAMED",
              "--add-opens=java.base/sun.util.calendar=ALL-UNNAMED",
              "-XX:+IgnoreUnrecognizedVMOptions",
              "--sun-misc-unsafe-memory-access=allow",
              "-Dio.netty.tryReflectionSetAccessible=true",
              "-Dio.netty.noUnsafe=false",
              "-Xmx512m");
      ProcessBuilder builder = new ProcessBuilder().redirectError(errors.toFile());
      builder.environment().put("CONNECT_URL", url);
      process = jvm.with(List.of(options)).start(builder, List.of());
      in = process.outputWriter(StandardCharsets.UTF_8);
      out = process.inputReader(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connects without TLS to a Tarn on 127.0.0.1. */
  public static ConnectProcess to(int port, String token) {
    return new ConnectProcess(
        "sc://127.0.0.1:" + port + "/;use_ssl=false;authorization=Bearer%20" + token);
  }

  /** Runs a step as {@link ConnectClient} describes them. */
  public synchronized Outcome run(String... parts) {
    try {
      in.write(String.join("\t", parts).replace('\n', ' '));
      in.newLine();
      in.flush();
      List<List<String>> rows = new ArrayList<>();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("[")) {
          rows.add(Json.mapper().readValue(line, new TypeReference<List<String>>() {}));
        } else if (line.equals(".")) {
          return new Outcome(rows, null);
        } else if (line.startsWith("!")) {
          String[] failure = line.substring(1).split("\t", 3);
          return new Outcome(rows, new Failure(failure[0], failure[1], failure[2]));
        }
      }
      throw new AssertionError("The client ended: " + told());
    } catch (IOException e) {
      throw new AssertionError("The client ended: " + told(), e);
    }
  }

  private String told() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The rows of a step that must succeed. */
  public List<List<String>> rows(String... parts) {
    Outcome outcome = run(parts);
    if (outcome.failure() != null) {
      throw new AssertionError(Arrays.toString(parts) + ": " + outcome.failure());
    }
    return outcome.rows();
  }

  /** The failure of a step that must not succeed. */
  public Failure failure(String... parts) {
    Outcome outcome = run(parts);
    if (outcome.failure() == null) {
      throw new AssertionError(Arrays.toString(parts) + " brought " + outcome.rows());
    }
    return outcome.failure();
  }

  /** Ends the client at once, without a word to the server. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Ends the session and the client. */
  @Override
  public void close() {
    try {
      in.close();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        kill();
      }
      Files.delete(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      kill();
    }
  }

  private static List<String> libraries() {
    List<String> path = new ArrayList<>(ClientJvm.built("connect"));
    path.addAll(ClientJvm.jars(ITS_DEPENDENCIES.asMatchPredicate()));
    return path;
  }
}
