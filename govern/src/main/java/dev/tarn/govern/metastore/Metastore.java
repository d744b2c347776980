package dev.tarn.govern.metastore;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.Names;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The one metastore of the deployment; its administrators own it. */
public final class Metastore {
  private static final String FIRST_NAME = "tarn";

  private final Jdbi jdbi;
  private volatile String id;

  public Metastore(MetadataDatabase database) {
    this.jdbi = database.jdbi();
  }

  /** The same ever after. */
  public String id() {
    if (id == null) {
      id = get().metastoreId();
    }
    return id;
  }

  /** What everybody may know of it. */
  public MetastoreInfo get() {
    return jdbi.withHandle(this::find)
        .orElseGet(
            () ->
                jdbi.inTransaction(
                    handle -> {
                      insert(handle);
                      return find(handle).orElseThrow();
                    }));
  }

  private void insert(Handle handle) {
    handle
        .createUpdate(
            "INSERT INTO metastore (singleton, metastore_id, name, external_access_enabled,"
                + " created_at, updated_at) VALUES (1, :id, :name, 0, :at, :at)"
                + " ON CONFLICT DO NOTHING")
        .bind("id", UUID.randomUUID().toString())
        .bind("name", FIRST_NAME)
        .bind("at", System.currentTimeMillis())
        .execute();
  }

  private Optional<MetastoreInfo> find(Handle handle) {
    return handle
        .createQuery("SELECT * FROM metastore")
        .map(
            (rows, context) ->
                new MetastoreInfo(
                    rows.getString("metastore_id"),
                    rows.getString("name"),
                    rows.getInt("external_access_enabled") != 0,
                    rows.getLong("created_at"),
                    rows.getString("updated_by"),
                    rows.getLong("updated_at")))
        .findOne();
  }

  /**
   * @throws TarnException RESOURCE_DOES_NOT_EXIST unless it is the id of the metastore
   */
  public void requireId(String asked) {
    if (!id().equals(asked)) {
      throw new TarnException(
          ErrorCode.RESOURCE_DOES_NOT_EXIST,
          "Metastore '" + asked + "' does not exist. There is one: '" + id() + "'.");
    }
  }

  /**
   * Changes name or external access; what is empty stays.
   *
   * @throws TarnException PERMISSION_DENIED unless by an administrator
   */
  public MetastoreInfo update(
      Principal principal, Optional<String> name, Optional<Boolean> externalAccess) {
    if (!principal.administrator()) {
      throw TarnException.permissionDenied(
          principal.name(), "to be an administrator", "the metastore");
    }
    MetastoreInfo old = get();
    jdbi.useTransaction(
        handle ->
            handle
                .createUpdate(
                    "UPDATE metastore SET name = :name, external_access_enabled = :access,"
                        + " updated_by = :by, updated_at = :at")
                .bind("name", name.map(Names::normalized).orElse(old.name()))
                .bind("access", externalAccess.orElse(old.externalAccess()) ? 1 : 0)
                .bind("by", principal.name().toLowerCase(Locale.ROOT))
                .bind("at", System.currentTimeMillis())
                .execute());
    return get();
  }
}
