package dev.tarn.serve.warehouses;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.MetadataDatabase;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jdbi.v3.core.Jdbi;

/**
 * SQL warehouses: what statements and sessions are addressed to, and where they wait for their
 * turn. Each of the methods that takes a principal asks for the permission it needs.
 */
public final class Warehouses {
  private static final String DEFAULT = "default";
  private static final Set<String> TYPES = Set.of("CLASSIC", "PRO", "TYPE_UNSPECIFIED");
  private static final int MOST_CLUSTERS = 40;
  private static final int LONGEST_NAME = 100;
  private static final int STARTER_STOPS_AFTER = 120;

  private final Jdbi jdbi;
  private final SecureRandom random = new SecureRandom();
  private final WarehousesStore store = new WarehousesStore();
  private final WarehousePermissions permissions;
  private final BooleanSupplier engineReady;
  private final Clock clock;
  private final Map<String, WarehouseQueue> queues = new ConcurrentHashMap<>();
  private final List<Consumer<String>> stopped = new CopyOnWriteArrayList<>();

  /**
   * @param exists whether there is a user, service principal or group of a name
   * @param engineReady whether a statement would start at once
   */
  public Warehouses(
      MetadataDatabase database,
      Predicate<String> exists,
      BooleanSupplier engineReady,
      Clock clock) {
    this.jdbi = database.jdbi();
    this.permissions = new WarehousePermissions(database, exists);
    this.engineReady = engineReady;
    this.clock = clock;
  }

  /** Makes the starter warehouse at first start, which everybody may use. */
  public void bootstrap(String creatorName) {
    jdbi.useTransaction(
        handle -> {
          if (store.list(handle).isEmpty()) {
            Warehouse starter =
                fresh("Starter Warehouse", "Small", STARTER_STOPS_AFTER, creatorName, true);
            store.insert(handle, starter);
            permissions.own(handle, starter.id(), creatorName);
            permissions.letEverybodyUse(handle, starter.id());
          }
        });
  }

  private Warehouse fresh(
      String name, String size, int autoStopMins, String creator, boolean starter) {
    byte[] id = new byte[8];
    random.nextBytes(id);
    return new Warehouse(
        HexFormat.of().formatHex(id),
        name,
        size,
        1,
        1,
        autoStopMins,
        creator,
        false,
        starter,
        clock.millis(),
        WarehouseOptions.NONE);
  }

  /** Those that the principal may see. */
  public List<Warehouse> list(Principal principal) {
    return jdbi.withHandle(store::list).stream()
        .filter(warehouse -> permissions.level(principal, warehouse.id()).isPresent())
        .toList();
  }

  /**
   * @param id or {@code default} for the principal's own choice or else the starter warehouse
   * @throws TarnException RESOURCE_DOES_NOT_EXIST; PERMISSION_DENIED unless it may see it
   */
  public Warehouse get(Principal principal, String id) {
    return permitted(principal, id, PermissionLevel.CAN_VIEW);
  }

  /** The warehouse to run something on; a stopped one wakes up. */
  public Warehouse require(Principal principal, String id) {
    Warehouse warehouse = permitted(principal, id, PermissionLevel.CAN_USE);
    WarehouseQueue queue = queue(warehouse.id());
    synchronized (queue.lifecycle()) {
      queue.touch();
      // It may have stopped since it was read, because nobody used it.
      Warehouse now =
          jdbi.withHandle(handle -> store.find(handle, warehouse.id())).orElse(warehouse);
      return now.stopped() ? woken(now) : now;
    }
  }

  private Warehouse woken(Warehouse warehouse) {
    queue(warehouse.id()).stopping(false);
    return stopped(warehouse, false);
  }

  private Warehouse permitted(Principal principal, String id, PermissionLevel needed) {
    if (id == null || id.isBlank()) {
      throw TarnException.invalid(
          "warehouse_id is missing. Name a warehouse, such as 'default'; list them with GET"
              + " /api/2.0/sql/warehouses.");
    }
    Warehouse warehouse =
        find(principal, id)
            .orElseThrow(
                () ->
                    new TarnException(
                        ErrorCode.RESOURCE_DOES_NOT_EXIST,
                        "SQL warehouse '"
                            + (id.length() > LONGEST_NAME ? id.substring(0, LONGEST_NAME) : id)
                            + "' does not exist. List them with GET /api/2.0/sql/warehouses, or use"
                            + " 'default'."));
    permissions.require(principal, warehouse, needed);
    return warehouse;
  }

