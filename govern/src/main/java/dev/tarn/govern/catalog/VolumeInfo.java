package dev.tarn.govern.catalog;

import dev.tarn.kernel.name.EntityName;

/**
 * A volume: files under governance. Times are in milliseconds since 1970.
 *
 * @param volumeType {@code MANAGED} or {@code EXTERNAL}
 * @param storageLocation URI without trailing slash
 * @param comment or null
 */
public record VolumeInfo(
    String volumeId,
    EntityName name,
    String volumeType,
    String storageLocation,
    String owner,
    String comment,
    long createdAt,
    long updatedAt) {}
