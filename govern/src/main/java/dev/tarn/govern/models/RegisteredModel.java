package dev.tarn.govern.models;

import dev.tarn.kernel.name.EntityName;

/**
 * A model, of which there are versions. Times are in milliseconds since 1970.
 *
 * @param comment or null
 * @param storageLocation URI without trailing slash; versions lie in it
 */
public record RegisteredModel(
    String modelId,
    EntityName name,
    String owner,
    String comment,
    String storageLocation,
    String createdBy,
    long createdAt,
    String updatedBy,
    long updatedAt) {}
