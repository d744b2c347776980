package dev.tarn.bench.tpch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Queries through Trino's HTTP protocol. Arguments: URL, folder of queries, folder for rows,
 * rounds.
 */
public final class TrinoQueries implements QueryPasses.Engine {
  private final String url;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  TrinoQueries(String url) {
    this.url = url;
  }

  public static void main(String[] arguments) throws Exception {
    QueryPasses.run(
        new TrinoQueries(arguments[0]),
        Path.of(arguments[1]),
        Path.of(arguments[2]),
        Integer.parseInt(arguments[3]));
    System.exit(0);
  }

  @Override
  public List<List<String>> run(String sql) throws IOException, InterruptedException {
    List<List<String>> rows = new ArrayList<>();
    JsonNode page =
        send(
            HttpRequest.newBuilder(URI.create(url + "/v1/statement"))
                .POST(HttpRequest.BodyPublishers.ofString(sql)));
    while (true) {
      if (page.has("error")) {
        throw new IOException(page.path("error").path("message").asText());
      }
      for (JsonNode row : page.path("data")) {
        List<String> values = new ArrayList<>();
        row.forEach(value -> values.add(value.asText()));
        rows.add(values);
      }
      if (!page.has("nextUri")) {
        return rows;
      }
      page = send(HttpRequest.newBuilder(URI.create(page.path("nextUri").asText())));
    }
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            request
                .header("X-Trino-User", "bench")
                .header("X-Trino-Catalog", "lake")
                .header("X-Trino-Schema", "tpch")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("HTTP status " + response.statusCode() + ": " + response.body());
    }
    return Json.tree(response.body());
  }
}
