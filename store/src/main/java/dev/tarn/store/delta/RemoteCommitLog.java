package dev.tarn.store.delta;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A log in an object store or another file system of Hadoop's: a request a question. */
final class RemoteCommitLog implements CommitLog {
  private final FileSystem files;
  private final Path folder;

  RemoteCommitLog(FileSystem files, Path table) {
    this.files = files;
    this.folder = new Path(table, "_delta_log");
  }

  @Override
  public Optional<Mark> mark(long version) throws IOException {
    try {
      FileStatus file = files.getFileStatus(file(version));
      String tag = file instanceof EtagSource tagged ? tagged.getEtag() : "";
      return Optional.of(
          new Mark(file.getModificationTime(), file.getLen(), tag == null ? "" : tag));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean has(long version) throws IOException {
    return files.exists(file(version));
  }

  @Override
  public InputStream open(long version) throws IOException {
    return files.open(file(version));
  }

  private Path file(long version) {
    return new Path(folder, CommitLog.fileName(version));
  }
}
