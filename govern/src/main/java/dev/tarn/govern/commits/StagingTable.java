package dev.tarn.govern.commits;

import dev.tarn.kernel.name.EntityName;

/**
 * A table in the making.
 *
 * @param tableId that of the table to be
 * @param location where its files go; a URI without trailing slash
 * @param createdAt milliseconds since 1970
 */
public record StagingTable(
    String tableId, EntityName name, String location, String createdBy, long createdAt) {}
