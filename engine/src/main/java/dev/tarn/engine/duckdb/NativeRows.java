package dev.tarn.engine.duckdb;

import dev.tarn.engine.arrow.ResultSchema;
import dev.tarn.engine.evaluation.StatementFunctions;
import dev.tarn.engine.sql.Profile;
import dev.tarn.engine.sql.Progress;
import dev.tarn.engine.sql.ResultColumn;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.translation.Expressions;
import dev.tarn.engine.translation.Seals;
import dev.tarn.engine.translation.Untranslatable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.ArrowUtils;
import org.duckdb.DuckDBResultSet;
import org.duckdb.ProfilerPrintFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows of a DuckDB query, in the very form that Spark's have. The query runs while it is read, a
 * little ahead of the reader.
 */
final class NativeRows implements ResultStream, Stops.Working {
  private static final Logger LOG = LoggerFactory.getLogger(NativeRows.class);
  private static final long ROWS_PER_BATCH = 10_000;
  private static final long BYTES_PER_BATCH = 4 << 20;
  private static final long MOST_GUARDED_BYTES = 64 << 20;
  private static final long LEAST_MEASURED_NANOS = 5_000_000;

  private final StructType schema;
  private final LentConnection lent;
  private final NativeDatabases.Stay stay;
  private final BufferAllocator allocator;
  private final Deque<Batch> ready = new ArrayDeque<>();
  private final AtomicInteger running;
  private final Statement statement;
  private final QueryControl control;
  private final StopCheck.Watched watched;
  private final FileCopies.Leased copies;
  private DuckDBResultSet result;
  private ArrowReader reader;
  private StatementFunctions called;
  private Duration planning = Duration.ZERO;
  private Profile profile = Profile.NONE;
  private boolean told = true;
  private long begun;
  private boolean ended;
  private boolean readToEnd;
  private boolean leavesNothing;
  private volatile boolean working;
  private final AtomicBoolean stopped = new AtomicBoolean();

  /**
   * Takes the connection over, and closes it at the end.
   *
   * @param stay in the database, which it ends too
   * @param watched stops the query where DuckDB does not look whether it was stopped
   * @param copies of remote files, that the query reads
   * @param running one more until then
   */
  NativeRows(
      StructType schema,
      NativeDatabases.Stay stay,
      LentConnection lent,
      StopCheck.Watched watched,
      FileCopies.Leased copies,
      AtomicInteger running)
      throws SQLException {
    this.copies = copies;
    this.watched = watched;
    this.statement = lent.connection().createStatement();
    this.control = new QueryControl(lent.connection());
    this.running = running;
    running.incrementAndGet();
    this.schema = schema;
    this.lent = lent;
    this.stay = stay;
    this.allocator = ArrowUtils.rootAllocator().newChildAllocator("native", 0, Long.MAX_VALUE);
  }

  /**
   * Runs the query until its first rows are there; one that may still turn out to be Spark's is run
   * to its end, since rows that were handed out cannot be taken back. So far is also read what
   * Spark evaluates, which may fail; but what it throws is what Spark would have thrown.
   *
   * @param called the functions that the query calls
   * @throws Untranslatable if what comes is not what Spark would give
   */
  void start(String sql, StatementFunctions called) throws SQLException, IOException {
    // Whoever holds the rows holds the functions.
    this.called = called;
    leavesNothing = !Seals.in(sql);
    begun = System.nanoTime();
    work();
    try {
      result = (DuckDBResultSet) statement.executeQuery(sql);
    } finally {
      working = false;
    }
    reader = (ArrowReader) result.arrowExportStream(allocator, ROWS_PER_BATCH);
    check(
        ArrowUtils.toArrowSchema(schema, ResultSchema.ZONE, false, false).getFields(),
        reader.getVectorSchemaRoot().getSchema().getFields());
    advance();
    boolean guarded = sql.contains(Expressions.FALLBACK);
    if (guarded || called.size() > 0) {
      long bytes = 0;
      while (!ended && bytes <= MOST_GUARDED_BYTES) {
        bytes += ready.getLast().message().length;
        load();
      }
      if (guarded && !ended) {
        throw new Untranslatable("a large result with values that only Spark may know");
      }
    }
  }

