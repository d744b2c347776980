package dev.tarn.govern.commits;

import java.util.List;

/**
 * The log of a table as the catalog has it: everything up to the latest version is committed,
 * nothing beyond it is, whatever files there are.
 *
 * @param tableId of the table in the catalog
 * @param latestVersion the last that was ratified
 * @param commits those that need not lie in {@code _delta_log} under their own names yet, by
 *     version
 */
public record ManagedLog(String tableId, long latestVersion, List<RatifiedCommit> commits) {
  public ManagedLog {
    commits = List.copyOf(commits);
  }
}
