package dev.tarn.serve.results;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where a chunk is written: to memory while it is small, so that it needs no disk; else a file. */
final class ChunkOutput extends OutputStream {
  private static final int SMALL = 64 * 1024;

  private final Path file;
  private ByteArrayOutputStream memory = new ByteArrayOutputStream(1024);
  private OutputStream disk;
  private long written;

  ChunkOutput(Path file) {
    this.file = file;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] b, int offset, int length) throws IOException {
    if (disk == null && memory.size() + length > SMALL) {
      toDisk();
    }
    (disk == null ? memory : disk).write(b, offset, length);
    written += length;
  }

  /** Moves what is in memory to the file, and goes on there. */
  void toDisk() throws IOException {
    Files.createDirectories(file.getParent());
    disk = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    memory.writeTo(disk);
    memory = null;
  }

  long written() {
    return written;
  }

  /** The whole chunk if it is in memory. */
  Optional<byte[]> small() {
    return Optional.ofNullable(memory).map(ByteArrayOutputStream::toByteArray);
  }

  @Override
  public void close() throws IOException {
    if (disk != null) {
      disk.close();
    }
  }
}
