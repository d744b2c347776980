package dev.tarn.store.delta;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The commit files of a table's {@code _delta_log}, as cheap to ask as its storage allows. */
interface CommitLog {
  /**
   * What tells one writing of a file from another at the same path, so that a table that was
   * dropped and made again is not taken for the old one.
   *
   * @param modified in the finest unit that the storage has
   * @param identity the storage's own, or empty
   */
  record Mark(long modified, long size, String identity) {}

  /** Empty if there is no such commit file. */
  Optional<Mark> mark(long version) throws IOException;

  boolean has(long version) throws IOException;

  InputStream open(long version) throws IOException;

  static String fileName(long version) {
    String digits = Long.toString(version);
    return "0".repeat(20 - digits.length()) + digits + ".json";
  }
}
