package dev.tarn.store.delta;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A log in the local file system: microseconds a question. */
final class LocalCommitLog implements CommitLog {
  private final Path folder;
  private final String attributes;

  LocalCommitLog(Path table) {
    this.folder = table.resolve("_delta_log");
    // Inodes are used again, and a time of modification can be copied; that of change cannot.
    boolean unix = table.getFileSystem().supportedFileAttributeViews().contains("unix");
    this.attributes = (unix ? "unix:ctime," : "") + "lastModifiedTime,size,fileKey";
  }

  @Override
  public Optional<Mark> mark(long version) throws IOException {
    try {
      Map<String, Object> file = Files.readAttributes(file(version), attributes);
      return Optional.of(
          new Mark(
              ((FileTime) file.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS),
              (long) file.get("size"),
              file.get("fileKey") + " " + file.get("ctime")));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean has(long version) {
    return file(version).toFile().exists();
  }

  @Override
  public InputStream open(long version) throws IOException {
    if (Files.isSymbolicLink(folder)) {
      throw new FileSystemException(folder.toString(), null, "no link to a log is followed");
    }
    return Files.newInputStream(file(version), LinkOption.NOFOLLOW_LINKS);
  }

  private Path file(long version) {
    return folder.resolve(CommitLog.fileName(version));
  }
}
