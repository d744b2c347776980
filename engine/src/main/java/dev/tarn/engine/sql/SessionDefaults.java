package dev.tarn.engine.sql;

import java.util.Map;
import java.util.Optional;

/**
 * Where a session begins.
 *
 * @param catalog current catalog; {@code main} when absent
 * @param schema current schema; {@code default} when absent
 * @param configuration session settings, as {@code SET} would make them
 */
public record SessionDefaults(
    Optional<String> catalog, Optional<String> schema, Map<String, String> configuration) {
  public static final SessionDefaults NONE =
      new SessionDefaults(Optional.empty(), Optional.empty(), Map.of());
}
