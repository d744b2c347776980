package dev.tarn.engine.sql;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Rows of a statement as Arrow record batches, pulled one at a time. Not thread-safe. */
public interface ResultStream extends AutoCloseable {

  /**
   * @param message an encapsulated IPC RecordBatch message, without schema and end-of-stream marker
   * @param rowCount rows in it, at least 1
   */
  record Batch(byte[] message, int rowCount) {}

  List<ResultColumn> columns();

  /**
   * An encapsulated IPC Schema message. Field metadata {@code Spark:DataType:SqlName} carries the
   * SQL type. Timestamps are microseconds, with zone UTC or none.
   */
  byte[] arrowSchema();

  /**
   * The next batch, or empty at the end.
   *
   * @throws dev.tarn.kernel.error.TarnException if the statement fails on the way or is cancelled
   */
  Optional<Batch> next();

  /** How long the statement was analysed and planned before it ran. */
  default Duration planning() {
    return Duration.ZERO;
  }

  /** What runs the statement: {@code native} or {@code spark}. */
  default String executor() {
    return "spark";
  }

  /** Why the native executor does not run it; empty if it does, or if nobody asked it. */
  default String refusal() {
    return "";
  }

  /** How it ran so far; complete when the last batch has been read. */
  default Profile profile() {
    return Profile.NONE;
  }

  @Override
  void close();
}
