package dev.tarn.serve.connect;

import dev.tarn.engine.spark.SessionLease;
import dev.tarn.engine.spark.SparkEngine;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.serve.warehouses.Warehouses;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.connect.service.SessionHolder;
import org.apache.spark.sql.connect.service.SessionKey;
import org.apache.spark.sql.connect.service.SparkConnectService$;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Spark Connect's sessions, each acting for the principal whose token opened it. Spark keeps them
 * under user and id, and expires them; here lies what Tarn knows of each for as long.
 */
final class ConnectSessions {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectSessions.class);

  /** More than anybody needs, and less than what fills the heap with sessions. */
  private static final int MOST = 1_000;

  /** What a new session starts with beyond Spark's defaults. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          // Plans are checked as they come, so they come as they are.
          "spark.connect.session.planCompression.threshold", "-1",
          // Local rows travel in the plan: there is no other way in for them.
          "spark.sql.session.localRelationCacheThreshold", Integer.toString(Integer.MAX_VALUE),
          "spark.sql.session.localRelationChunkSizeRows", Integer.toString(Integer.MAX_VALUE),
          "spark.sql.session.localRelationChunkSizeBytes", Integer.toString(Integer.MAX_VALUE),
          "spark.sql.connect.serverStacktrace.enabled", "false");

  private record Adopted(SessionLease lease, String warehouseId) {}

  private final SparkEngine engine;
  private final Warehouses warehouses;
  private final Map<SessionKey, Adopted> adopted = new ConcurrentHashMap<>();

  ConnectSessions(SparkEngine engine, Warehouses warehouses) {
    this.engine = engine;
    this.warehouses = warehouses;
    warehouses.whenStopped(this::closeAll);
  }

  /**
   * The session of this principal under this id; opened if there is none.
   *
   * @param warehouseId with which a new one ends
   * @param observed the server's id of the session as the client knows it, to notice a new one
   */
  SessionHolder open(Principal principal, String warehouseId, String id, Option<String> observed) {
    SessionHolder holder =
        SparkConnectService$.MODULE$.getOrCreateIsolatedSession(principal.name(), id, observed);
    SessionLease lease =
        adopted
            .compute(
                holder.key(),
                (key, known) -> {
                  // With other groups than when it began, it goes on with those of now.
                  if (known != null
                      && known.lease().spark() == holder.session()
                      && known.lease().context().principal().equals(principal)) {
                    return known;
                  }
                  if (known != null) {
                    close(known);
                  } else if (adopted.size() >= MOST) {
                    throw new TarnException(
                        ErrorCode.RESOURCE_EXHAUSTED,
                        "53300",
                        "The server has too many open sessions. Close some with spark.stop().",
                        null);
                  }
                  return adopt(holder, principal, warehouseId);
                })
            .lease();
    lease.refreshCatalogs();
    return holder;
  }

  private Adopted adopt(SessionHolder holder, Principal principal, String warehouseId) {
    SETTINGS.forEach(holder.session().sessionState().conf()::setConfString);
    Adopted adopted = new Adopted(engine.adopt(holder.session(), principal), warehouseId);
    warehouses.sessionOpened(warehouseId);
    return adopted;
  }

  private void close(Adopted known) {
    known.lease().close();
    warehouses.sessionClosed(known.warehouseId());
  }

  private static void end(SessionKey key) {
    try {
      SparkConnectService$.MODULE$.sessionManager().closeSession(key, false);
    } catch (RuntimeException e) {
      // An operation that is being interrupted ends by itself.
      LOG.debug("A session of Spark Connect was closed while something ended in it", e);
    }
  }

  /** Ends the sessions of a warehouse that stops. */
  private void closeAll(String warehouseId) {
    adopted.forEach(
        (key, known) -> {
          if (known.warehouseId().equals(warehouseId)) {
            end(key);
          }
        });
    if (!adopted.isEmpty()) {
      sweep();
    }
  }

  /** The session if it is open, without opening one. */
  static Option<SessionHolder> find(Principal principal, String id) {
    return SparkConnectService$.MODULE$
        .sessionManager()
        .getIsolatedSessionIfPresent(new SessionKey(principal.name(), id));
  }

  /** Forgets the sessions that Spark has closed. */
  void sweep() {
    Set<SessionKey> active = new HashSet<>();
    CollectionConverters.asJava(SparkConnectService$.MODULE$.sessionManager().listActiveSessions())
        .forEach(session -> active.add(new SessionKey(session.userId(), session.sessionId())));
    for (SessionKey key : Set.copyOf(adopted.keySet())) {
      adopted.computeIfPresent(
          key,
          (k, known) -> {
            if (active.contains(k)) {
              return known;
            }
            close(known);
            return null;
          });
    }
  }

  int count() {
    return adopted.size();
  }

  void close() {
    adopted.values().forEach(this::close);
    adopted.clear();
  }
}