  private static void check(List<Field> wanted, List<Field> given) {
    if (wanted.size() != given.size()) {
      throw new Untranslatable("a result of other columns than analysed");
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!same(wanted.get(i).getType(), given.get(i).getType())) {
        throw new Untranslatable(
            "a column of "
                + given.get(i).getType()
                + " where Spark has "
                + wanted.get(i).getType());
      }
      check(wanted.get(i).getChildren(), given.get(i).getChildren());
    }
  }

  private static boolean same(ArrowType wanted, ArrowType given) {
    if (wanted instanceof ArrowType.Timestamp w && given instanceof ArrowType.Timestamp g) {
      return w.getUnit() == g.getUnit() && (w.getTimezone() == null) == (g.getTimezone() == null);
    }
    return wanted.equals(given);
  }

  /**
   * @param files that the query reads; empty if nothing may be told of them, nor of the operators
   */
  void planned(Duration took, Optional<Profile.Files> files) {
    planning = took;
    told = files.isPresent();
    profile = new Profile(false, "", files.orElse(null), 0, 0, 0, List.of());
  }

  /** Reads on until there is a batch, or nothing more. */
  private void advance() throws IOException {
    while (ready.isEmpty() && !ended) {
      load();
    }
  }

  /** Whoever reads gets an error; to be repeated while it works. */
  @Override
  public boolean stop() {
    boolean first = stopped.compareAndSet(false, true);
    watched.stop();
    control.interrupt();
    return first;
  }

  /** Empty before the query runs, and when it is closed. */
  Optional<Progress> progress() {
    return control
        .progress()
        .filter(p -> p.getPercentage() >= 0)
        .map(
            p ->
                new Progress(
                    "rows",
                    p.getRowsProcessed(),
                    p.getTotalRowsToProcess(),
                    p.getPercentage() / 100));
  }

  @Override
  public boolean working() {
    return working;
  }

  @Override
  public void giveUp() {
    stay.giveUp();
  }

  private void work() {
    working = true;
    // DuckDB forgets an interrupt that comes between two batches.
    if (stopped.get()) {
      working = false;
      throw new CancellationException();
    }
  }

  private void load() throws IOException {
    boolean more;
    work();
    try {
      more = reader.loadNextBatch();
    } finally {
      working = false;
    }
    if (!more) {
      ended = true;
      readToEnd = true;
      measure();
      return;
    }
    VectorSchemaRoot root = reader.getVectorSchemaRoot();
    int rows = root.getRowCount();
    long bytes = root.getFieldVectors().stream().mapToLong(v -> v.getBufferSize()).sum();
    int each = (int) Math.max(1, rows / Math.max(1, bytes / BYTES_PER_BATCH));
    for (int at = 0; at < rows; at += each) {
      int count = Math.min(each, rows - at);
      if (count == rows) {
        ready.add(new Batch(message(root), rows));
      } else {
        try (VectorSchemaRoot slice = root.slice(at, count)) {
          ready.add(new Batch(message(slice), count));
        }
      }
    }
  }

  /** What took no time need not be looked into, which would take longer than it did. */
  private void measure() {
    if (!told || System.nanoTime() - begun < LEAST_MEASURED_NANOS) {
      return;
    }
    try {
      profile =
          Measured.profile(
              lent.connection().getProfilingInformation(ProfilerPrintFormat.JSON), profile.files());
    } catch (SQLException | RuntimeException e) {
      // A text with a NUL in it ends the profile too early; the rows are no worse for that.
      LOG.debug("A native statement was not measured: {}", e.getClass().getName());
    }
  }

  private static byte[] message(VectorSchemaRoot root) {
    try (ArrowRecordBatch records = new VectorUnloader(root).getRecordBatch()) {
      ByteArrayOutputStream out =
          new ByteArrayOutputStream((int) records.computeBodyLength() + 1024);
      MessageSerializer.serialize(new WriteChannel(Channels.newChannel(out)), records);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<ResultColumn> columns() {
    return new ResultSchema(schema).columns();
  }

  @Override
  public byte[] arrowSchema() {
    return new ResultSchema(schema).arrow();
  }

  @Override
  public Optional<Batch> next() {
    Batch batch = ready.poll();
    if (batch != null || ended) {
      return Optional.ofNullable(batch);
    }
    try {
      advance();
    } catch (IOException e) {
      throw NativeErrors.known(e, stay.database().functions())
          .orElseGet(() -> new UncheckedIOException(e));
    }
    return Optional.ofNullable(ready.poll());
  }

  @Override
  public Duration planning() {
    return planning;
  }

  @Override
  public String executor() {
    return "native";
  }

  @Override
  public Profile profile() {
    return profile;
  }

  private void giveBack() throws SQLException {
    if (readToEnd && leavesNothing && !stopped.get()) {
      lent.endedWell();
    }
    lent.close();
  }

  @Override
  public void close() {
    ended = true;
    try {
      AutoCloseables.close(
          control,
          reader,
          result,
          statement,
          this::giveBack,
          watched,
          copies,
          allocator,
          stay,
          running::decrementAndGet);
    } catch (Exception e) {
      throw new IllegalStateException("A native statement could not be closed", e);
    }
  }
}
