package dev.tarn.serve.results;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A chunk's bytes, in memory or in a file. */
public sealed interface ChunkBytes {
  long size() throws IOException;

  /** Reads from an offset on; the caller closes it. */
  InputStream from(long offset) throws IOException;

  /** One that is small. */
  record InMemory(byte[] bytes) implements ChunkBytes {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public InputStream from(long offset) {
      return new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset);
    }
  }

  /** One on disk. */
  record OnDisk(Path file) implements ChunkBytes {
    @Override
    public long size() throws IOException {
      return Files.size(file);
    }

    @Override
    public InputStream from(long offset) throws IOException {
      InputStream in = Files.newInputStream(file);
      try {
        in.skipNBytes(offset);
        return in;
      } catch (IOException e) {
        in.close();
        throw e;
      }
    }
  }
}
