package dev.tarn.store.delta;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A Delta table at one version. Never changes. */
public final class TableSnapshot {
  private final String location;
  private final long version;
  private final TableMetadata metadata;
  private final Set<String> readerFeatures;
  private final List<DataFile> files;
  private final StatisticsLayout layout;
  private final TableRoot root;
  private final DeletionVectors deletionVectors;

  TableSnapshot(
      String location,
      long version,
      TableMetadata metadata,
      Set<String> readerFeatures,
      List<DataFile> files,
      StatisticsLayout layout,
      TableRoot root,
      DeletionVectors deletionVectors) {
    this.location = location;
    this.version = version;
    this.metadata = metadata;
    this.readerFeatures = Set.copyOf(readerFeatures);
    this.files = Collections.unmodifiableList(files);
    this.layout = layout;
    this.root = root;
    this.deletionVectors = deletionVectors;
  }

  /** As it was asked for. */
  public String location() {
    return location;
  }

  public long version() {
    return version;
  }

  /** The table's id, which a table that replaces it in its folder does not share. */
  public String id() {
    return metadata.id();
  }

  /**
   * The logical schema as Spark's JSON. The metadata of a field has its physical name and id under
   * column mapping, {@code char} and {@code varchar} types, collations and type changes.
   */
  public String schemaJson() {
    return metadata.schemaJson();
  }

  /** Logical names, in the order of the folders. */
  public List<String> partitionColumns() {
    return metadata.partitionColumns();
  }

  public Map<String, String> properties() {
    return metadata.properties();
  }

  /** The features that a reader must know, whether or not the table makes use of them. */
  public Set<String> readerFeatures() {
    return readerFeatures;
  }

  public List<DataFile> files() {
    return files;
  }

  /**
   * The files that may hold a row that meets all of the conjuncts, by their partition values and
   * statistics: maybe too many, never too few.
   */
  public List<DataFile> files(List<ColumnFilter> conjuncts) {
    return files.stream().filter(new FileSkipping(metadata, layout).mayHold(conjuncts)).toList();
  }

  /**
   * The positions of a file's deleted rows, from 0, ascending; not to be changed.
   *
   * @throws dev.tarn.kernel.error.TarnException INVALID_STATE if they cannot be read
   */
  public long[] deletedRows(DataFile file) {
    return file.hasDeletedRows()
        ? deletionVectors.positions(root, file.deletionVector())
        : new long[0];
  }

  /**
   * Requires that no symbolic link leads to files that are about to be opened.
   *
   * @throws dev.tarn.kernel.error.TarnException INVALID_STATE if one does
   */
  public void requireReal(List<DataFile> opened) {
    root.requireRealTexts(opened.stream().map(DataFile::path).toList());
  }

  TableMetadata metadata() {
    return metadata;
  }

  StatisticsLayout layout() {
    return layout;
  }

  TableRoot root() {
    return root;
  }

  /** The same table after commits that followed. */
  TableSnapshot after(
      long newVersion, TableMetadata newMetadata, StatisticsLayout newLayout, List<DataFile> now) {
    return new TableSnapshot(
        location, newVersion, newMetadata, readerFeatures, now, newLayout, root, deletionVectors);
  }
}
