package dev.tarn.govern.catalog;

import dev.tarn.kernel.name.EntityName;

/**
 * A function written in SQL. Times are in milliseconds since 1970.
 *
 * @param comment or null
 */
public record FunctionInfo(
    String functionId,
    EntityName name,
    String owner,
    String comment,
    FunctionDefinition definition,
    long createdAt,
    long updatedAt) {}
