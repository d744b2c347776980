package dev.tarn.store.delta;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A snapshot that was once the latest, and what tells whether it still is. Commits that follow are
 * applied to its file list instead of reading the log again.
 *
 * @param mark of the commit file of the snapshot's version
 */
record CachedTable(TableSnapshot snapshot, CommitLog log, CommitLog.Mark mark) {
  /** With more to catch up, a checkpoint is likely to be faster. */
  private static final int MOST_COMMITS = 500;

  /** Whether no commit followed and the table is still the one that was read. */
  boolean isLatest() throws IOException {
    return isSameTable() && !log.has(snapshot.version() + 1);
  }

  boolean isSameTable() throws IOException {
    return log.mark(snapshot.version()).filter(mark::equals).isPresent();
  }

  /**
   * With all commits that follow; empty if the log must be read anew: the table was replaced, its
   * protocol changed, or a commit cannot be understood here.
   */
  Optional<CachedTable> refreshed() throws IOException {
    if (!isSameTable()) {
      return Optional.empty();
    }
    Replay replay = new Replay(snapshot);
    CommitLog.Mark last = mark;
    long version = snapshot.version();
    while (true) {
      Optional<CommitLog.Mark> next = log.mark(version + 1);
      if (next.isEmpty()) {
        break;
      }
      Commit commit = Commit.read(log.open(version + 1));
      if (commit.changesProtocol() || version - snapshot.version() >= MOST_COMMITS) {
        return Optional.empty();
      }
      replay.apply(commit);
      last = next.get();
      version++;
    }
    if (version == snapshot.version()) {
      return Optional.of(this);
    }
    // A table put in this one's place while its commits were read would have mixed in its own.
    return isSameTable()
        ? Optional.of(new CachedTable(replay.result(version), log, last))
        : Optional.empty();
  }

  /** Applies commits in order. */
  private static final class Replay {
    private final TableSnapshot from;
    private final Set<String> gone = new HashSet<>();
    private final Map<String, DataFile> added = new LinkedHashMap<>();
    private TableMetadata metadata;
    private StatisticsLayout layout;
    private Partition.Interner partitions;

    Replay(TableSnapshot from) {
      this.from = from;
      this.metadata = from.metadata();
      this.layout = from.layout();
      this.partitions = new Partition.Interner(metadata);
    }

    void apply(Commit commit) {
      commit
          .metadata()
          .ifPresent(
              action -> {
                metadata = TableMetadata.of(action);
                layout = layout.with(metadata.columns());
                partitions = new Partition.Interner(metadata);
              });
      for (String key : commit.removed()) {
        gone.add(key);
        added.remove(key);
      }
      for (Commit.Added add : commit.added()) {
        DataFile file =
            new DataFile(
                from.root(),
                add.path(),
                add.size(),
                add.modified(),
                partitions.of(add.partitionValues()),
                add.deletionVector(),
                FileStatistics.parse(add.statistics(), layout));
        gone.add(file.key());
        added.put(file.key(), file);
      }
    }

    TableSnapshot result(long version) {
      boolean renamed = metadata != from.metadata();
      List<DataFile> files = new ArrayList<>(from.files().size() + added.size());
      for (DataFile file : from.files()) {
        if (gone.isEmpty() || !gone.contains(file.key())) {
          files.add(renamed ? renamed(file) : file);
        }
      }
      for (DataFile file : added.values()) {
        file.requireOwn();
        files.add(renamed ? renamed(file) : file);
      }
      return from.after(version, metadata, layout, files);
    }

    private DataFile renamed(DataFile file) {
      return file.in(partitions.of(file.partition().physical()));
    }
  }
}
