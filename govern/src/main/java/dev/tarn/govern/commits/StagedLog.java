package dev.tarn.govern.commits;

import dev.tarn.kernel.error.TarnException;

/** Reads the log that a writer outside has put into the place of a table to be. */
@FunctionalInterface
public interface StagedLog {
  /**
   * @throws TarnException INVALID_PARAMETER_VALUE unless its version 0 is of a table whose commits
   *     the catalog ratifies, is of this table, and names no files but those in its folder
   */
  void require(StagingTable staged);
}
