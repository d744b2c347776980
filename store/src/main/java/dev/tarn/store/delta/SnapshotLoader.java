package dev.tarn.store.delta;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import io.delta.kernel.SnapshotBuilder;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.exceptions.UnsupportedProtocolVersionException;
import io.delta.kernel.exceptions.UnsupportedTableFeatureException;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.Protocol;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Reads a whole snapshot with Delta Kernel: from a checkpoint and the commits since. */
final class SnapshotLoader {
  /** What {@link TableSnapshot} presents; a table that needs more of its readers is for Spark. */
  private static final Set<String> KNOWN_FEATURES =
      Set.of(
          "columnMapping",
          "deletionVectors",
          "timestampNtz",
          "typeWidening",
          "typeWidening-preview",
          "v2Checkpoint",
          "vacuumProtocolCheck",
          "variantType",
          "variantType-preview",
          "variantShredding",
          "variantShredding-preview");

  private static final int ATTEMPTS = 5;

  private final Configuration hadoop;
  private final Engine engine;
  private final DeletionVectors deletionVectors;

  SnapshotLoader(Configuration hadoop, Engine engine) {
    this.hadoop = hadoop;
    this.engine = engine;
    this.deletionVectors = new DeletionVectors(engine);
  }

  /** Which version to load, and from where. */
  private interface Wanted {
    SnapshotBuilder at(SnapshotBuilder builder);
  }

  /** A snapshot with its log, and the mark of the commit that made it, if that is still there. */
  record Loaded(TableSnapshot snapshot, CommitLog log, Optional<CommitLog.Mark> mark) {}

  Loaded latest(String location) {
    return load(location, builder -> builder);
  }

  Loaded version(String location, long version) {
    return load(location, builder -> builder.atVersion(version));
  }

  /** The version that was the latest at a time, counted in whole milliseconds as Spark does. */
  long versionAsOf(String location, Instant time) {
    return attempt(
        location,
        () -> {
          String path = root(location).folder().toString();
          SnapshotImpl latest = (SnapshotImpl) TableManager.loadSnapshot(path).build(engine);
          requireKnown(location, latest.getProtocol());
          return TableManager.loadSnapshot(path)
              .atTimestamp(time.toEpochMilli(), latest)
              .build(engine)
              .getVersion();
        });
  }

