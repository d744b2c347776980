package dev.tarn.govern.tags;

/**
 * One tag of one thing.
 *
 * @param value empty for a tag that is a key only
 * @param updatedAt in milliseconds since 1970
 */
public record TagAssignment(
    TaggedEntity entity, String key, String value, String updatedBy, long updatedAt) {}
