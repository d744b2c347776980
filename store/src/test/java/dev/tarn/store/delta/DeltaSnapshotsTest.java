package dev.tarn.store.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.clones.ClonedFiles;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import dev.tarn.store.cache.ElsewhereFileSystem;
import io.delta.kernel.Table;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.internal.deletionvectors.Base85Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

/** Over logs written by hand; what Spark writes is tried in the engine's room. */
class DeltaSnapshotsTest {
  @TempDir private Path folder;

  private final DeltaSnapshots snapshots = new DeltaSnapshots(Map.of());

  private List<String> latest(Path table) {
    return names(snapshots.latest(table.toString()));
  }

  private static List<String> names(TableSnapshot snapshot) {
    return names(snapshot.files());
  }

  private static List<String> names(List<DataFile> files) {
    return files.stream().map(f -> Path.of(f.path()).getFileName().toString()).toList();
  }

  @Test
  void followsCommitsWithoutReadingTheLogAgain() throws IOException {
    Path table = folder.resolve("t");
    LogWriter log = LogWriter.create(table).add("a").commit().add("b").commit();
    assertThat(latest(table)).containsExactlyInAnyOrder("a", "b");
    Files.writeString(log.file(0), "a whole reading would stumble over this");
    log.remove("a", null).add("c").commit();
    log.add("a").remove("c", null).commit();
    assertThat(latest(table)).containsExactlyInAnyOrder("a", "b");
    assertThat(snapshots.latest(table.toString()).version()).isEqualTo(3);
  }

  @Test
  void aFileAddedAgainIsOne() {
    Path table = folder.resolve("t");
    LogWriter log = LogWriter.create(table).add("a").commit();
    latest(table);
    log.add("a", Map.of(), "{\"numRecords\":7}", null).commit();
    assertThat(snapshots.latest(table.toString()).files())
        .singleElement()
        .satisfies(f -> assertThat(f.rows()).isEqualTo(7));
  }

  @Test
  void inlineDeletionVectorsComeAndGo() {
    Path table = folder.resolve("t");
    String vector = inlineVector(3, 4, 7, 11, 18, 29);
    LogWriter log =
        new LogWriter(table)
            .features(List.of("deletionVectors"))
            .metadata("t", LogWriter.ID_SCHEMA, List.of(), Map.of())
            .add("a", Map.of(), "{\"numRecords\":50}", null)
            .commit();
    assertThat(snapshots.latest(table.toString()).files()).noneMatch(DataFile::hasDeletedRows);
    log.remove("a", null).add("a", Map.of(), "{\"numRecords\":50}", vector).commit();
    TableSnapshot deleted = snapshots.latest(table.toString());
    assertThat(deleted.files()).hasSize(1);
    assertThat(deleted.deletedRows(deleted.files().get(0))).containsExactly(3, 4, 7, 11, 18, 29);
    log.remove("a", vector).add("a", Map.of(), "{\"numRecords\":50}", null).commit();
    assertThat(snapshots.latest(table.toString()).files())
        .singleElement()
        .matches(f -> !f.hasDeletedRows());
  }

  /** As the protocol says: magic number, one bitmap, its key and the bitmap in its own format. */
  private static String inlineVector(int... positions) {
    RoaringBitmap bitmap = RoaringBitmap.bitmapOf(positions);
    int size = 16 + bitmap.serializedSizeInBytes();
    ByteBuffer bytes = ByteBuffer.allocate((size + 3) / 4 * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(1681511377).putLong(1).putInt(0);
    bitmap.serialize(bytes);
    return Json.mapper()
        .createObjectNode()
        .put("storageType", "i")
        .put("pathOrInlineDv", Base85Codec.encodeBytes(bytes.array()))
        .put("sizeInBytes", size)
        .put("cardinality", positions.length)
        .toString();
  }

  @Test
  void aTableThatReplacesAnotherIsReadAnew() throws IOException {
    Path table = folder.resolve("t");
    LogWriter.create(table).add("old").commit().add("old2").commit();
    assertThat(latest(table)).hasSize(2);
    FileTime time = Files.getLastModifiedTime(table.resolve("_delta_log/" + CommitLog.fileName(1)));
    delete(table);
    LogWriter log = LogWriter.create(table).add("new").commit().add("new2").commit();
    Files.setLastModifiedTime(log.file(1), time);
    assertThat(latest(table)).containsExactlyInAnyOrder("new", "new2");
    delete(table);
    LogWriter.create(table).add("x").commit();
    assertThat(latest(table)).as("fewer versions").containsExactly("x");
    assertThat(names(snapshots.version(table.toString(), 0))).containsExactly("x");
    delete(table);
    assertThatThrownBy(() -> latest(table))
        .isInstanceOfSatisfying(
            TarnException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TABLE_DOES_NOT_EXIST));
    LogWriter.create(table).add("y").commit();
    assertThat(latest(table)).containsExactly("y");
    assertThat(names(snapshots.version(table.toString(), 0))).containsExactly("y");
  }

