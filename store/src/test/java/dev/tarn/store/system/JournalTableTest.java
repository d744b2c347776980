package dev.tarn.store.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.kernel.name.EntityName;
import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTableTest {
  private static final StructType SCHEMA =
      new StructType().add("event_id", StringType.STRING).add(JournalTable.DAY, DateType.DATE);

  @TempDir Path folder;

  private JournalTable table(String today) {
    return new JournalTable(
        new JournalTable.Definition(
            new EntityName("system", "access", "test"), "", SCHEMA, folder.toString(), 365),
        target -> {},
        Duration.ofHours(1),
        Map.of(),
        Clock.fixed(Instant.parse(today + "T10:00:00Z"), ZoneOffset.UTC));
  }

  private static String row(String id, String day) {
    return "{\"event_id\":\"" + id + "\",\"event_date\":\"" + day + "\"}";
  }

  /** The days that a reader finds now. */
  private List<String> days() throws Exception {
    Engine engine = DefaultEngine.create(new Configuration());
    Snapshot snapshot = TableManager.loadSnapshot(folder.toString()).build(engine);
    List<String> days = new ArrayList<>();
    try (CloseableIterator<FilteredColumnarBatch> batches =
        snapshot.getScanBuilder().build().getScanFiles(engine)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            days.add(InternalScanFileUtils.getPartitionValues(rows.next()).get(JournalTable.DAY));
          }
        }
      }
    }
    days.sort(null);
    return days;
  }

  @Test
  void daysOlderThanIsKeptGoAndTheirFilesAWeekLater() throws Exception {
    try (JournalTable table = table("2026-06-30")) {
      table.append(
          "j", 1, List.of(row("a", "2025-06-29"), row("b", "2025-06-30"), row("c", "2026-06-30")));
      assertThat(days()).containsExactly("2025-06-29", "2025-06-30", "2026-06-30");
      table.expire();
      assertThat(days()).containsExactly("2025-06-30", "2026-06-30");
      assertThat(Files.exists(folder.resolve("event_date=2025-06-29"))).isTrue();
    }
    try (JournalTable table = table("2026-07-07")) {
      table.expire();
      assertThat(days()).containsExactly("2026-06-30");
      assertThat(Files.exists(folder.resolve("event_date=2025-06-29"))).isFalse();
      assertThat(Files.exists(folder.resolve("event_date=2025-06-30"))).isTrue();
      table.append("j", 2, List.of(row("d", "2026-07-07")));
      assertThat(days()).containsExactly("2026-06-30", "2026-07-07");
    }
  }

  /** The rows that a reader finds now, as {@code id@day}. */
  private List<String> rows() throws Exception {
    Engine engine = DefaultEngine.create(new Configuration());
    Scan scan = TableManager.loadSnapshot(folder.toString()).build(engine).getScanBuilder().build();
    Row state = scan.getScanState(engine);
    List<String> all = new ArrayList<>();
    for (FilteredColumnarBatch files : scan.getScanFiles(engine).toInMemoryList()) {
      for (Row file : files.getRows().toInMemoryList()) {
        for (FilteredColumnarBatch batch :
            Scan.transformPhysicalData(
                    engine,
                    state,
                    file,
                    engine
                        .getParquetHandler()
                        .readParquetFiles(
                            Utils.singletonCloseableIterator(
                                InternalScanFileUtils.getAddFileStatus(file)),
                            ScanStateRow.getPhysicalDataReadSchema(state),
                            Optional.empty())
                        .map(FileReadResult::getData))
                .toInMemoryList()) {
          batch
              .getRows()
              .forEachRemaining(
                  row -> all.add(row.getString(0) + '@' + LocalDate.ofEpochDay(row.getInt(1))));
        }
      }
    }
    all.sort(null);
    return all;
  }

  private long parquetFiles() throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).count();
    }
  }

  @Test
  void theFilesOfADayThatIsOverBecomeOneWithTheSameRows() throws Exception {
    List<String> expected = new ArrayList<>();
    LocalDate now = LocalDate.now(ZoneOffset.UTC);
    try (JournalTable table = table(now.toString())) {
      for (int i = 0; i < 5; i++) {
        String yesterday = now.minusDays(1).toString();
        table.append("j", i, List.of(row("y" + i, yesterday), row("t" + i, now.toString())));
        expected.add("y" + i + '@' + yesterday);
        expected.add("t" + i + '@' + now);
      }
      expected.sort(null);
      Engine engine = DefaultEngine.create(new Configuration());
      Snapshot before = TableManager.loadSnapshot(folder.toString()).build(engine);
      table.compact();
      assertThat(days()).hasSize(6);
      assertThat(days().stream().distinct()).hasSize(2);
      assertThat(rows()).isEqualTo(expected);
      assertThat(lastCommit()).contains("\"dataChange\":false").doesNotContain("ge\":true");
      table.compact();
      Clock clock = Clock.systemUTC();
      new DayFiles(folder.toString(), 365, engine, new Configuration(), clock)
          .compact(before, done -> {});
      assertThat(rows()).as("after another server was late").isEqualTo(expected);
      assertThat(days()).hasSize(6);
      table.append("j", 9, List.of(row("late", now.minusDays(1).toString())));
      assertThat(days()).hasSize(7);
      table.expire();
      assertThat(parquetFiles()).isEqualTo(13);
    }
    try (JournalTable table = table(now.plusDays(9).toString())) {
      table.compact();
      assertThat(days()).hasSize(2);
      assertThat(parquetFiles()).isEqualTo(15);
      table.expire();
      assertThat(parquetFiles()).isEqualTo(2);
      expected.add("late@" + now.minusDays(1));
      expected.sort(null);
      assertThat(rows()).isEqualTo(expected);
    }
  }

  private String lastCommit() throws Exception {
    try (Stream<Path> files = Files.list(folder.resolve("_delta_log"))) {
      Path last =
          files
              .filter(file -> file.toString().endsWith(".json"))
              .max(Comparator.naturalOrder())
              .orElseThrow();
      return Files.readString(last);
    }
  }

  @Test
  void aBatchIsTakenOnce() throws Exception {
    try (JournalTable table = table("2026-06-30")) {
      table.append("j", 1, List.of(row("a", "2026-06-30")));
      table.append("j", 1, List.of(row("a", "2026-06-30")));
      table.append("other", 1, List.of(row("a", "2026-06-30")));
      assertThat(days()).hasSize(2);
    }
  }
}
