package dev.tarn.govern.audit;

import dev.tarn.govern.journal.Journal;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who did what, on what, from where, and whether they might. A record is in a journal when {@link
 * #record} returns, so that nothing is lost once a caller has an answer; from there it moves into
 * the table {@code system.access.audit}.
 */
public final class AuditLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

  private final Journal journal;
  private final String accountId;
  private final String workspaceId;
  private final AuditConfig config;
  private final Clock clock;
  private final ExecutorService later =
      Executors.newSingleThreadExecutor(task -> daemon(task, "audit-later"));

  /**
   * @param folder where the journal lies, on this machine
   */
  public AuditLog(
      Path folder, String accountId, String workspaceId, AuditConfig config, Clock clock) {
    this.accountId = accountId;
    this.workspaceId = workspaceId;
    this.config = config;
    this.clock = clock;
    this.journal = Journal.open("audit log", folder, config.sync());
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Records a call. When this returns, the record survives the end of the process, and with {@code
   * audit.sync} that of the machine.
   *
   * @throws TarnException TEMPORARILY_UNAVAILABLE if it cannot be, and the call must not be
   *     answered
   */
  public void record(AuditedCall call) {
    journal.await(journal.append(row(call)));
  }

  /** As {@link #record}, for threads that must not wait. */
  public CompletableFuture<Void> recordLater(AuditedCall call) {
    try {
      long record = journal.append(row(call));
      return config.sync()
          ? CompletableFuture.runAsync(() -> journal.await(record), later)
          : CompletableFuture.completedFuture(null);
    } catch (TarnException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private byte[] row(AuditedCall call) {
    return Json.bytes(AuditRow.of(call, accountId, workspaceId, clock.instant()));
  }

  public AuditConfig config() {
    return config;
  }

  /**
   * Moves all that was recorded to where it stays. What could not be moved is moved the next time.
   *
   * @throws TarnException if the target takes nothing now
   */
  public void moveTo(Journal.Target target) {
    journal.moveTo(target);
  }

  @Override
  public void close() {
    later.shutdown();
    try {
      later.awaitTermination(5, TimeUnit.SECONDS);
      journal.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("The journal of the audit log was not closed cleanly", e);
    }
  }
}
