package dev.tarn.govern.commits;

import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.kernel.error.TarnException;

/** Reads a commit that a writer outside has staged, before it is ratified. */
@FunctionalInterface
public interface CommitFile {
  /**
   * @throws TarnException INVALID_PARAMETER_VALUE unless it lies where the protocol says, is as
   *     long as its writer says, can be read, names no files but those in the table's folder, and
   *     leaves the table one whose commits the catalog ratifies
   */
  void require(TableInfo table, RatifiedCommit commit);
}
