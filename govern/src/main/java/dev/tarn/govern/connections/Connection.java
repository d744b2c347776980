package dev.tarn.govern.connections;

import java.util.Map;

/**
 * How another system is reached, without its secrets. Times are in milliseconds since 1970.
 *
 * @param options those that everybody may see who sees the connection
 * @param comment or null
 */
public record Connection(
    String connectionId,
    String name,
    String connectionType,
    Map<String, String> options,
    Map<String, String> properties,
    String owner,
    String comment,
    boolean readOnly,
    String createdBy,
    long createdAt,
    String updatedBy,
    long updatedAt) {
  public Connection {
    options = Map.copyOf(options);
    properties = Map.copyOf(properties);
  }
}