  private Optional<Warehouse> find(Principal principal, String id) {
    return jdbi.withHandle(
        handle -> {
          if (!id.equals(DEFAULT)) {
            return store.find(handle, id);
          }
          Optional<Warehouse> chosen =
              store.overrides(handle).stream()
                  .filter(o -> principal.isNamed(o.defaultWarehouseOverrideId()))
                  .filter(o -> o.warehouseId() != null)
                  .findFirst()
                  .flatMap(o -> store.find(handle, o.warehouseId()));
          return chosen.isPresent() ? chosen : store.starter(handle);
        });
  }

  /**
   * @throws TarnException PERMISSION_DENIED unless an administrator; INVALID_PARAMETER_VALUE;
   *     RESOURCE_ALREADY_EXISTS
   */
  public Warehouse create(Principal principal, WarehouseChange request) {
    if (!principal.administrator()) {
      throw TarnException.permissionDenied(principal.name(), "CREATE WAREHOUSE", "the workspace");
    }
    if (request.name() == null || request.name().isBlank()) {
      throw TarnException.invalid("name is missing. Give the warehouse a name.");
    }
    Warehouse warehouse =
        changed(fresh(request.name(), "Small", 120, principal.name(), false), request);
    boolean inserted =
        jdbi.inTransaction(
            handle -> {
              boolean made = store.insert(handle, warehouse);
              if (made) {
                permissions.own(handle, warehouse.id(), principal.name());
              }
              return made;
            });
    if (!inserted) {
      throw TarnException.alreadyExists("SQL warehouse", request.name());
    }
    return warehouse;
  }

  public Warehouse edit(Principal principal, String id, WarehouseChange request) {
    Warehouse warehouse = changed(permitted(principal, id, PermissionLevel.CAN_MANAGE), request);
    boolean taken =
        jdbi.withHandle(store::list).stream()
            .anyMatch(w -> w.name().equals(warehouse.name()) && !w.id().equals(warehouse.id()));
    if (taken) {
      throw TarnException.alreadyExists("SQL warehouse", warehouse.name());
    }
    return save(warehouse);
  }

  public Warehouse start(Principal principal, String id) {
    return woken(permitted(principal, id, PermissionLevel.CAN_USE));
  }

  /** Stops it: what runs on it is cancelled and its sessions end. The next statement wakes it. */
  public void stop(Principal principal, String id) {
    stop(permitted(principal, id, PermissionLevel.CAN_MANAGE));
  }

  private void stop(Warehouse warehouse) {
    stopped(warehouse, true);
    queue(warehouse.id()).stopping(true);
    stopped.forEach(listener -> listener.accept(warehouse.id()));
  }

