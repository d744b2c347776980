package dev.tarn.govern.catalog;

import dev.tarn.kernel.name.EntityName;

/**
 * A table that was dropped and can come back. Times are in milliseconds since 1970.
 *
 * @param comment or null
 * @param goneAt when it can no longer
 */
public record DroppedTable(
    String tableId,
    EntityName name,
    TableType tableType,
    String storageLocation,
    String owner,
    String comment,
    String createdBy,
    long createdAt,
    long updatedAt,
    long droppedAt,
    long goneAt) {}
