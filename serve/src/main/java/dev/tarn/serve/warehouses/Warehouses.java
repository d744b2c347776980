package dev.tarn.serve.warehouses;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.MetadataDatabase;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/**
 * SQL warehouses: what statements and sessions are addressed to. Everybody may use and list them;
 * administrators and a warehouse's creator may change it.
 */
public final class Warehouses {
  private static final String DEFAULT = "default";
  private static final Set<String> SIZES =
      Set.of(
          "2X-Small",
          "X-Small",
          "Small",
          "Medium",
          "Large",
          "X-Large",
          "2X-Large",
          "3X-Large",
          "4X-Large");

  private final Jdbi jdbi;
  private final SecureRandom random = new SecureRandom();
  private final WarehousesStore store = new WarehousesStore();

  public Warehouses(MetadataDatabase database) {
    this.jdbi = database.jdbi();
  }

  /** Makes the starter warehouse at first start. */
  public void bootstrap(String creatorName) {
    jdbi.useTransaction(
        handle -> {
          if (store.list(handle).isEmpty()) {
            store.insert(
                handle,
                new Warehouse(
                    newId(),
                    "Starter Warehouse",
                    "Small",
                    1,
                    1,
                    0,
                    creatorName,
                    false,
                    true,
                    System.currentTimeMillis()));
          }
        });
  }

  public List<Warehouse> list() {
    return jdbi.withHandle(store::list);
  }

  /**
   * @param id or {@code default} for the starter warehouse
   * @throws TarnException RESOURCE_DOES_NOT_EXIST
   */
  public Warehouse get(String id) {
    if (id == null || id.isBlank()) {
      throw TarnException.invalid(
          "warehouse_id is missing. Name a warehouse, such as 'default'; list them with GET"
              + " /api/2.0/sql/warehouses.");
    }
    Optional<Warehouse> found =
        jdbi.withHandle(
            handle -> id.equals(DEFAULT) ? store.starter(handle) : store.find(handle, id));
    return found.orElseThrow(
        () ->
            new TarnException(
                ErrorCode.RESOURCE_DOES_NOT_EXIST,
                "SQL warehouse '"
                    + id
                    + "' does not exist. List them with GET /api/2.0/sql/warehouses, or use"
                    + " 'default'."));
  }

  /** The warehouse to run something on; a stopped one wakes up. */
  public Warehouse require(String id) {
    Warehouse warehouse = get(id);
    return warehouse.stopped() ? save(warehouse.withStopped(false)) : warehouse;
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
        changed(
            new Warehouse(
                newId(),
                request.name(),
                "Small",
                1,
                1,
                0,
                principal.name(),
                false,
                false,
                System.currentTimeMillis()),
            request);
    boolean inserted = jdbi.inTransaction(handle -> store.insert(handle, warehouse));
    if (!inserted) {
      throw TarnException.alreadyExists("SQL warehouse", request.name());
    }
    return warehouse;
  }

  public Warehouse edit(Principal principal, String id, WarehouseChange request) {
    Warehouse warehouse = changed(manageable(principal, id), request);
    boolean taken =
        list().stream()
            .anyMatch(w -> w.name().equals(warehouse.name()) && !w.id().equals(warehouse.id()));
    if (taken) {
      throw TarnException.alreadyExists("SQL warehouse", warehouse.name());
    }
    return save(warehouse);
  }

  public Warehouse start(Principal principal, String id) {
    return save(manageable(principal, id).withStopped(false));
  }

  public Warehouse stop(Principal principal, String id) {
    return save(manageable(principal, id).withStopped(true));
  }

  public void delete(Principal principal, String id) {
    Warehouse warehouse = manageable(principal, id);
    if (warehouse.starter()) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "The starter warehouse cannot be deleted: clients find it under 'default'. Stop it"
              + " instead.");
    }
    jdbi.useTransaction(handle -> store.delete(handle, warehouse.id()));
  }

  private Warehouse manageable(Principal principal, String id) {
    Warehouse warehouse = get(id);
    if (!principal.administrator() && !warehouse.creatorName().equals(principal.name())) {
      throw TarnException.permissionDenied(
          principal.name(), "CAN MANAGE", "SQL warehouse '" + warehouse.name() + "'");
    }
    return warehouse;
  }

  private Warehouse save(Warehouse warehouse) {
    jdbi.useTransaction(handle -> store.update(handle, warehouse));
    return warehouse;
  }

  private static Warehouse changed(Warehouse old, WarehouseChange change) {
    String size = change.clusterSize() == null ? old.clusterSize() : change.clusterSize();
    int min = change.minNumClusters() == null ? old.minNumClusters() : change.minNumClusters();
    int max = change.maxNumClusters() == null ? old.maxNumClusters() : change.maxNumClusters();
    int autoStop = change.autoStopMins() == null ? old.autoStopMins() : change.autoStopMins();
    if (!SIZES.contains(size)) {
      throw TarnException.invalid(
          "cluster_size '" + size + "' is not known. Use 2X-Small, X-Small, Small … 4X-Large.");
    }
    if (min < 1 || max < min || autoStop < 0) {
      throw TarnException.invalid(
          "min_num_clusters must be at least 1, max_num_clusters no less than that, and"
              + " auto_stop_mins 0 or more.");
    }
    return new Warehouse(
        old.id(),
        change.name() == null || change.name().isBlank() ? old.name() : change.name(),
        size,
        min,
        max,
        autoStop,
        old.creatorName(),
        old.stopped(),
        old.starter(),
        old.createdAt());
  }

  private String newId() {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
