package dev.tarn.govern.lineage;

import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.journal.Journal;
import dev.tarn.govern.lineage.LineageStore.Edge;
import dev.tarn.kernel.json.Json;
import dev.tarn.platform.database.MetadataDatabase;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where rows came from, as statements run. Whoever runs one only leaves word of it; a thread of the
 * log's own looks at the plan, brings what it finds into journals, from where it moves into the
 * tables {@code system.access.table_lineage} and {@code column_lineage}, and into the metadata,
 * which answers for the present.
 */
public final class LineageLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LineageLog.class);
  private static final int MOST_WAITING = 10_000;
  private static final int AT_ONCE = 500;

  /** How long a statement's answer waits for its lineage. */
  public static final Duration PATIENCE = Duration.ofSeconds(5);

  private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong dropped = new AtomicLong();
  private final Journal tables;
  private final Journal columns;
  private final LineageRows rows;
  private final LineageEdges edges;
  private final List<Consumer<LineageEvent>> receivers;
  private final Clock clock;
  private final Thread writer;
  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
  private volatile boolean closed;

  private record Waiting(Supplier<LineageEvent> event, CompletableFuture<Void> recorded) {}

  /** Whose lineage it is. */
  public record Origin(String accountId, String metastoreId, String workspaceId) {}

  /**
   * @param folder where the journals lie, on this machine
   * @param receivers who is told of each event too, on the log's own thread
   */
  public LineageLog(
      Path folder,
      Origin origin,
      MetadataDatabase database,
      Tables catalog,
      Grants grants,
      List<Consumer<LineageEvent>> receivers,
      Clock clock) {
    this.tables = Journal.open("table lineage", folder.resolve("tables"), false);
    this.columns = Journal.open("column lineage", folder.resolve("columns"), false);
    this.rows = new LineageRows(origin, catalog);
    this.edges = new LineageEdges(database, grants, catalog);
    this.receivers = List.copyOf(receivers);
    this.clock = clock;
    this.writer = new Thread(this::write, "lineage");
    writer.setDaemon(true);
    writer.start();
  }

  /**
   * Takes note of a statement. Does not wait; if too many wait already, it is forgotten, and a
   * warning counts those. A closed log forgets it too.
   *
   * @param flow looked at later, on another thread
   */
  public void note(
      Supplier<Flow> flow, String user, String statementId, LineageEvent.Entity entity) {
    offer(flow, user, statementId, entity);
  }

  /** As {@link #note}, and waits as {@link #settle} does, for this statement alone. */
  public void noteAndSettle(
      Supplier<Flow> flow, String user, String statementId, LineageEvent.Entity entity) {
    await(offer(flow, user, statementId, entity), PATIENCE);
  }

  private CompletableFuture<Void> offer(
      Supplier<Flow> flow, String user, String statementId, LineageEvent.Entity entity) {
    var time = clock.instant();
    Waiting noted =
        new Waiting(
            () -> new LineageEvent(flow.get(), user, statementId, entity, time),
            new CompletableFuture<>());
    synchronized (waiting) {
      if (!closed && writer.isAlive() && waiting.offer(noted)) {
        last = noted.recorded();
        return last;
      }
    }
    dropped.incrementAndGet();
    return CompletableFuture.completedFuture(null);
  }

  /**
   * Waits until all that was noted before is recorded, so that it survives the end of the process.
   * Whoever answers a statement does so before; not for ever, for lineage that cannot be recorded
   * must not stop statements.
   *
   * @param atMost how long; {@link #PATIENCE}, or what is left of it
   * @return whether nothing is left to wait for
   */
  public boolean settle(Duration atMost) {
    CompletableFuture<Void> noted;
    synchronized (waiting) {
      noted = last;
    }
    return await(noted, atMost);
  }

  private static boolean await(CompletableFuture<Void> recorded, Duration atMost) {
    try {
      recorded.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.warn("A statement is answered before its lineage is recorded: that takes too long");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    return false;
  }

  private void write() {
    try {
      writeUntilClosed();
    } finally {
      // However it ends, nobody waits for what it will not do.
      synchronized (waiting) {
        closed = true;
        waiting.forEach(each -> each.recorded().complete(null));
        waiting.clear();
      }
    }
  }

  private void writeUntilClosed() {
    List<Waiting> taken = new ArrayList<>();
    while (!closed || !waiting.isEmpty()) {
      try {
        Waiting first = waiting.poll(1, TimeUnit.SECONDS);
        if (first != null) {
          taken.add(first);
          waiting.drainTo(taken, AT_ONCE);
          write(taken);
        }
      } catch (InterruptedException e) {
        return;
      } catch (Throwable e) {
        // Also errors: this thread is all there is. Messages may quote what a plan holds.
        LOG.warn(
            "The lineage of up to {} statements could not be recorded: {}",
            taken.size(),
            e.getClass().getName());
      } finally {
        taken.forEach(each -> each.recorded().complete(null));
        taken.clear();
      }
      long lost = dropped.getAndSet(0);
      if (lost > 0) {
        LOG.warn("The lineage of {} statements was not recorded: too many came at once", lost);
      }
    }
  }

  private void write(List<Waiting> taken) {
    List<Edge> fresh = new ArrayList<>();
    for (Waiting each : taken) {
      alone(() -> write(each.event().get(), fresh));
    }
    edges.put(fresh);
  }

  private void write(LineageEvent event, List<Edge> fresh) {
    if (!tells(event.flow())) {
      return;
    }
    rows.ofTables(event).forEach(row -> tables.append(Json.bytes(row)));
    rows.ofColumns(event).forEach(row -> columns.append(Json.bytes(row)));
    for (Consumer<LineageEvent> receiver : receivers) {
      alone(() -> receiver.accept(event));
    }
    fresh.addAll(edges.fresh(event));
  }

  /** What fails of one statement takes nothing of the others along. */
  private static void alone(Runnable work) {
    try {
      work.run();
    } catch (Throwable e) {
      // Messages may quote what a plan holds.
      LOG.warn(
          "The lineage of a statement could not be recorded as a whole: {}",
          e.getClass().getName());
    }
  }

  /** Who looks at the server's own tables is in the audit log. */
  private static boolean tells(Flow flow) {
    return flow.writes()
        || flow.sources().stream()
            .anyMatch(
                source ->
                    source.table() == null
                        || !source.table().catalog().equals(Grants.SYSTEM_CATALOG));
  }

  /** Moves the rows of {@code table_lineage} to where they stay. */
  public void moveTables(Journal.Target target) {
    settle(PATIENCE);
    tables.moveTo(target);
  }

  /** Moves the rows of {@code column_lineage} to where they stay. */
  public void moveColumns(Journal.Target target) {
    settle(PATIENCE);
    columns.moveTo(target);
  }

  /** Records what waits. */
  @Override
  public void close() {
    synchronized (waiting) {
      closed = true;
    }
    try {
      writer.join(PATIENCE.toMillis());
      tables.close();
      columns.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.io.IOException e) {
      LOG.warn("A journal of lineage was not closed cleanly", e);
    }
  }
}
