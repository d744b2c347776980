package dev.tarn.serve.sessions;

import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlEngine;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.serve.history.QueryTag;
import dev.tarn.serve.warehouses.Warehouse;
import dev.tarn.serve.warehouses.Warehouses;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sessions that outlive a statement. They live in memory: after a restart they are gone, and
 * drivers are told so.
 */
public final class Sessions implements AutoCloseable {
  /** SQLSTATE of a session that is not there: the connection does not exist. */
  public static final String GONE = "08003";

  private static final Duration IDLE = Duration.ofHours(8);
  private static final int MOST_PER_PRINCIPAL = 1000;

  private final SqlEngine engine;
  private final Warehouses warehouses;
  private final Clock clock;
  private final Map<String, Session> open = new ConcurrentHashMap<>();

  public Sessions(SqlEngine engine, Warehouses warehouses, Clock clock) {
    this.engine = engine;
    this.warehouses = warehouses;
    this.clock = clock;
  }

  /**
   * Opens a session for the principal.
   *
   * @throws TarnException RESOURCE_DOES_NOT_EXIST if there is no such warehouse; RESOURCE_EXHAUSTED
   *     if the principal has 1000 sessions open
   */
  public Session open(Principal principal, OpenSession request) {
    Warehouse warehouse = warehouses.require(principal, request.warehouseId());
    long held =
        open.values().stream().filter(s -> s.owner().name().equals(principal.name())).count();
    if (held >= MOST_PER_PRINCIPAL) {
      throw new TarnException(
          ErrorCode.RESOURCE_EXHAUSTED,
          "User '" + principal.name() + "' has " + held + " open sessions. Close some first.");
    }
    Map<String, String> settings = new HashMap<>();
    List<QueryTag> tags = new ArrayList<>();
    if (request.sessionConfs() != null) {
      request
          .sessionConfs()
          .forEach(
              (name, value) -> {
                if (name.equalsIgnoreCase(QueryTag.SETTING)) {
                  tags.addAll(QueryTag.parse(value == null ? "" : value));
                } else {
                  settings.put(name, value);
                }
              });
    }
    SessionDefaults defaults =
        new SessionDefaults(
            Optional.ofNullable(request.catalog()).filter(c -> !c.isBlank()),
            Optional.ofNullable(request.schema()).filter(s -> !s.isBlank()),
            settings);
    Session session =
        new Session(
            UUID.randomUUID().toString(),
            principal,
            warehouse.id(),
            engine.openSession(principal, defaults, warehouse.share()),
            List.copyOf(tags),
            clock.instant());
    open.put(session.id(), session);
    warehouses.sessionOpened(warehouse.id());
    return session;
  }

  /**
   * The principal's own open session.
   *
   * @throws TarnException RESOURCE_DOES_NOT_EXIST if it was closed, expired, lost in a restart, or
   *     belongs to somebody else; or if the principal was put into another group or taken out of
   *     one since
   */
  public Session get(Principal principal, String id) {
    Session session = open.get(id);
    if (session == null || !session.owner().name().equals(principal.name())) {
      throw Session.gone(id);
    }
    if (!session.owner().equals(principal)) {
      // Its statements run as the principal was when it began, with the groups of then.
      close(id);
      throw Session.gone(id);
    }
    session.touch(clock.instant());
    return session;
  }

  public void close(Principal principal, String id) {
    get(principal, id);
    close(id);
  }

  private void close(String id) {
    Session session = open.remove(id);
    if (session != null) {
      warehouses.sessionClosed(session.warehouseId());
      session.close();
    }
  }

  /** Ends the sessions of a warehouse that stops. */
  public void closeAll(String warehouseId) {
    open.values().stream()
        .filter(session -> session.warehouseId().equals(warehouseId))
        .map(Session::id)
        .toList()
        .forEach(this::close);
  }

  /** Closes what nobody has used for 8 hours. */
  public void expire() {
    Instant limit = clock.instant().minus(IDLE);
    open.values().stream()
        .filter(session -> session.idleSince(limit))
        .map(Session::id)
        .toList()
        .forEach(this::close);
  }

  @Override
  public void close() {
    open.values().forEach(Session::close);
    open.clear();
  }
}
