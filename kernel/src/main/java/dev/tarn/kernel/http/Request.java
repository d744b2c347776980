package dev.tarn.kernel.http;

import dev.tarn.kernel.identity.Principal;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** An HTTP request as a handler sees it, free of any server's types. */
public interface Request {
  /**
   * The caller.
   *
   * @throws dev.tarn.kernel.error.TarnException UNAUTHENTICATED on a {@link Access#PUBLIC} route
   *     called without a token
   */
  Principal principal();

  /** Whether it came over TLS. */
  default boolean secure() {
    return false;
  }

  /** The decoded value of {@code {name}} or of the trailing {@code {name...}} in the route. */
  String path(String name);

  Optional<String> query(String name);

  /** All values of a parameter that may be repeated, in their order. */
  default List<String> queries(String name) {
    return query(name).stream().toList();
  }

  Optional<String> header(String name);

  /** What the audit log is to know of the call beside what the request itself says. */
  default CallNotes notes() {
    return new CallNotes("", "");
  }

  /** The raw body. Streams; read once. */
  InputStream body();

  /**
   * The body as JSON.
   *
   * @throws dev.tarn.kernel.error.TarnException MALFORMED_REQUEST naming the field that is wrong
   */
  <T> T json(Class<T> type);
}
