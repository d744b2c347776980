package dev.tarn.store.delta;

import dev.tarn.govern.commits.ManagedLog;
import dev.tarn.govern.commits.RatifiedCommit;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A log that the catalog manages: it says which commits there are, whatever files lie in the
 * folder, and where those are that were not published yet.
 */
final class ManagedCommitLog implements CommitLog {
  private final FileSystem files;
  private final Path folder;
  private final Supplier<Optional<ManagedLog>> log;

  /**
   * @param log as it stands whenever it is asked for
   */
  ManagedCommitLog(FileSystem files, Path table, Supplier<Optional<ManagedLog>> log) {
    this.files = files;
    this.folder = new Path(table, "_delta_log");
    this.log = log;
  }

  /** Ratified commits never change, and a table of another id is another table. */
  @Override
  public Optional<Mark> mark(long version) {
    return log.get()
        .filter(found -> version <= found.latestVersion())
        .map(found -> new Mark(0, 0, found.tableId()));
  }

  @Override
  public boolean has(long version) {
    return mark(version).isPresent();
  }

  @Override
  public InputStream open(long version) throws IOException {
    Optional<String> staged =
        log.get().map(ManagedLog::commits).stream()
            .flatMap(commits -> commits.stream())
            .filter(commit -> commit.version() == version)
            .map(RatifiedCommit::fileName)
            .findFirst();
    if (staged.isPresent()) {
      return files.open(staged(folder, staged.get()));
    }
    if (!has(version)) {
      throw new FileNotFoundException("Version " + version + " of " + folder + " is not ratified.");
    }
    return files.open(new Path(folder, CommitLog.fileName(version)));
  }

  static Path staged(Path logFolder, String name) {
    return new Path(new Path(logFolder, "_staged_commits"), name);
  }
}