  private Loaded load(String location, Wanted wanted) {
    return attempt(
        location,
        () -> {
          TableRoot root = root(location);
          CommitLog log = log(root);
          for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Loaded> loaded = loadOnce(location, root, log, wanted);
            if (loaded.isPresent()) {
              return loaded.get();
            }
          }
          throw new TarnException(
              ErrorCode.TEMPORARILY_UNAVAILABLE,
              "The Delta table at '"
                  + location
                  + "' was replaced while it was read, again and again. Try again.");
        });
  }

  /** Empty if the table was replaced meanwhile, so that what was read may be of two tables. */
  private Optional<Loaded> loadOnce(String location, TableRoot root, CommitLog log, Wanted wanted)
      throws IOException {
    SnapshotImpl kernel =
        (SnapshotImpl) wanted.at(TableManager.loadSnapshot(root.folder().toString())).build(engine);
    Protocol protocol = kernel.getProtocol();
    requireKnown(location, protocol);
    Optional<CommitLog.Mark> before = log.mark(kernel.getVersion());
    if (before.isPresent()
        && before.get().size() != kernel.getLogSegment().getDeltaFileAtEndVersion().getSize()) {
      return Optional.empty();
    }
    TableMetadata metadata = TableMetadata.of(kernel.getMetadata());
    StatisticsLayout layout = StatisticsLayout.EMPTY.with(metadata.columns());
    List<DataFile> files = files(kernel, root, metadata, layout);
    if (!log.mark(kernel.getVersion()).equals(before)) {
      return Optional.empty();
    }
    TableSnapshot snapshot =
        new TableSnapshot(
            location,
            kernel.getVersion(),
            metadata,
            readerFeatures(protocol),
            files,
            layout,
            root,
            deletionVectors);
    return Optional.of(new Loaded(snapshot, log, before));
  }

  private List<DataFile> files(
      SnapshotImpl kernel, TableRoot root, TableMetadata metadata, StatisticsLayout layout)
      throws IOException {
    Partition.Interner partitions = new Partition.Interner(metadata);
    List<DataFile> files = new ArrayList<>();
    ScanImpl scan = (ScanImpl) kernel.getScanBuilder().build();
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine, true)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            AddFile add = new AddFile(rows.next().getStruct(0));
            files.add(
                new DataFile(
                    root,
                    add.getPath(),
                    add.getSize(),
                    add.getModificationTime(),
                    partitions.of(VectorUtils.toJavaMap(add.getPartitionValues())),
                    add.getDeletionVector().orElse(null),
                    FileStatistics.parse(add.getStatsJson().orElse(null), layout)));
          }
        }
      }
    }
    return files;
  }

  private TableRoot root(String location) throws IOException {
    org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(location);
    return new TableRoot(folder.getFileSystem(hadoop).makeQualified(folder));
  }

  private CommitLog log(TableRoot root) throws IOException {
    return root.isLocal()
        ? new LocalCommitLog(Path.of(root.folder().toUri().getPath()))
        : new RemoteCommitLog(FileSystem.get(root.folder().toUri(), hadoop), root.folder());
  }

  /** A protocol of before there were features has column mapping from reader version 2 on. */
  private static Set<String> readerFeatures(Protocol protocol) {
    return protocol.getMinReaderVersion() == 2
        ? Set.of("columnMapping")
        : protocol.getReaderFeatures();
  }

  private static void requireKnown(String location, Protocol protocol) {
    Set<String> unknown = new TreeSet<>(readerFeatures(protocol));
    unknown.removeAll(KNOWN_FEATURES);
    if (!unknown.isEmpty()) {
      throw new UnsupportedTableException(
          "the Delta table at '"
              + location
              + "' has reader features "
              + String.join(", ", unknown));
    }
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  /** Turns what Kernel and the storage throw into what to do about it. */
  private static <T> T attempt(String location, Reading<T> reading) {
    try {
      return reading.read();
    } catch (TarnException | UnsupportedTableException e) {
      throw e;
    } catch (TableNotFoundException e) {
      throw new TarnException(
          ErrorCode.TABLE_DOES_NOT_EXIST,
          "42P01",
          "There is no Delta table at '"
              + location
              + "': its _delta_log is missing or empty. Check the location, or drop the table that"
              + " is registered there.",
          e);
    } catch (UnsupportedProtocolVersionException | UnsupportedTableFeatureException e) {
      throw new UnsupportedTableException(
          "the Delta table at '" + location + "' has a protocol that is not known here", e);
    } catch (IllegalArgumentException e) {
      boolean byCatalog = String.valueOf(e.getMessage()).contains("maxCatalogVersion");
      throw byCatalog
          ? new UnsupportedTableException(
              "the commits of the Delta table at '" + location + "' are managed by a catalog", e)
          : unreadable(location, e);
    } catch (KernelException e) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "The Delta table at '"
              + location
              + "' cannot be read at this version: "
              + e.getMessage()
              + " DESCRIBE HISTORY shows the versions that there are.",
          e);
    } catch (IOException | RuntimeException e) {
      throw unreadable(location, e);
    }
  }

  private static TarnException unreadable(String location, Exception cause) {
    return new TarnException(
        ErrorCode.INVALID_STATE,
        "The log of the Delta table at '"
            + location
            + "' cannot be read. Check that its storage answers and lets Tarn in; if files of"
            + " _delta_log are missing or damaged, restore them from a backup.",
        cause);
  }
}
