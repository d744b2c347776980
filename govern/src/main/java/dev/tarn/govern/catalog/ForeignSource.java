package dev.tarn.govern.catalog;

import java.util.Map;

/**
 * Where a foreign catalog has its tables.
 *
 * @param connection its name
 * @param options such as {@code database}; no secrets
 */
public record ForeignSource(String connectionId, String connection, Map<String, String> options) {
  public ForeignSource {
    options = Map.copyOf(options);
  }
}
