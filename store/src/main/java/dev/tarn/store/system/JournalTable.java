package dev.tarn.store.system;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.ServerCatalogs;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.journal.Journal;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import dev.tarn.kernel.name.EntityName;
import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentTransactionException;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.internal.types.DataTypeJsonSerDe;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.transaction.DataLayoutSpec;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table of the catalog {@code system}: a Delta table, in a folder for each day, to which records
 * move from a journal. Written by Delta Kernel, so that it does not wait for Spark. Several servers
 * may append to one table.
 */
public final class JournalTable implements Journal.Target, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalTable.class);
  static final String WRITER = "Tarn";

  /** The column that each of these tables has its days in. */
  public static final String DAY = "event_date";

  private static final long HOURS_BETWEEN_EXPIRIES = 12;
  private static final long MINUTES_BETWEEN_COMPACTIONS = 60;
  private static final long MINUTES_TO_THE_FIRST_COMPACTION = 5;
  private static final StringType TEXT = StringType.STRING;

  /**
   * What it is.
   *
   * @param location of its files; made with the first record
   * @param keep how many days of records are kept
   */
  public record Definition(
      EntityName name, String comment, StructType schema, String location, int keep) {}

  private final Definition definition;
  private final Consumer<Journal.Target> source;
  private final Engine engine;
  private final DayFiles files;
  private final ScheduledExecutorService mover;

  /**
   * @param source brings what was recorded into the target it is given
   * @param every how often that happens at the latest
   * @param hadoopSettings how to reach object stores: {@code fs.…} settings of Hadoop
   */
  public JournalTable(
      Definition definition,
      Consumer<Journal.Target> source,
      Duration every,
      Map<String, String> hadoopSettings,
      Clock clock) {
    Configuration hadoop = new Configuration();
    hadoopSettings.forEach(hadoop::set);
    this.definition = definition;
    this.source = source;
    this.engine = DefaultEngine.create(hadoop);
    this.files = new DayFiles(definition.location(), definition.keep(), engine, hadoop, clock);
    this.mover =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, definition.name().name() + "-mover");
              thread.setDaemon(true);
              return thread;
            });
    long seconds = every.toSeconds();
    mover.scheduleWithFixedDelay(this::moveQuietly, seconds, seconds, TimeUnit.SECONDS);
    mover.scheduleWithFixedDelay(
        this::expireQuietly, 1, TimeUnit.HOURS.toMinutes(HOURS_BETWEEN_EXPIRIES), TimeUnit.MINUTES);
    mover.scheduleWithFixedDelay(
        this::compactQuietly,
        MINUTES_TO_THE_FIRST_COMPACTION,
        MINUTES_BETWEEN_COMPACTIONS,
        TimeUnit.MINUTES);
  }

  /** Makes the table known in the catalog {@code system}, if it is not. */
  public void enter(ServerCatalogs catalogs) {
    List<ColumnInfo> columns = new ArrayList<>();
    for (JsonNode field :
        Json.tree(DataTypeJsonSerDe.serializeDataType(definition.schema())).get("fields")) {
      columns.add(
          new ColumnInfo(
              field.get("name").asText(),
              text(field.get("type")),
              field.get("type").toString(),
              columns.size(),
              true,
              null));
    }
    catalogs.enter(
        new ServerCatalogs.Contents(
            definition.name().catalog(),
            null,
            Map.of(definition.name().schema(), "Who did what, and what came from where"),
            List.of(
                new NewTable(
                    definition.name(),
                    TableType.MANAGED,
                    "DELTA",
                    definition.location(),
                    definition.comment(),
                    columns,
                    Map.of(),
                    null)),
            Set.of(Privilege.USE_CATALOG)));
  }

  /** A type of Delta's schema as SQL writes it. */
  private static String text(JsonNode type) {
    return switch (type.path("type").asText()) {
      case "map" -> "map<" + text(type.get("keyType")) + ',' + text(type.get("valueType")) + '>';
      case "struct" -> {
        List<String> fields = new ArrayList<>();
        type.get("fields")
            .forEach(
                field -> fields.add(field.get("name").asText() + ':' + text(field.get("type"))));
        yield "struct<" + String.join(",", fields) + '>';
      }
      default -> type.asText().equals("integer") ? "int" : type.asText();
    };
  }

  public EntityName name() {
    return definition.name();
  }

  public String location() {
    return definition.location();
  }

  /**
   * Brings everything in that was recorded before this call.
   *
   * @throws TarnException TEMPORARILY_UNAVAILABLE if the table cannot be written now; nothing is
   *     lost then
   */
  public void refresh() {
    source.accept(this);
    snapshot();
  }

  private void moveQuietly() {
    try {
      source.accept(this);
    } catch (RuntimeException e) {
      LOG.warn("Records could not be moved into {}; trying again", definition.name(), e);
    }
  }

  private void expireQuietly() {
    try {
      expire();
    } catch (RuntimeException | IOException e) {
      LOG.warn("Old days could not be removed from {}; trying again", definition.name(), e);
    }
  }

  /** Removes the days that are older than is kept; their files a week later. */
  void expire() throws IOException {
    files.expire(snapshot(), this::after);
  }

  private void compactQuietly() {
    try {
      compact();
    } catch (RuntimeException | IOException e) {
      if (!mover.isShutdown()) {
        LOG.warn("Files of {} could not be brought together; trying again", definition.name(), e);
      }
    }
  }

  /** Brings the files of each day together, which come one a minute. */
  void compact() throws IOException {
    files.compact(snapshot(), this::after);
  }

  @Override
  public void append(String journal, long number, List<String> rows) {
    try {
      Snapshot table = snapshot();
      Optional<Long> last = table.getLatestTransactionVersion(engine, journal);
      if (last.isPresent() && last.get() >= number) {
        return;
      }
      Transaction transaction =
          table
              .buildUpdateTableTransaction(WRITER, Operation.WRITE)
              .withTransactionId(journal, number)
              .build(engine);
      List<Row> actions = new ArrayList<>();
      for (Map.Entry<String, List<String>> day : byDay(rows).entrySet()) {
        actions.addAll(written(transaction, LocalDate.parse(day.getKey()), day.getValue()));
      }
      after(
          transaction.commit(
              engine, CloseableIterable.inMemoryIterable(iterator(actions.iterator()))));
    } catch (ConcurrentTransactionException e) {
      // It is there: the process ended between the commit and the deletion of the journal's file.
      LOG.debug("Batch {} was in {} already", number, definition.name(), e);
    } catch (KernelException | IOException | UncheckedIOException e) {
      throw unavailable(e);
    }
  }

  private static Map<String, List<String>> byDay(List<String> rows) {
    Map<String, List<String>> days = new TreeMap<>();
    for (String row : rows) {
      days.computeIfAbsent(Json.tree(row).get(DAY).asText(), day -> new ArrayList<>()).add(row);
    }
    return days;
  }

  private List<Row> written(Transaction transaction, LocalDate day, List<String> rows)
      throws IOException {
    ColumnarBatch batch =
        engine
            .getJsonHandler()
            .parseJson(
                VectorUtils.buildColumnVector(rows, TEXT), definition.schema(), Optional.empty());
    Row state = transaction.getTransactionState(engine);
    Map<String, Literal> partition = Map.of(DAY, Literal.ofDate((int) day.toEpochDay()));
    DataWriteContext context = Transaction.getWriteContext(engine, state, partition);
    try (CloseableIterator<FilteredColumnarBatch> physical =
            Transaction.transformLogicalData(
                engine,
                state,
                iterator(List.of(new FilteredColumnarBatch(batch, Optional.empty())).iterator()),
                partition);
        CloseableIterator<DataFileStatus> files =
            engine
                .getParquetHandler()
                .writeParquetFiles(
                    context.getTargetDirectory(), physical, context.getStatisticsColumns());
        CloseableIterator<Row> actions =
            Transaction.generateAppendActions(engine, state, files, context)) {
      return actions.toInMemoryList();
    }
  }

  private static <T> CloseableIterator<T> iterator(java.util.Iterator<T> all) {
    return io.delta.kernel.internal.util.Utils.toCloseableIterator(all);
  }

  /** What follows a commit only makes reading faster. */
  private void after(TransactionCommitResult result) {
    for (PostCommitHook hook : result.getPostCommitHooks()) {
      try {
        if (hook.getType() != PostCommitHook.PostCommitHookType.CHECKSUM_FULL) {
          hook.threadSafeInvoke(engine);
        }
      } catch (IOException | RuntimeException e) {
        LOG.warn("After a commit to {}, {} failed", definition.name(), hook.getType(), e);
      }
    }
  }

  private Snapshot snapshot() {
    try {
      return TableManager.loadSnapshot(definition.location()).build(engine);
    } catch (TableNotFoundException e) {
      return made();
    }
  }

  private Snapshot made() {
    try {
      TableManager.buildCreateTableTransaction(definition.location(), definition.schema(), WRITER)
          .withDataLayoutSpec(DataLayoutSpec.partitioned(List.of(new Column(DAY))))
          .build(engine)
          .commit(engine, CloseableIterable.emptyIterable());
    } catch (TableAlreadyExistsException e) {
      LOG.debug("Another server made {}", definition.name(), e);
    }
    return TableManager.loadSnapshot(definition.location()).build(engine);
  }

  private TarnException unavailable(Exception e) {
    return new TarnException(
        ErrorCode.TEMPORARILY_UNAVAILABLE,
        "The table '"
            + definition.name()
            + "' at '"
            + definition.location()
            + "' cannot be written: "
            + e.getMessage()
            + ". Records stay in the journal until it can.",
        e);
  }

  /** Moves what is left, unless the table cannot be had. */
  @Override
  public void close() {
    mover.shutdownNow();
    moveQuietly();
  }
}
