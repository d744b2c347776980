package dev.tarn.govern.tags;

import java.util.List;

/**
 * What a governed tag may say. Times are in milliseconds since 1970.
 *
 * @param description or null
 * @param values that it may have; empty if any will do
 */
public record TagPolicy(
    String policyId,
    String tagKey,
    String description,
    List<String> values,
    long createdAt,
    long updatedAt) {
  public TagPolicy {
    values = values == null ? List.of() : List.copyOf(values);
  }

  boolean allows(String value) {
    return values.isEmpty() || values.contains(value);
  }
}