  @Test
  void aLogCutOffBehindACheckpointIsReadAnew() throws Exception {
    Path table = folder.resolve("t");
    LogWriter log = LogWriter.create(table).add("f0").commit();
    latest(table);
    for (int i = 1; i <= 20; i++) {
      log.add("f" + i).commit();
    }
    checkpoint(table, 15);
    for (int i = 0; i < 12; i++) {
      Files.delete(log.file(i));
    }
    assertThat(latest(table)).hasSize(21);
    assertThat(snapshots.version(table.toString(), 17).files()).hasSize(18);
    assertThatThrownBy(() -> snapshots.version(table.toString(), 3))
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_STATE));
    assertThatThrownBy(() -> snapshots.version(table.toString(), 21))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("21");
  }

  private static void checkpoint(Path table, long version) throws Exception {
    DefaultEngine engine = DefaultEngine.create(new Configuration());
    Table.forPath(engine, table.toString()).checkpoint(engine, version);
  }

  @Test
  void aChangeOfProtocolIsHonoured() {
    Path table = folder.resolve("t");
    LogWriter log = LogWriter.create(table).add("a").commit();
    assertThat(snapshots.latest(table.toString()).readerFeatures()).isEmpty();
    log.features(List.of("deletionVectors", "v2Checkpoint")).commit();
    assertThat(snapshots.latest(table.toString()).readerFeatures())
        .containsExactlyInAnyOrder("deletionVectors", "v2Checkpoint");
    for (List<String> features :
        List.of(
            List.of("deletionVectors", "timeMachine"),
            List.of("catalogManaged"),
            List.of("geospatial"))) {
      Path other = folder.resolve("t" + features.hashCode());
      LogWriter.create(other).add("a").commit().features(features).commit();
      assertThatThrownBy(() -> latest(other))
          .as("%s", features)
          .isInstanceOf(UnsupportedTableException.class)
          .hasMessageContaining(other.toString());
    }
    log.protocol(9, 9).commit();
    assertThatThrownBy(() -> latest(table)).isInstanceOf(UnsupportedTableException.class);
    assertThat(snapshots.version(table.toString(), 0).files()).hasSize(1);
  }

  @Test
  void renamedPartitionColumnsKeepTheirValues() {
    Path table = folder.resolve("t");
    Map<String, String> mapped = Map.of("delta.columnMapping.mode", "name");
    String physical =
        "{\"delta.columnMapping.id\":1,\"delta.columnMapping.physicalName\":\"col-1\"}";
    Map<String, String> none = new HashMap<>();
    none.put("col-1", null);
    LogWriter log =
        new LogWriter(table)
            .protocol(2, 5)
            .metadata("t", schema(LoggedFile.field("p", "string", physical)), List.of("p"), mapped)
            .add("a", Map.of("col-1", "x"), null, null)
            .add("b", none, null, null)
            .commit();
    assertThat(snapshots.latest(table.toString()).files())
        .extracting(f -> f.partitionValues().get("p"))
        .containsExactlyInAnyOrder("x", null);
    log.metadata("t", schema(LoggedFile.field("q", "string", physical)), List.of("q"), mapped)
        .commit();
    TableSnapshot renamed = snapshots.latest(table.toString());
    assertThat(renamed.partitionColumns()).containsExactly("q");
    assertThat(renamed.readerFeatures()).containsExactly("columnMapping");
    assertThat(renamed.files())
        .extracting(f -> f.partitionValues().get("q"))
        .containsExactlyInAnyOrder("x", null);
    assertThat(names(renamed.files(List.of(new ColumnFilter.IsNull(List.of("q"))))))
        .containsExactly("b");
  }

  private static String schema(String fields) {
    return "{\"type\":\"struct\",\"fields\":[" + fields + "]}";
  }

  @Test
  void columnsThatComeLaterAreSkippedByToo() {
    Path table = folder.resolve("t");
    LogWriter log =
        LogWriter.create(table).add("old", Map.of(), "{\"numRecords\":1}", null).commit();
    latest(table);
    log.metadata(
            "t",
            schema(LoggedFile.field("id", "long") + "," + LoggedFile.field("n", "integer")),
            List.of(),
            Map.of())
        .commit();
    for (int i = 0; i < 3; i++) {
      log.add(
              "f" + i,
              Map.of(),
              "{\"numRecords\":1,\"minValues\":{\"n\":%d},\"maxValues\":{\"n\":%d},\"nullCount\":{\"n\":0}}"
                  .formatted(i, i),
              null)
          .commit();
    }
    assertThat(names(snapshots.latest(table.toString()).files(List.of(equal("n", 2)))))
        .containsExactlyInAnyOrder("old", "f2");
  }

  @Test
  void pathsAreDecodedOnceAndLeadElsewhereToClonedFilesOnly() {
    Path table = folder.resolve("a b%20ü");
    LogWriter.create(table)
        .add("p=a%20b/x%25y%23.parquet")
        .add("file:///other/c%20d/%E9%9B%AA.parquet")
        .add("s3a://bucket/k%20l.parquet")
        .add("./dot/../z.parquet")
        .commit();
    ClonedFiles some = ClonedFiles.of(List.of("/other/c d/雪.parquet"));
    assertThatThrownBy(() -> ofClone(some).latest(table.toUri().getPath()))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("names a file of another folder");
    ClonedFiles all =
        ClonedFiles.of(List.of("s3a://bucket/k l.parquet", "/other/c d/雪.parquet", "/x"));
    assertThat(ofClone(all).latest(table.toUri().getPath()).files())
        .extracting(DataFile::path)
        .containsExactlyInAnyOrder(
            table + "/p=a b/x%y#.parquet",
            "/other/c d/雪.parquet",
            "s3a://bucket/k l.parquet",
            table + "/z.parquet");
    Path bad = folder.resolve("bad");
    LogWriter log = LogWriter.create(bad).commit();
    assertThat(snapshots.latest(bad.toString()).files()).isEmpty();
    log.add("a b").commit();
    assertThatThrownBy(() -> snapshots.latest(bad.toString()))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("cannot be read");
  }

  private static DeltaSnapshots ofClone(ClonedFiles cloned) {
    return new DeltaSnapshots(
        new Configuration(),
        new TablePlaces(
            location -> Optional.empty(), location -> cloned, location -> Optional.empty()));
  }

  @Test
  void aTableInAnotherFileSystemIsFollowedToo() throws IOException {
    Path table = folder.resolve("t x");
    LogWriter log = LogWriter.create(table).add("a%20b").commit();
    DeltaSnapshots remote =
        new DeltaSnapshots(Map.of("fs.elsewhere.impl", ElsewhereFileSystem.class.getName()));
    String location = "elsewhere:" + table;
    assertThat(remote.latest(location).files())
        .extracting(DataFile::path)
        .containsExactly("elsewhere:" + table + "/a b");
    Files.writeString(log.file(0), Files.readString(log.file(0)).replace("a%20b", "a%20c"));
    assertThat(remote.latest(location).files())
        .as("another file in its place")
        .extracting(DataFile::path)
        .containsExactly("elsewhere:" + table + "/a c");
    log.add("c").commit();
    TableSnapshot followed = remote.latest(location);
    assertThat(followed.files()).hasSize(2);
    assertThat(remote.latest(location)).isSameAs(followed);
    assertThat(remote.version(location, 0).files()).hasSize(1);
    delete(table);
    assertThatThrownBy(() -> remote.latest(location)).isInstanceOf(TarnException.class);
  }

  @Test
  void manyWhoAskAtOnceGetOneReading() throws Exception {
    Path table = folder.resolve("t");
    ManyFiles.write(table, 2_000, 500);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<TableSnapshot> reading = () -> snapshots.latest(table.toString());
      TableSnapshot first = null;
      for (Future<TableSnapshot> read : threads.invokeAll(Collections.nCopies(8, reading))) {
        first = first == null ? read.get() : first;
        assertThat(read.get()).isSameAs(first);
      }
      snapshots.forget(table.toString());
      assertThat(snapshots.latest(table.toString())).isNotSameAs(first);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aBrokenLogSaysWhatToDo() throws IOException {
    Path table = folder.resolve("t");
    LogWriter log = LogWriter.create(table).add("a").commit();
    latest(table);
    log.commit("{\"add\":{\"path\":");
    assertThatThrownBy(() -> latest(table))
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_STATE))
        .hasMessageContaining(table.toString());
    Files.delete(log.file(1));
    assertThat(latest(table)).as("mended").containsExactly("a");
    Path empty = Files.createDirectories(folder.resolve("empty/_delta_log")).getParent();
    assertThatThrownBy(() -> latest(empty))
        .isInstanceOfSatisfying(
            TarnException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TABLE_DOES_NOT_EXIST));
  }

  @Test
  void readersSeeEveryCommitThatFinishedBefore() throws Exception {
    Path table = folder.resolve("t");
    LogWriter log = LogWriter.create(table).add("f0").commit();
    AtomicLong committed = new AtomicLong();
    AtomicBoolean done = new AtomicBoolean();
    Callable<Long> reader =
        () -> {
          long calls = 0;
          while (!done.get()) {
            long before = committed.get();
            TableSnapshot snapshot = snapshots.latest(table.toString());
            assertThat(snapshot.version()).isGreaterThanOrEqualTo(before);
            assertThat(snapshot.files()).hasSize((int) snapshot.version() + 1);
            calls++;
          }
          return calls;
        };
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Long>> readers =
          new ArrayList<>(IntStream.range(0, 4).mapToObj(i -> threads.submit(reader)).toList());
      for (int version = 1; version <= 300; version++) {
        log.add("f" + version).commit();
        committed.set(version);
      }
      done.set(true);
      for (Future<Long> calls : readers) {
        assertThat(calls.get()).isPositive();
      }
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
  }

  @Test
  void aTableOfManyFilesIsReadOnceAndFollowed() throws Exception {
    Path table = folder.resolve("t");
    LogWriter log = ManyFiles.write(table, 20_000, 2_000);
    checkpoint(table, 9);
    String location = table.toString();
    assertThat(snapshots.latest(location).files()).hasSize(20_000);
    // From here on nobody can read the whole log.
    Files.delete(log.file(0));
    Files.delete(table.resolve("_delta_log/_last_checkpoint"));
    Files.delete(table.resolve("_delta_log/00000000000000000009.checkpoint.parquet"));
    assertThatThrownBy(() -> new DeltaSnapshots(Map.of()).latest(location))
        .isInstanceOf(TarnException.class);
    ManyFiles.add(log, 20_000).commit();
    TableSnapshot followed = snapshots.latest(location);
    assertThat(followed.files()).hasSize(20_001);
    assertThat(followed.files(List.of(equal("id", 12_345_678L))))
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.path()).contains("/day=2024-01-13/part-12345-");
              assertThat(f.rows()).isEqualTo(1000);
            });
    assertThat(followed.files(List.of(equal("day", LocalDate.of(2024, 1, 5))))).hasSize(1000);
    assertThat(followed.files(List.of(equal("day", LocalDate.of(2025, 1, 5))))).isEmpty();
  }

  private static ColumnFilter equal(String column, Object value) {
    return new ColumnFilter.Compare(List.of(column), ColumnFilter.Comparison.EQUAL, value);
  }

  private static void delete(Path path) throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
