package dev.tarn.kernel.http;

import dev.tarn.kernel.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * An HTTP response as a handler makes it.
 *
 * @param status HTTP status
 * @param headers headers beside content type, names in lower case
 * @param body writes the body; called once, on a thread that may block
 */
public record Response(int status, String contentType, Map<String, String> headers, Body body) {

  /** Writes a response body; may stream for as long as the client reads. */
  @FunctionalInterface
  public interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  public static Response json(Object value) {
    return json(200, value);
  }

  public static Response json(int status, Object value) {
    byte[] bytes = Json.bytes(value);
    return new Response(status, "application/json", Map.of(), out -> out.write(bytes));
  }

  public static Response noContent() {
    return new Response(204, "application/json", Map.of(), out -> {});
  }

  public static Response bytes(int status, String contentType, byte[] bytes) {
    return new Response(status, contentType, Map.of(), out -> out.write(bytes));
  }

  public static Response stream(String contentType, Map<String, String> headers, Body body) {
    return new Response(200, contentType, headers, body);
  }
}
