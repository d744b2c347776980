package dev.tarn.govern.commits;

/**
 * One commit of a table whose log the catalog manages. Times are in milliseconds since 1970.
 *
 * @param timestamp the commit's own, as {@code inCommitTimestamp} in it
 * @param fileName in {@code _delta_log/_staged_commits}
 * @param fileSize in bytes
 */
public record RatifiedCommit(
    long version, long timestamp, String fileName, long fileSize, long fileModificationTimestamp) {}
