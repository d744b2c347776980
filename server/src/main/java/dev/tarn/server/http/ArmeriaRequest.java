package dev.tarn.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.QueryParams;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.CallNotes;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** A request as handlers see it. */
final class ArmeriaRequest implements Request {
  private final HttpRequest request;
  private final boolean secure;
  private final Map<String, String> path;
  private final QueryParams query;
  private final Supplier<Principal> principal;
  private final InputStream body;
  private final int maxJsonBytes;
  private final Recording recording;

  ArmeriaRequest(
      HttpRequest request,
      boolean secure,
      Map<String, String> path,
      QueryParams query,
      Supplier<Principal> principal,
      InputStream body,
      int maxJsonBytes,
      Recording recording) {
    this.recording = recording;
    this.request = request;
    this.secure = secure;
    this.path = path;
    this.query = query;
    this.principal = principal;
    this.body = body;
    this.maxJsonBytes = maxJsonBytes;
  }

  @Override
  public boolean secure() {
    return secure;
  }

  @Override
  public Principal principal() {
    return principal.get();
  }

  @Override
  public String path(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalArgumentException("The route has no {" + name + "}.");
    }
    return value;
  }

  @Override
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  @Override
  public List<String> queries(String name) {
    return query.getAll(name);
  }

  @Override
  public Optional<String> header(String name) {
    if (name.equalsIgnoreCase("host")) {
      // HTTP/2 has no such header; Armeria hands both on as the authority.
      return Optional.ofNullable(request.headers().authority());
    }
    return Optional.ofNullable(request.headers().get(name));
  }

  @Override
  public CallNotes notes() {
    return recording.notes();
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public <T> T json(Class<T> type) {
    byte[] bytes = jsonBytes();
    recording.json(bytes);
    try {
      // Databricks takes an absent body for an empty object.
      T value = Json.mapper().readValue(bytes.length == 0 ? new byte[] {'{', '}'} : bytes, type);
      if (value == null) {
        throw malformed("The request body must be a JSON object, not null.", null);
      }
      return value;
    } catch (JsonMappingException e) {
      throw inMapping(e);
    } catch (JsonProcessingException e) {
      throw malformed(
          "The request body is not JSON"
              + (e.getLocation() == null
                  ? "."
                  : ": see line "
                      + e.getLocation().getLineNr()
                      + ", column "
                      + e.getLocation().getColumnNr()
                      + "."),
          e);
    } catch (IOException e) {
      // The bytes are all here: they are no text.
      throw malformed("The request body is not JSON: send it in UTF-8.", e);
    }
  }

  private byte[] jsonBytes() {
    try {
      byte[] bytes = atMost(body);
      boolean gzip = header("content-encoding").map("gzip"::equalsIgnoreCase).orElse(false);
      return gzip && bytes.length > 0
          ? atMost(new GZIPInputStream(new ByteArrayInputStream(bytes)))
          : bytes;
    } catch (IOException e) {
      throw malformed("The request body could not be read: " + e.getMessage() + ".", e);
    }
  }

  private byte[] atMost(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(maxJsonBytes + 1);
    if (bytes.length > maxJsonBytes) {
      throw malformed(
          "The request body has more than "
              + maxJsonBytes
              + " bytes. Send less at once, or raise server.max_json_bytes.",
          null);
    }
    return bytes;
  }

  /** A record may refuse its own values; what it says is better than what Jackson would. */
  private static TarnException inMapping(JsonMappingException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof TarnException own) {
        return own;
      }
    }
    String field =
        e.getPath().stream()
            .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : "." + r.getFieldName())
            .collect(Collectors.joining());
    field = field.startsWith(".") ? field.substring(1) : field;
    String wanted =
        e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
            ? " must be " + describe(mismatch.getTargetType()) + "."
            : " is not well-formed.";
    String what = field.isEmpty() ? "The request body" : "Field '" + field + "'";
    return malformed(what + wanted, e);
  }

  private static String describe(Class<?> type) {
    if (type == String.class) {
      return "a text";
    } else if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    } else if (type == int.class
        || type == Integer.class
        || type == long.class
        || type == Long.class) {
      return "a whole number within its range";
    } else if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a number";
    } else if (type.isEnum()) {
      return "one of " + java.util.Arrays.toString(type.getEnumConstants());
    } else if (Iterable.class.isAssignableFrom(type) || type.isArray()) {
      return "a list";
    }
    return "an object";
  }

  private static TarnException malformed(String message, Throwable cause) {
    return new TarnException(ErrorCode.MALFORMED_REQUEST, message, cause);
  }
}
