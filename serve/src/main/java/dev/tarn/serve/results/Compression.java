package dev.tarn.serve.results;

/** How a chunk's bytes are compressed as a whole. Names are the wire's. */
public enum Compression {
  NONE,
  LZ4_FRAME
}
