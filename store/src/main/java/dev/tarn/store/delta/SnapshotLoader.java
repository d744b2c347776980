package dev.tarn.store.delta;

import dev.tarn.govern.catalog.ManagedLocations;
import dev.tarn.govern.commits.ManagedLog;
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
import io.delta.kernel.internal.files.ParsedCatalogCommitData;
import io.delta.kernel.internal.files.ParsedLogData;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads a whole snapshot with Delta Kernel: from a checkpoint and the commits since. */
final class SnapshotLoader {
  /** What {@link TableSnapshot} presents; a table that needs more of its readers is for Spark. */
  private static final Set<String> KNOWN_FEATURES =
      Set.of(
          "catalogManaged",
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
  private final TablePlaces places;

  SnapshotLoader(Configuration hadoop, Engine engine, TablePlaces places) {
    this.places = places;
    this.hadoop = hadoop;
    this.engine = engine;
    this.deletionVectors = new DeletionVectors(engine);
  }

  /** A snapshot with its log, and the mark of the commit that made it, if that is still there. */
  record Loaded(TableSnapshot snapshot, CommitLog log, Optional<CommitLog.Mark> mark) {}

  Loaded latest(String location) {
    return load(location, OptionalLong.empty());
  }

  Loaded version(String location, long version) {
    return load(location, OptionalLong.of(version));
  }

  /** The version that was the latest at a time, counted in whole milliseconds as Spark does. */
  long versionAsOf(String location, Instant time) {
    return attempt(
        location,
        () -> {
          TableRoot root = root(location);
          Path folder = root.folder();
          Engine confined = new LogEngine(engine, root);
          Optional<ManagedLog> log = managed(location);
          SnapshotImpl latest =
              (SnapshotImpl) builder(folder, log, OptionalLong.empty()).build(confined);
          requireKnown(location, latest.getProtocol());
          return builder(folder, log, OptionalLong.empty())
              .atTimestamp(time.toEpochMilli(), latest)
              .build(confined)
              .getVersion();
        });
  }

  private Loaded load(String location, OptionalLong wanted) {
    return attempt(
        location,
        () -> {
          TableRoot root = root(location);
          CommitLog log = log(location, root);
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
  private Optional<Loaded> loadOnce(
      String location, TableRoot root, CommitLog log, OptionalLong wanted) throws IOException {
    Optional<ManagedLog> ratified = managed(location);
    Engine confined = new LogEngine(engine, root);
    SnapshotImpl kernel = (SnapshotImpl) builder(root.folder(), ratified, wanted).build(confined);
    Protocol protocol = kernel.getProtocol();
    requireKnown(location, protocol);
    Optional<CommitLog.Mark> before = log.mark(kernel.getVersion());
    if (ratified.isEmpty()
        && before.isPresent()
        && before.get().size() != kernel.getLogSegment().getDeltaFileAtEndVersion().getSize()) {
      return Optional.empty();
    }
    TableMetadata metadata = TableMetadata.of(kernel.getMetadata());
    StatisticsLayout layout = StatisticsLayout.EMPTY.with(metadata.columns());
    List<DataFile> files = files(confined, kernel, root, metadata, layout);
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

  /** Of a version, or of the latest, which the catalog says of logs that it manages. */
  private SnapshotBuilder builder(Path folder, Optional<ManagedLog> log, OptionalLong version) {
    SnapshotBuilder builder = TableManager.loadSnapshot(folder.toString());
    if (version.isPresent()) {
      builder = builder.atVersion(version.getAsLong());
    }
    if (log.isEmpty()) {
      return builder;
    }
    Path logFolder = new Path(folder, "_delta_log");
    List<ParsedLogData> commits =
        log.get().commits().stream()
            .filter(commit -> commit.version() <= version.orElse(Long.MAX_VALUE))
            .map(
                commit ->
                    (ParsedLogData)
                        ParsedCatalogCommitData.forFileStatus(
                            FileStatus.of(
                                ManagedCommitLog.staged(logFolder, commit.fileName()).toString(),
                                commit.fileSize(),
                                commit.fileModificationTimestamp())))
            .toList();
    return builder.withLogData(commits).withMaxCatalogVersion(log.get().latestVersion());
  }

  private static List<DataFile> files(
      Engine engine,
      SnapshotImpl kernel,
      TableRoot root,
      TableMetadata metadata,
      StatisticsLayout layout)
      throws IOException {
    Partition.Interner partitions = new Partition.Interner(metadata);
    List<DataFile> files = new ArrayList<>();
    ScanImpl scan = (ScanImpl) kernel.getScanBuilder().build();
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine, true)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            AddFile add = new AddFile(rows.next().getStruct(0));
            DataFile file =
                new DataFile(
                    root,
                    add.getPath(),
                    add.getSize(),
                    add.getModificationTime(),
                    partitions.of(VectorUtils.toJavaMap(add.getPartitionValues())),
                    add.getDeletionVector().orElse(null),
                    FileStatistics.parse(add.getStatsJson().orElse(null), layout));
            file.requireOwn();
            files.add(file);
          }
        }
      }
    }
    return files;
  }

  private Optional<ManagedLog> managed(String location) {
    return places.managed().apply(location);
  }

  /**
   * @throws TarnException INVALID_STATE if a symbolic link leads to the table
   */
  private TableRoot root(String location) throws IOException {
    Path given = new Path(location);
    TableRoot root = root(given.getFileSystem(hadoop).makeQualified(given), places);
    root.requireReal();
    return root;
  }

  /**
   * @param folder with its scheme
   */
  static TableRoot root(Path folder, TablePlaces places) {
    String location = ManagedLocations.normalized(folder.toString());
    java.nio.file.Path base = null;
    if (TableRoot.isLocal(folder)) {
      base =
          java.nio.file.Path.of(
              places
                  .storage()
                  .apply(location)
                  .filter(storage -> ManagedLocations.within(location, storage))
                  .map(storage -> TableRoot.text(new Path(storage)))
                  .orElseGet(() -> TableRoot.text(folder)));
    }
    return new TableRoot(folder, base, () -> places.cloned().apply(location));
  }

  private CommitLog log(String location, TableRoot root) throws IOException {
    if (managed(location).isPresent()) {
      return new ManagedCommitLog(
          root.folder().getFileSystem(hadoop), root.folder(), () -> managed(location));
    }
    return root.isLocal()
        ? new LocalCommitLog(java.nio.file.Path.of(root.folder().toUri().getPath()))
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
      String message = String.valueOf(e.getMessage());
      if (message.contains("Should not provide maxCatalogVersion")) {
        throw new UnsupportedTableException(
            "the protocol of the Delta table at '" + location + "' lacks feature 'catalogManaged'",
            e);
      }
      throw message.contains("maxCatalogVersion")
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
