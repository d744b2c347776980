package dev.tarn.store.delta;

import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** A Parquet file of a table at a version. Kept small: a table may have a hundred thousand. */
public final class DataFile {
  private static final Pattern ESCAPE = Pattern.compile("%[0-9a-fA-F]{2}");

  private final TableRoot root;
  private final String logged;
  private final long size;
  private final long modified;
  private final Partition partition;
  private final DeletionVectorDescriptor deletionVector;
  private final FileStatistics statistics;

  /**
   * @param logged the path as the log has it
   * @param deletionVector or null
   */
  DataFile(
      TableRoot root,
      String logged,
      long size,
      long modified,
      Partition partition,
      DeletionVectorDescriptor deletionVector,
      FileStatistics statistics) {
    this.root = root;
    this.logged = logged;
    this.size = size;
    this.modified = modified;
    this.partition = partition;
    this.deletionVector = deletionVector;
    this.statistics = statistics;
  }

  /**
   * An absolute path in the local file system, or a URI of another; nothing in it is
   * percent-encoded. It lies outside the table's folder only in shallow clones.
   */
  public String path() {
    return root.resolve(logged);
  }

  /**
   * Requires that its table's log may name it, and its deletion vector.
   *
   * @throws dev.tarn.kernel.error.TarnException INVALID_STATE if they lie in another folder
   */
  void requireOwn() {
    root.confined(logged);
    root.confined(deletionVector);
  }

  /** In bytes. */
  public long size() {
    return size;
  }

  /** In milliseconds since 1970. */
  public long modificationTime() {
    return modified;
  }

  /** Rows in the file, those that are deleted among them; -1 if the log does not say. */
  public long rows() {
    return statistics.rows();
  }

  /** How many of the rows are deleted; {@link TableSnapshot#deletedRows} has their positions. */
  public long deletedRows() {
    return deletionVector == null ? 0 : deletionVector.getCardinality();
  }

  public boolean hasDeletedRows() {
    return deletedRows() > 0;
  }

  /**
   * The value of each partition column, by logical name and in the table's order, serialised as the
   * Delta protocol says; null for NULL.
   */
  public Map<String, String> partitionValues() {
    return partition.logical();
  }

  Partition partition() {
    return partition;
  }

  DeletionVectorDescriptor deletionVector() {
    return deletionVector;
  }

  FileStatistics statistics() {
    return statistics;
  }

  /** The same file in a table whose columns have other names now. */
  DataFile in(Partition renamed) {
    return new DataFile(root, logged, size, modified, renamed, deletionVector, statistics);
  }

  /**
   * What tells this file from others in the log; a file with another deletion vector is another.
   */
  String key() {
    return key(logged, deletionVector);
  }

  static String key(String logged, DeletionVectorDescriptor deletionVector) {
    String path =
        logged.indexOf('%') < 0
            ? logged
            : ESCAPE.matcher(logged).replaceAll(m -> m.group().toUpperCase(Locale.ROOT));
    return deletionVector == null ? path : path + '\n' + deletionVector.getUniqueId();
  }

  @Override
  public String toString() {
    return path();
  }
}
