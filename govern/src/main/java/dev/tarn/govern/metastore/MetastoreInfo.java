package dev.tarn.govern.metastore;

/**
 * The metastore: all that this deployment governs. Times are in milliseconds since 1970.
 *
 * @param externalAccess whether temporary credentials for files may be handed out at all
 * @param updatedBy or null
 */
public record MetastoreInfo(
    String metastoreId,
    String name,
    boolean externalAccess,
    long createdAt,
    String updatedBy,
    long updatedAt) {}
