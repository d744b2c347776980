package dev.tarn.govern.grants;

/** One privilege of one user or group, as it was granted on this very securable. */
public record Grant(String principal, Securable securable, Privilege privilege) {}
