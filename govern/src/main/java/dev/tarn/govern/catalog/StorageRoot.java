package dev.tarn.govern.catalog;

/**
 * Where managed tables, volumes and models of a catalog or schema lie. Both normalized.
 *
 * @param url what was asked for, in an external location
 * @param location the folder below it that is the catalog's or schema's alone
 */
public record StorageRoot(String url, String location) {}
