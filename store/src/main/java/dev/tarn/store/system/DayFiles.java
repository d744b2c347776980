package dev.tarn.store.system;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Operation;
import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.data.DelegateRow;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a table that has a folder for each day: brings together what came bit by bit, and
 * removes days that are too old. Several servers may do so at once: of two that would remove the
 * same file one gives way.
 */
final class DayFiles {
  private static final Logger LOG = LoggerFactory.getLogger(DayFiles.class);

  /** How long files stay for those who still read an older version. */
  private static final Duration READERS = Duration.ofDays(7);

  /** A day that is over gets few files, each about as large as this or larger. */
  private static final long SMALL_BYTES = 32 << 20;

  /** What comes bit by bit in a day that is not over is brought together when it is so many. */
  private static final int MANY = 60;

  private static final long BIT_BYTES = 1 << 20;
  private static final int DAYS_AT_ONCE = 10;

  private final String location;
  private final int keep;
  private final Engine engine;
  private final Configuration hadoop;
  private final Clock clock;

  /**
   * @param keep how many days of records are kept
   */
  DayFiles(String location, int keep, Engine engine, Configuration hadoop, Clock clock) {
    this.location = location;
    this.keep = keep;
    this.engine = engine;
    this.hadoop = hadoop;
    this.clock = clock;
  }

  private LocalDate today() {
    return LocalDate.now(clock.withZone(ZoneOffset.UTC));
  }

  private static LocalDate day(Row scanFile) {
    return LocalDate.parse(
        InternalScanFileUtils.getPartitionValues(scanFile).get(JournalTable.DAY));
  }

