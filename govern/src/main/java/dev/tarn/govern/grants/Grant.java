package dev.tarn.govern.grants;

/**
 * One privilege of one user or group, as it was granted on this very securable.
 *
 * @param grantedBy who granted it
 */
public record Grant(String principal, Securable securable, Privilege privilege, String grantedBy) {}
