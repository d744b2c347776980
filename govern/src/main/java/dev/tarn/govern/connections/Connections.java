package dev.tarn.govern.connections;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.json.Json;
import dev.tarn.kernel.name.Names;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.platform.encryption.EncryptionKey;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * How other systems are reached, by name. A secret goes in and comes out again only to what reaches
 * the system with it.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/connections">Databricks REST:
 *     connections</a>
 */
public final class Connections {
  private final Jdbi jdbi;
  private final Grants grants;
  private final EncryptionKey key;
  private final ConnectionsStore store = new ConnectionsStore();

  public Connections(MetadataDatabase database, Grants grants, EncryptionKey key) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.key = key;
  }

  /**
   * What a connection is made of.
   *
   * @param type as the REST API names it, in any case
   * @param options secrets among them
   * @param comment or null
   */
  public record NewConnection(
      String name,
      String type,
      Map<String, String> options,
      Map<String, String> properties,
      String comment,
      boolean readOnly) {
    public NewConnection {
      options = options == null ? Map.of() : Map.copyOf(options);
      properties = properties == null ? Map.of() : Map.copyOf(properties);
    }

    /** Without the options, which may be secrets. */
    @Override
    public String toString() {
      return "NewConnection[name=" + name + ", type=" + type + "]";
    }
  }

  /**
   * Makes a connection; its owner is the principal. Whether it leads anywhere is not tried.
   *
   * @throws TarnException PERMISSION_DENIED without {@code CREATE CONNECTION};
   *     RESOURCE_ALREADY_EXISTS; INVALID_PARAMETER_VALUE
   */
  public Connection create(Principal principal, NewConnection made) {
    grants.require(principal, Privilege.CREATE_CONNECTION, Securable.METASTORE);
    String type = ConnectionOptions.type(made.type());
    ConnectionOptions.check(type, made.options());
    long now = System.currentTimeMillis();
    String by = principal.name().toLowerCase(Locale.ROOT);
    Connection connection =
        new Connection(
            UUID.randomUUID().toString(),
            Names.normalized(made.name()),
            type,
            part(made.options(), true),
            made.properties(),
            by,
            made.comment(),
            made.readOnly(),
            by,
            now,
            by,
            now);
    return grants.changing(
        handle -> {
          requireFree(handle, connection.name());
          store.insert(handle, connection, encrypted(connection.connectionId(), made.options()));
          grants.forget(handle, Securable.connection(connection.name()));
          return connection;
        });
  }

  private void requireFree(Handle handle, String name) {
    if (store.find(handle, name).isPresent()) {
      throw TarnException.alreadyExists("Connection", name);
    }
  }

  private static Map<String, String> part(Map<String, String> options, boolean shown) {
    Map<String, String> part = new TreeMap<>();
    options.forEach(
        (name, value) -> {
          if (ConnectionOptions.isShown(name) == shown) {
            part.put(name, value);
          }
        });
    return part;
  }

  private String encrypted(String id, Map<String, String> options) {
    Map<String, String> secrets = part(options, false);
    return secrets.isEmpty() ? null : key.encrypt(Json.string(secrets), id);
  }

  /**
   * @throws TarnException RESOURCE_DOES_NOT_EXIST also if the principal may not see it
   */
  public Connection get(Principal principal, String name) {
    String normalized = Names.normalized(name);
    return jdbi.withHandle(handle -> store.find(handle, normalized))
        .filter(connection -> sees(principal, connection))
        .orElseThrow(
            () ->
                TarnException.notFound(
                    ErrorCode.RESOURCE_DOES_NOT_EXIST, "Connection", normalized));
  }

  private boolean sees(Principal principal, Connection connection) {
    return grants.sees(principal, Securable.connection(connection.name()));
  }

  /** Those that the principal may see, by name. */
  public List<Connection> list(Principal principal) {
    return jdbi.withHandle(store::list).stream()
        .filter(connection -> sees(principal, connection))
        .toList();
  }

  /**
   * All options, secrets too: for what reaches the system on behalf of the principal.
   *
   * @throws TarnException PERMISSION_DENIED without {@code USE CONNECTION}; as {@link #get}
   */
  public Map<String, String> open(Principal principal, String name) {
    Connection connection = get(principal, name);
    grants.require(principal, Privilege.USE_CONNECTION, Securable.connection(connection.name()));
    return jdbi.withHandle(handle -> all(handle, connection));
  }

  /**
   * A connection with its secrets.
   *
   * @param type such as {@code POSTGRESQL}
   */
  public record Opened(String name, String type, Map<String, String> options) {
    /** Without the options, which may be secrets. */
    @Override
    public String toString() {
      return "Opened[name=" + name + ", type=" + type + "]";
    }
  }

  /**
   * As {@link #open}, for the catalogs that are made of it: who may read those needs no privilege
   * on the connection. No check.
   *
   * @throws TarnException RESOURCE_DOES_NOT_EXIST
   */
  public Opened opened(String id) {
    return jdbi.withHandle(
        handle -> {
          Connection connection =
              store
                  .byId(handle, id)
                  .orElseThrow(
                      () ->
                          TarnException.notFound(
                              ErrorCode.RESOURCE_DOES_NOT_EXIST, "Connection", id));
          return new Opened(
              connection.name(), connection.connectionType(), all(handle, connection));
        });
  }

  private Map<String, String> all(Handle handle, Connection connection) {
    Map<String, String> all = new TreeMap<>(connection.options());
    String id = connection.connectionId();
    store
        .secrets(handle, id)
        .ifPresent(text -> all.putAll(ConnectionsStore.map(key.decrypt(text, id))));
    return all;
  }

  /**
   * Changes a connection; needs ownership or {@code MANAGE}.
   *
   * @throws TarnException as {@link #get} and {@link #create}
   */
  public Connection update(Principal principal, String name, ConnectionChange change) {
    Connection old = get(principal, name);
    Securable securable = Securable.connection(old.name());
    grants.require(principal, Privilege.MANAGE, securable);
    change.options().ifPresent(options -> ConnectionOptions.check(old.connectionType(), options));
    Connection changed =
        new Connection(
            old.connectionId(),
            change.name().map(Names::normalized).orElse(old.name()),
            old.connectionType(),
            change.options().map(options -> part(options, true)).orElse(old.options()),
            old.properties(),
            change.owner().map(grants::requirePrincipal).orElse(old.owner()),
            change.comment().orElse(old.comment()),
            old.readOnly(),
            old.createdBy(),
            old.createdAt(),
            principal.name().toLowerCase(Locale.ROOT),
            System.currentTimeMillis());
    return grants.changing(
        handle -> {
          if (!changed.name().equals(old.name())) {
            requireFree(handle, changed.name());
            grants.moved(handle, securable, Securable.connection(changed.name()));
          }
          // Secrets stay only with the options that they were given with: another host gets none.
          String secrets =
              change.options().isPresent()
                  ? encrypted(old.connectionId(), change.options().get())
                  : store.secrets(handle, old.connectionId()).orElse(null);
          store.update(handle, changed, secrets);
          return changed;
        });
  }

  /**
   * Removes a connection, its secrets and its grants; needs ownership or {@code MANAGE}.
   *
   * @throws TarnException RESOURCE_CONFLICT if a catalog is of it
   */
  public void delete(Principal principal, String name) {
    Connection connection = get(principal, name);
    Securable securable = Securable.connection(connection.name());
    grants.require(principal, Privilege.MANAGE, securable);
    grants.changing(
        handle -> {
          store
              .catalog(handle, connection.connectionId())
              .ifPresent(
                  catalog -> {
                    throw new TarnException(
                        ErrorCode.RESOURCE_CONFLICT,
                        "2BP01",
                        "Connection '"
                            + connection.name()
                            + "' is used by catalog '"
                            + catalog
                            + "'. Drop that first.",
                        null);
                  });
          store.delete(handle, connection.connectionId());
          grants.forget(handle, securable);
          return null;
        });
  }
}
