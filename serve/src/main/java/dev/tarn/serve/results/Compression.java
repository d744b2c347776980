package dev.tarn.serve.results;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;

/** How a chunk's bytes are compressed as a whole. Names are the wire's. */
public enum Compression {
  NONE,
  LZ4_FRAME;

  private static final int SMALL = 64 << 10;

  /**
   * Compresses what is written.
   *
   * @param expected about how many bytes that will be: whoever reads makes room for whole blocks
   */
  public OutputStream over(OutputStream out, int expected) throws IOException {
    return this == NONE
        ? out
        : new LZ4FrameOutputStream(
            out, expected <= SMALL ? BLOCKSIZE.SIZE_64KB : BLOCKSIZE.SIZE_256KB);
  }

  /** Gives back what was written. */
  InputStream over(InputStream in) throws IOException {
    return this == NONE ? in : new LZ4FrameInputStream(in);
  }
}
