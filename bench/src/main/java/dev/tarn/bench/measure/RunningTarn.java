package dev.tarn.bench.measure;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.json.Json;
import dev.tarn.server.client.TarnClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** A {@code tarn up} in its own process. */
public final class RunningTarn implements AutoCloseable {
  private static final long PAUSE_MILLIS = 5;
  private static final Duration START = Duration.ofMinutes(3);

  private final Child process;
  private final URI url;
  private final Path data;
  private final HttpClient http;

  private RunningTarn(Child process, URI url, Path data) {
    this.process = process;
    this.url = url;
    this.data = data;
    this.http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  /** Starts it; nothing is known to answer yet. */
  public static RunningTarn start(Lab lab, Path data, Map<String, String> environment)
      throws IOException {
    int port = freePort();
    return new RunningTarn(
        lab.tarn(environment, "up", "--data", data.toString(), "--port", Integer.toString(port)),
        URI.create("http://127.0.0.1:" + port),
        data);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public URI url() {
    return url;
  }

  public Child process() {
    return process;
  }

  public TarnClient client() throws IOException {
    return new TarnClient(url.toString(), token());
  }

  /** Returns as soon as any HTTP answer comes, and when that was, as {@link System#nanoTime}. */
  public long awaitHttp() throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (true) {
      try {
        http.send(
            HttpRequest.newBuilder(url.resolve("/health")).build(),
            HttpResponse.BodyHandlers.discarding());
        return System.nanoTime();
      } catch (ConnectException e) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new IOException("tarn up does not answer", e);
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  /** Runs a statement through the Statement Execution API; returns its first row. */
  public JsonNode firstRow(String statement) throws IOException, InterruptedException {
    JsonNode answer =
        send(
            HttpRequest.newBuilder(url.resolve("/api/2.0/sql/statements"))
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofByteArray(
                        Json.bytes(
                            Map.of(
                                "statement",
                                statement,
                                "warehouse_id",
                                "default",
                                "wait_timeout",
                                "50s")))));
    while (Set.of("PENDING", "RUNNING").contains(answer.path("status").path("state").asText())) {
      Thread.sleep(PAUSE_MILLIS);
      answer =
          send(
              HttpRequest.newBuilder(
                  url.resolve("/api/2.0/sql/statements/" + answer.path("statement_id").asText())));
    }
    if (!answer.path("status").path("state").asText().equals("SUCCEEDED")) {
      throw new IOException("The statement did not succeed: " + answer);
    }
    return answer.path("result").path("data_array").path(0);
  }

  /** The folder of a table's files. */
  public String location(String table) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(url.resolve("/api/2.1/unity-catalog/tables/" + table)))
        .path("storage_location")
        .asText();
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            request.header("Authorization", "Bearer " + token()).build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("HTTP status " + response.statusCode() + ": " + response.body());
    }
    return Json.tree(response.body());
  }

  /** The administrator's. */
  public String token() throws IOException {
    return Files.readString(data.resolve("admin.token")).strip();
  }

  @Override
  public void close() {
    process.close();
  }
}
