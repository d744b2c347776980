package dev.tarn.server.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** REST calls with a token, and errors as {@link ClientException}. */
final class Http {
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final URI host;
  private final String token;

  Http(URI host, String token) {
    this.host = host;
    this.token = token;
  }

  JsonNode get(String path) {
    return call("GET", path, BodyPublishers.noBody());
  }

  JsonNode post(String path, Object body) {
    return call("POST", path, BodyPublishers.ofByteArray(Json.bytes(body)));
  }

  JsonNode put(String path, Object body) {
    return call("PUT", path, BodyPublishers.ofByteArray(Json.bytes(body)));
  }

  JsonNode patch(String path, Object body) {
    return call("PATCH", path, BodyPublishers.ofByteArray(Json.bytes(body)));
  }

  JsonNode delete(String path) {
    return call("DELETE", path, BodyPublishers.noBody());
  }

  void upload(String path, BodyPublisher body) {
    read(
        HttpRequest.newBuilder(host.resolve(path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/octet-stream")
            .PUT(body));
  }

  /** Fetches a signed link, which must not see the token. */
  InputStream open(String link) {
    return stream(HttpRequest.newBuilder(host.resolve(link)).GET());
  }

  private JsonNode call(String method, String path, BodyPublisher body) {
    return read(
        HttpRequest.newBuilder(host.resolve(path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, body));
  }

  private JsonNode read(HttpRequest.Builder request) {
    try (InputStream in = stream(request)) {
      byte[] bytes = in.readAllBytes();
      return bytes.length == 0 ? Json.mapper().createObjectNode() : Json.mapper().readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new ClientException(
          502, "BAD_ANSWER", host + " answered something that is not JSON. Is it a Tarn?", e);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private InputStream stream(HttpRequest.Builder request) {
    try {
      HttpResponse<InputStream> response =
          client.send(
              request.header("User-Agent", "tarn-cli").build(), BodyHandlers.ofInputStream());
      if (response.statusCode() / 100 != 2) {
        throw refused(response);
      }
      return response.body();
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientException(0, "INTERRUPTED", "Interrupted.", e);
    }
  }

  private ClientException refused(HttpResponse<InputStream> response) throws IOException {
    int status = response.statusCode();
    try (InputStream in = response.body()) {
      JsonNode body = Json.mapper().readTree(in.readNBytes(1 << 20));
      return new ClientException(
          status,
          body.path("error_code").asText("HTTP_" + status),
          body.path("message").asText("The server answered with status " + status + "."),
          null);
    } catch (JsonProcessingException e) {
      return new ClientException(
          status,
          "HTTP_" + status,
          host + " answered with status " + status + ". Is it a Tarn?",
          e);
    }
  }

  private ClientException unreachable(IOException e) {
    return new ClientException(
        0,
        "UNREACHABLE",
        "Cannot reach "
            + host
            + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")")
            + ". Start it with 'tarn up', or set TARN_HOST.",
        e);
  }

  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Encodes a path's segments and keeps its slashes. */
  static String path(String path) {
    return Stream.of(path.split("/", -1)).map(Http::segment).collect(Collectors.joining("/"));
  }
}
