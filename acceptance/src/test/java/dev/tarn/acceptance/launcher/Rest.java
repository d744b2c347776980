package dev.tarn.acceptance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Plain HTTP with a bearer token: shows the status and the body as they are. */
public final class Rest {
  /** HTTP/1.1, as Databricks' clients speak it; the JDK's would begin each with an upgrade. */
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String url;
  private final String token;

  /**
   * @param url such as {@code http://127.0.0.1:8080}
   * @param token sent as bearer token; null sends none
   */
  public Rest(String url, String token) {
    this.url = url.replaceAll("/$", "");
    this.token = token;
  }

  /** What came back. */
  public record Answer(int status, String body) {
    /** The body as JSON. */
    public JsonNode json() {
      return Json.tree(body);
    }

    public String errorCode() {
      return json().path("error_code").asText();
    }
  }

  public Answer get(String path) {
    return call("GET", path, null);
  }

  public Answer post(String path, Object body) {
    return call("POST", path, body);
  }

  public Answer patch(String path, Object body) {
    return call("PATCH", path, body);
  }

  public Answer delete(String path) {
    return call("DELETE", path, null);
  }

  /**
   * Any call.
   *
   * @param body sent as JSON unless it is a byte array; null sends none
   */
  public Answer call(String method, String path, Object body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(
                        body instanceof byte[] bytes ? bytes : Json.bytes(body)));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + " got no answer", e);
    } catch (InterruptedException e) {
      throw new AssertionError("Interrupted during " + method + " " + path, e);
    }
  }
}