  private List<Row> files(Snapshot table, Optional<Predicate> filter) throws IOException {
    List<Row> all = new ArrayList<>();
    var scan = table.getScanBuilder();
    if (filter.isPresent()) {
      scan = scan.withFilter(filter.get());
    }
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.build().getScanFiles(engine)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> files = batches.next().getRows()) {
          files.forEachRemaining(all::add);
        }
      }
    }
    return all;
  }

  private static AddFile file(Row scanFile) {
    return new AddFile(scanFile.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL));
  }

  private Row removal(Row scanFile, boolean dataChange) {
    return SingleAction.createRemoveFileSingleAction(
        file(scanFile).toRemoveFileRow(dataChange, Optional.of(clock.millis())));
  }

  /**
   * Removes the days that are older than is kept, and deletes files that nobody reads any more.
   *
   * @param after called with what was committed
   */
  void expire(Snapshot table, Consumer<TransactionCommitResult> after) throws IOException {
    LocalDate first = today().minusDays(keep);
    Predicate old =
        new Predicate("<", new Column(JournalTable.DAY), Literal.ofDate((int) first.toEpochDay()));
    List<Row> removals =
        files(table, Optional.of(old)).stream().map(each -> removal(each, true)).toList();
    if (!removals.isEmpty()) {
      after.accept(
          table
              .buildUpdateTableTransaction(JournalTable.WRITER, Operation.MANUAL_UPDATE)
              .build(engine)
              .commit(engine, CloseableIterable.inMemoryIterable(iterator(removals.iterator()))));
    }
    Path root = new Path(location);
    FileSystem storage = root.getFileSystem(hadoop);
    Map<LocalDate, Set<Row>> live = new TreeMap<>();
    for (Row each : files(table, Optional.empty())) {
      live.computeIfAbsent(day(each), d -> new HashSet<>()).add(each);
    }
    for (org.apache.hadoop.fs.FileStatus folder : storage.listStatus(root)) {
      String name = folder.getPath().getName();
      if (name.startsWith(JournalTable.DAY + '=')) {
        LocalDate day = LocalDate.parse(name.substring(JournalTable.DAY.length() + 1));
        if (day.isBefore(first.minusDays(READERS.toDays()))) {
          storage.delete(folder.getPath(), true);
        } else if (live.containsKey(day)) {
          deleteReplaced(storage, folder.getPath(), live.get(day));
        }
      }
    }
  }

  /**
   * Deletes the files of a day that others took the place of. A file is replaced when another has
   * just been written, so that all may go once the youngest is old enough.
   */
  private void deleteReplaced(FileSystem storage, Path folder, Set<Row> live) throws IOException {
    long before = clock.millis() - READERS.toMillis();
    Set<String> names = new HashSet<>();
    long youngest = 0;
    for (Row each : live) {
      names.add(new Path(InternalScanFileUtils.getAddFileStatus(each).getPath()).getName());
      youngest = Math.max(youngest, file(each).getModificationTime());
    }
    if (youngest < before) {
      for (org.apache.hadoop.fs.FileStatus each : storage.listStatus(folder)) {
        if (each.getModificationTime() < before && !names.contains(each.getPath().getName())) {
          storage.delete(each.getPath(), false);
        }
      }
    }
  }

  /**
   * Brings small files of a day together, for some days.
   *
   * @param after called with each commit
   */
  void compact(Snapshot table, Consumer<TransactionCommitResult> after) throws IOException {
    Map<LocalDate, List<Row>> small = new TreeMap<>();
    LocalDate today = today();
    for (Row each : files(table, Optional.empty())) {
      long bytes = file(each).getSize();
      if (bytes < (day(each).isBefore(today) ? SMALL_BYTES : BIT_BYTES)) {
        small.computeIfAbsent(day(each), d -> new ArrayList<>()).add(each);
      }
    }
    small.entrySet().removeIf(e -> e.getValue().size() < (e.getKey().isBefore(today) ? 2 : MANY));
    int days = 0;
    for (Map.Entry<LocalDate, List<Row>> each : small.entrySet()) {
      if (days++ == DAYS_AT_ONCE || Thread.currentThread().isInterrupted()) {
        break;
      }
      try {
        after.accept(together(table, each.getKey(), each.getValue()));
      } catch (ConcurrentWriteException e) {
        LOG.debug("Another server removed files of {} of {}", each.getKey(), location, e);
      }
    }
  }

  /**
   * One transaction, which changes no rows.
   *
   * @param table as the files were found in it: if one was removed since, the commit fails
   */
  private TransactionCommitResult together(Snapshot table, LocalDate day, List<Row> files)
      throws IOException {
    Transaction transaction =
        table
            .buildUpdateTableTransaction(JournalTable.WRITER, Operation.MANUAL_UPDATE)
            .build(engine);
    Row state = transaction.getTransactionState(engine);
    Map<String, Literal> partition =
        Map.of(JournalTable.DAY, Literal.ofDate((int) day.toEpochDay()));
    DataWriteContext context = Transaction.getWriteContext(engine, state, partition);
    List<Row> actions = new ArrayList<>();
    try (CloseableIterator<FilteredColumnarBatch> rows = new Rows(table, files);
        CloseableIterator<FilteredColumnarBatch> physical =
            Transaction.transformLogicalData(engine, state, rows, partition);
        CloseableIterator<DataFileStatus> written =
            engine
                .getParquetHandler()
                .writeParquetFiles(
                    context.getTargetDirectory(), physical, context.getStatisticsColumns());
        CloseableIterator<Row> added =
            Transaction.generateAppendActions(engine, state, written, context)) {
      while (added.hasNext()) {
        actions.add(unchanged(added.next()));
      }
    }
    files.forEach(each -> actions.add(removal(each, false)));
    return transaction.commit(
        engine, CloseableIterable.inMemoryIterable(iterator(actions.iterator())));
  }

  /** For who follows the table, its rows are no new ones. */
  private static Row unchanged(Row action) {
    Row file = action.getStruct(action.getSchema().indexOf("add"));
    return SingleAction.createAddFileSingleAction(
        new DelegateRow(file, Map.of(file.getSchema().indexOf("dataChange"), false)));
  }

  private static <T> CloseableIterator<T> iterator(Iterator<T> all) {
    return Utils.toCloseableIterator(all);
  }

  /** The rows of files, one file after another. */
  private final class Rows implements CloseableIterator<FilteredColumnarBatch> {
    private final Row state;
    private final Iterator<Row> files;
    private CloseableIterator<FilteredColumnarBatch> current;

    Rows(Snapshot table, List<Row> files) {
      Scan scan = table.getScanBuilder().build();
      this.state = scan.getScanState(engine);
      this.files = files.iterator();
    }

    @Override
    public boolean hasNext() {
      try {
        while (current == null || !current.hasNext()) {
          close();
          if (!files.hasNext()) {
            return false;
          }
          current = rows(files.next());
        }
        return true;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private CloseableIterator<FilteredColumnarBatch> rows(Row file) throws IOException {
      FileStatus status = InternalScanFileUtils.getAddFileStatus(file);
      return Scan.transformPhysicalData(
          engine,
          state,
          file,
          engine
              .getParquetHandler()
              .readParquetFiles(
                  Utils.singletonCloseableIterator(status),
                  ScanStateRow.getPhysicalDataReadSchema(state),
                  Optional.empty())
              .map(FileReadResult::getData));
    }

    @Override
    public FilteredColumnarBatch next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return current.next();
    }

    @Override
    public void close() throws IOException {
      if (current != null) {
        current.close();
        current = null;
      }
    }
  }
}
