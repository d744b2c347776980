package dev.tarn.server.http;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a handler throws into {@code {error_code, message}}. */
final class Errors {
  private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

  private record Body(String errorCode, String message) {}

  private Errors() {}

  static Response response(Throwable thrown, String where) {
    TarnException error =
        thrown instanceof TarnException known
            ? known
            : new TarnException(
                ErrorCode.INTERNAL_ERROR, "Something went wrong inside Tarn.", thrown);
    String message = error.getMessage();
    if (error.code() == ErrorCode.INTERNAL_ERROR) {
      String reference = UUID.randomUUID().toString().substring(0, 8);
      LOG.error("Reference {}: {} failed", reference, where, error);
      message += " The server's log has the details under reference " + reference + ".";
    }
    Map<String, String> headers = new HashMap<>();
    if (error.code() == ErrorCode.UNAUTHENTICATED) {
      headers.put("www-authenticate", "Bearer");
    }
    if (error.code() == ErrorCode.TEMPORARILY_UNAVAILABLE) {
      headers.put("retry-after", "1");
    }
    byte[] body = Json.bytes(new Body(error.code().name(), message));
    return new Response(
        error.code().httpStatus(), "application/json", headers, out -> out.write(body));
  }
}
