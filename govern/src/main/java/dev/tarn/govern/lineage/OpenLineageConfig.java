package dev.tarn.govern.lineage;

import dev.tarn.kernel.error.TarnException;
import java.net.URI;

/**
 * Settings {@code lineage.openlineage}: who else is told where rows come from.
 *
 * @param url that events are posted to, such as {@code http://marquez:5000/api/v1/lineage}; none by
 *     default, and nobody is told
 * @param token sent as bearer token; none by default
 * @param namespace of jobs and tables; {@code tarn} by default
 */
public record OpenLineageConfig(String url, String token, String namespace) {
  public static final OpenLineageConfig NONE = new OpenLineageConfig(null, null, null);

  public OpenLineageConfig {
    namespace = namespace == null || namespace.isBlank() ? "tarn" : namespace;
    if (url != null && !isHttp(url)) {
      throw TarnException.invalid(
          "lineage.openlineage.url must be a URL that begins with http:// or https://.");
    }
  }

  private static boolean isHttp(String url) {
    try {
      URI uri = URI.create(url);
      return uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "OpenLineageConfig[url=" + url + ", namespace=" + namespace + ']';
  }
}
