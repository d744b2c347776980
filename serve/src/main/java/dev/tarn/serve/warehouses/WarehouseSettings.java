package dev.tarn.serve.warehouses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.json.Json;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** What holds for all warehouses of the workspace, and which one each user gets by default. */
public final class WarehouseSettings {
  private static final String WORKSPACE = "workspace";
  private static final int LONGEST = 100_000;
  private static final String DEFAULTS =
      "{\"security_policy\":\"DATA_ACCESS_CONTROL\",\"enabled_warehouse_types\":["
          + "{\"warehouse_type\":\"CLASSIC\",\"enabled\":true},"
          + "{\"warehouse_type\":\"PRO\",\"enabled\":true}],"
          + "\"sql_configuration_parameters\":{\"configuration_pairs\":[]}}";

  private final Jdbi jdbi;
  private final Warehouses warehouses;
  private final WarehousesStore store = new WarehousesStore();

  public WarehouseSettings(MetadataDatabase database, Warehouses warehouses) {
    this.jdbi = database.jdbi();
    this.warehouses = warehouses;
  }

  /** The workspace's configuration; kept and given back, but nothing here depends on it. */
  public JsonNode workspace() {
    return Json.tree(jdbi.withHandle(h -> store.setting(h, WORKSPACE)).orElse(DEFAULTS));
  }

  /**
   * Changes the fields that are given.
   *
   * @throws TarnException PERMISSION_DENIED unless an administrator; INVALID_PARAMETER_VALUE
   */
  public void change(Principal principal, JsonNode given) {
    if (!principal.administrator()) {
      throw TarnException.permissionDenied(
          principal.name(), "the right to change the configuration", "SQL warehouses");
    }
    if (!(given instanceof ObjectNode fields) || fields.toString().length() > LONGEST) {
      throw TarnException.invalid(
          "The configuration must be an object of at most " + LONGEST + " characters.");
    }
    ObjectNode whole = (ObjectNode) workspace();
    whole.setAll(fields);
    jdbi.useTransaction(handle -> store.set(handle, WORKSPACE, whole.toString()));
  }

  /** One's own; all of them for administrators. */
  public List<WarehouseOverride> overrides(Principal principal) {
    return jdbi.withHandle(store::overrides).stream()
        .filter(
            o -> principal.administrator() || o.defaultWarehouseOverrideId().equals(key(principal)))
        .toList();
  }

  /**
   * @param id a user's name, or {@code me}
   * @throws TarnException RESOURCE_DOES_NOT_EXIST; PERMISSION_DENIED for somebody else's
   */
  public WarehouseOverride override(Principal principal, String id) {
    String key = key(principal, id);
    return find(key)
        .orElseThrow(
            () ->
                new TarnException(
                    ErrorCode.RESOURCE_DOES_NOT_EXIST,
                    "User '" + key + "' has chosen no default warehouse."));
  }

  private Optional<WarehouseOverride> find(String key) {
    return jdbi.withHandle(store::overrides).stream()
        .filter(o -> o.defaultWarehouseOverrideId().equals(key))
        .findFirst();
  }

  /**
   * @param mayExist whether one that is there is changed
   * @param mayLack whether one that is not there is made
   */
  public WarehouseOverride override(
      Principal principal, String id, WarehouseOverride given, boolean mayExist, boolean mayLack) {
    String key = key(principal, id);
    boolean there = find(key).isPresent();
    if (there && !mayExist) {
      throw TarnException.alreadyExists("Default warehouse override", key);
    }
    if (!there && !mayLack) {
      return override(principal, id);
    }
    boolean custom = "CUSTOM".equals(given.type());
    if (!custom && !"LAST_SELECTED".equals(given.type())
        || custom != (given.warehouseId() != null)) {
      throw TarnException.invalid(
          "type must be CUSTOM with a warehouse_id, or LAST_SELECTED without one.");
    }
    String warehouse = custom ? warehouses.get(principal, given.warehouseId()).id() : null;
    WarehouseOverride made = WarehouseOverride.of(key, given.type(), warehouse);
    jdbi.useTransaction(handle -> store.override(handle, made));
    return made;
  }

  public void removeOverride(Principal principal, String id) {
    override(principal, id);
    jdbi.useTransaction(handle -> store.removeOverride(handle, key(principal, id)));
  }

  private static String key(Principal principal) {
    return principal.name().toLowerCase(Locale.ROOT);
  }

  private static String key(Principal principal, String id) {
    if (id == null || id.isBlank() || id.length() > 255) {
      throw TarnException.invalid("default_warehouse_override_id must be a user's name, or 'me'.");
    }
    String key = id.equals("me") ? key(principal) : id.toLowerCase(Locale.ROOT);
    if (!key.equals(key(principal)) && !principal.administrator()) {
      throw TarnException.permissionDenied(
          principal.name(), "the right to see or change", "the default warehouse of '" + key + "'");
    }
    return key;
  }
}
