package dev.tarn.store.delta;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A log in the local file system: microseconds a question. */
final class LocalCommitLog implements CommitLog {
  private final Path folder;

  LocalCommitLog(Path table) {
    this.folder = table.resolve("_delta_log");
  }

  @Override
  public Optional<Mark> mark(long version) throws IOException {
    try {
      BasicFileAttributes file = Files.readAttributes(file(version), BasicFileAttributes.class);
      return Optional.of(
          new Mark(
              file.lastModifiedTime().to(TimeUnit.NANOSECONDS),
              file.size(),
              String.valueOf(file.fileKey())));
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
    return Files.newInputStream(file(version));
  }

  private Path file(long version) {
    return folder.resolve(CommitLog.fileName(version));
  }
}
