package dev.tarn.server;

/**
 * Section {@code storage}: where managed tables and volumes lie.
 *
 * @param root a URI or an absolute path; absent: folder {@code storage} of the data folder
 */
public record StorageConfig(String root) {}
