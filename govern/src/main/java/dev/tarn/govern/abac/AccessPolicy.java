package dev.tarn.govern.abac;

import dev.tarn.govern.grants.Securable;

/**
 * A policy of a catalog, schema or table, for all tables in it. Times are in milliseconds since
 * 1970.
 *
 * @param name unique on its securable, in lower case
 */
public record AccessPolicy(
    String policyId,
    Securable on,
    String name,
    PolicyDefinition definition,
    String createdBy,
    long createdAt,
    String updatedBy,
    long updatedAt) {}
