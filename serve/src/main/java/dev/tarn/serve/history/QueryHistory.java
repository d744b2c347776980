package dev.tarn.serve.history;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.MetadataDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who ran what and when. A query is written by a thread of the history's own, several at a time, so
 * that none waits for it; within a second of a query's end it is on disk. One that ran when the
 * server was killed is FAILED after the restart.
 */
public final class QueryHistory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueryHistory.class);
  private static final int MOST_RESULTS = 1000;
  private static final int DEFAULT_RESULTS = 100;
  private static final int MOST_PENDING = 10_000;
  private static final long MOST_PENDING_BYTES = 32 << 20;

  /** A page ends with the query that goes beyond. */
  private static final long PAGE_BYTES = 8 << 20;

  private static final int LONGEST_FILTER = 100;
  private static final long GATHER_MILLIS = 100;
  private static final long RETRY_MILLIS = 500;
  private static final long SWEEP_MILLIS = 600_000;

  private final Jdbi jdbi;
  private final String server;
  private final Function<Principal, Set<String>> monitored;
  private final HistoryConfig config;
  private final Clock clock;
  private final QueryHistoryStore store = new QueryHistoryStore();
  private final Map<String, Query> pending = new LinkedHashMap<>();
  private final Object writing = new Object();
  private final Thread writer;
  private long pendingBytes;
  private boolean closed;
  private long sweptAt;

  /** A page of queries, the newest first. */
  public record Page(List<Query> queries, Optional<String> nextPageToken) {}

  record Position(long startedAt, String id) {}

  /**
   * @param server names this server among those that share a database
   * @param monitored warehouses whose queries of others a principal may see
   */
  public QueryHistory(
      MetadataDatabase database,
      String server,
      Function<Principal, Set<String>> monitored,
      HistoryConfig config,
      Clock clock) {
    this.jdbi = database.jdbi();
    this.server = server;
    this.monitored = monitored;
    this.config = config;
    this.clock = clock;
    jdbi.useTransaction(
        handle -> {
          List<Query> lost =
              store.open(handle, server).stream().map(q -> q.lost(clock.millis())).toList();
          if (!lost.isEmpty()) {
            store.save(handle, server, lost);
          }
        });
    expire();
    this.sweptAt = clock.millis();
    this.writer = new Thread(this::write, "query-history");
    writer.setDaemon(true);
    writer.start();
  }

  /** Takes a query as it is now; called when it begins, and once more when it has ended. */
  public void record(Query query) {
    synchronized (pending) {
      Query before = pending.put(query.id(), query);
      pendingBytes += query.weight() - (before == null ? 0 : before.weight());
      while (pending.size() > MOST_PENDING || pendingBytes > MOST_PENDING_BYTES) {
        // The database takes nothing; the server must not fill up because of it.
        forget(pending.values().iterator().next());
      }
      pending.notifyAll();
    }
  }

  private void forget(Query written) {
    if (pending.remove(written.id(), written)) {
      pendingBytes -= written.weight();
    }
  }

  private void write() {
    while (true) {
      try {
        synchronized (pending) {
          while (pending.isEmpty() && !closed) {
            pending.wait();
          }
          if (closed) {
            return;
          }
          // Others that come now are written together, and one that ends soon is written once.
          pending.wait(GATHER_MILLIS);
        }
        flush();
        sweep();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.warn("The query history could not be written; trying again", e);
        try {
          Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException interrupted) {
          return;
        }
      }
    }
  }

  private void flush() {
    synchronized (writing) {
      List<Query> batch;
      synchronized (pending) {
        batch = new ArrayList<>(pending.values());
      }
      if (batch.isEmpty()) {
        return;
      }
      jdbi.useTransaction(handle -> store.save(handle, server, batch));
      synchronized (pending) {
        batch.forEach(this::forget);
      }
    }
  }

  private void sweep() {
    if (clock.millis() - sweptAt >= SWEEP_MILLIS) {
      sweptAt = clock.millis();
      expire();
    }
  }

  /** Deletes what is too old or too many. */
  void expire() {
    jdbi.useTransaction(
        handle -> {
          store.deleteBefore(handle, clock.instant().minus(config.keep()).toEpochMilli());
          store.deleteBeyond(handle, config.maxQueries());
        });
  }

  /**
   * One's own queries; everybody's for administrators, and those of a warehouse for whoever may
   * monitor it.
   *
   * @param maxResults 1 to 1000; 0 for the default of 100. Fewer come if their texts are long
   * @param pageToken of the page before; empty for the first
   * @throws TarnException INVALID_PARAMETER_VALUE
   */
  public Page list(
      Principal principal, QueryFilter filter, int maxResults, Optional<String> pageToken) {
    if (maxResults < 0 || maxResults > MOST_RESULTS) {
      throw TarnException.invalid("max_results must be 1 to " + MOST_RESULTS + ".");
    }
    if (filter.statementIds().size() > LONGEST_FILTER
        || filter.userNames().size() > LONGEST_FILTER
        || filter.warehouseIds().size() > LONGEST_FILTER) {
      throw TarnException.invalid(
          "filter_by may name at most " + LONGEST_FILTER + " of each kind.");
    }
    int limit = maxResults == 0 ? DEFAULT_RESULTS : maxResults;
    Position after = pageToken.map(QueryHistory::position).orElse(null);
    String viewer = principal.administrator() ? null : principal.name().toLowerCase(Locale.ROOT);
    Set<String> others = viewer == null ? Set.of() : monitored.apply(principal);
    flush();
    List<Query> found =
        jdbi.withHandle(
            handle -> store.list(handle, filter, viewer, others, after, limit + 1, PAGE_BYTES));
    boolean whole = found.size() <= limit && !store.full(found, PAGE_BYTES);
    if (whole) {
      return new Page(found, Optional.empty());
    }
    List<Query> shown = found.subList(0, Math.min(limit, found.size()));
    return new Page(shown, Optional.of(token(shown.get(shown.size() - 1))));
  }

  private static String token(Query last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((last.startedAt() + "/" + last.id()).getBytes(StandardCharsets.UTF_8));
  }

  private static Position position(String token) {
    try {
      String[] parts =
          new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split("/", 2);
      return new Position(Long.parseLong(parts[0]), parts[1]);
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw TarnException.invalid("page_token is not one that this API gave. Begin without it.");
    }
  }

  /** Writes what is pending. */
  @Override
  public void close() {
    synchronized (pending) {
      closed = true;
      pending.notifyAll();
    }
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      flush();
    } catch (RuntimeException e) {
      LOG.warn("The last queries could not be written to the history", e);
    }
  }
}