  public void delete(Principal principal, String id) {
    Warehouse warehouse = permitted(principal, id, PermissionLevel.CAN_MANAGE);
    if (warehouse.starter()) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "The starter warehouse cannot be deleted: clients find it under 'default'. Stop it"
              + " instead.");
    }
    jdbi.useTransaction(
        handle -> {
          store.delete(handle, warehouse.id());
          permissions.forget(handle, warehouse.id());
        });
    stopped.forEach(listener -> listener.accept(warehouse.id()));
  }

  /** Calls the listener with the id of each warehouse that stops or is deleted. */
  public void whenStopped(Consumer<String> listener) {
    stopped.add(listener);
  }

  /** Stops those that nobody has used for as long as their setting says. */
  public void stopIdle() {
    jdbi.withHandle(store::list).stream()
        .filter(w -> !w.stopped() && w.autoStopMins() > 0)
        .forEach(this::stopIfIdle);
  }

  private void stopIfIdle(Warehouse warehouse) {
    WarehouseQueue queue = queue(warehouse.id());
    synchronized (queue.lifecycle()) {
      if (queue.idleSince(clock.instant().minus(Duration.ofMinutes(warehouse.autoStopMins())))) {
        stop(warehouse);
      }
    }
  }

  /** Whether every warehouse is stopped. */
  public boolean allStopped() {
    return jdbi.withHandle(store::list).stream().allMatch(Warehouse::stopped);
  }

  /**
   * Asks for a place among the statements that a warehouse runs at once, as many as its size
   * allows.
   *
   * @param begin called once with the place, at once or when its turn has come; must not wait
   * @param mostWaiting how many may wait for theirs
   * @throws TarnException RESOURCE_EXHAUSTED if too many wait already
   */
  public Turn enter(Warehouse warehouse, Consumer<Turn> begin, int atMost, int mostWaiting) {
    int atOnce = Math.min(atMost, warehouse.statementsAtOnce());
    try {
      return queue(warehouse.id()).enter(begin, atOnce, mostWaiting);
    } catch (RejectedExecutionException e) {
      throw new TarnException(
          ErrorCode.RESOURCE_EXHAUSTED,
          "SQL warehouse '"
              + warehouse.name()
              + "' already runs "
              + atOnce
              + " statements, and "
              + mostWaiting
              + " wait. Try again later, or give it more clusters.",
          e);
    }
  }

  public void sessionOpened(String id) {
    queue(id).sessionOpened();
  }

  public void sessionClosed(String id) {
    queue(id).sessionClosed();
  }

  private WarehouseQueue queue(String id) {
    return queues.computeIfAbsent(id, i -> new WarehouseQueue(clock));
  }

  WarehouseInfo.Activity activity(Warehouse warehouse) {
    WarehouseQueue queue = queue(warehouse.id());
    String state =
        warehouse.stopped()
            ? queue.stopping() ? "STOPPING" : "STOPPED"
            : engineReady.getAsBoolean() ? "RUNNING" : "STARTING";
    return new WarehouseInfo.Activity(state, queue.sessions());
  }

  /** Those of warehouses whose queries of others the principal may see. */
  public Set<String> monitored(Principal principal) {
    return jdbi.withHandle(store::list).stream()
        .map(Warehouse::id)
        .filter(
            id ->
                permissions
                    .level(principal, id)
                    .filter(level -> level.includes(PermissionLevel.CAN_MONITOR))
                    .isPresent())
        .collect(java.util.stream.Collectors.toSet());
  }

  /** Who may do what; for those who may see the warehouse. */
  public List<AccessControl> permissions(Principal principal, String id) {
    return permissions.list(permitted(principal, id, PermissionLevel.CAN_VIEW).id());
  }

  /**
   * Gives permissions; needs CAN_MANAGE.
   *
   * @param replace whether those who are not named lose theirs, except the owner
   */
  public void permit(Principal principal, String id, List<AccessControl> given, boolean replace) {
    Warehouse warehouse = permitted(principal, id, PermissionLevel.CAN_MANAGE);
    permissions.change(principal, warehouse, given, replace);
  }

  /** Writes that alone, so that an edit at the same time is not undone. */
  private Warehouse stopped(Warehouse warehouse, boolean now) {
    jdbi.useTransaction(handle -> store.setStopped(handle, warehouse.id(), now));
    return warehouse.withStopped(now);
  }

  private Warehouse save(Warehouse warehouse) {
    jdbi.useTransaction(handle -> store.update(handle, warehouse));
    return warehouse;
  }

  private static Warehouse changed(Warehouse old, WarehouseChange change) {
    String name = change.name() == null || change.name().isBlank() ? old.name() : change.name();
    String size = change.clusterSize() == null ? old.clusterSize() : change.clusterSize();
    int min = change.minNumClusters() == null ? old.minNumClusters() : change.minNumClusters();
    int max =
        change.maxNumClusters() == null
            ? Math.max(min, old.maxNumClusters())
            : change.maxNumClusters();
    int autoStop = change.autoStopMins() == null ? old.autoStopMins() : change.autoStopMins();
    WarehouseSize.of(size);
    if (name.length() > LONGEST_NAME) {
      throw TarnException.invalid("name has more than " + LONGEST_NAME + " characters.");
    }
    if (min < 1 || max < min || max > MOST_CLUSTERS || autoStop < 0) {
      throw TarnException.invalid(
          "min_num_clusters must be at least 1, max_num_clusters no less than that and at most "
              + MOST_CLUSTERS
              + ", and auto_stop_mins 0 or more.");
    }
    if (change.warehouseType() != null && !TYPES.contains(change.warehouseType())) {
      throw TarnException.invalid("warehouse_type must be CLASSIC or PRO.");
    }
    return new Warehouse(
        old.id(),
        name,
        size,
        min,
        max,
        autoStop,
        old.creatorName(),
        old.stopped(),
        old.starter(),
        old.createdAt(),
        old.options().changed(change));
  }
}
