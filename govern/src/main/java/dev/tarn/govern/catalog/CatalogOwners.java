package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Owners;
import dev.tarn.govern.grants.Reach;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.kernel.name.EntityName;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** Tells grants who owns catalogs, schemas, tables and volumes. */
public final class CatalogOwners implements Owners {
  private final BiFunction<Handle, Securable, Reach> bound;
  private final Supplier<ForeignMirror> foreign;

  /**
   * @param bound how far the workspace reaches something that is isolated
   * @param foreign looks for what other systems have
   */
  public CatalogOwners(
      BiFunction<Handle, Securable, Reach> bound, Supplier<ForeignMirror> foreign) {
    this.bound = bound;
    this.foreign = foreign;
  }

  @Override
  public void seek(Securable securable) {
    if (securable.type() == SecurableType.SCHEMA) {
      foreign.get().schemas(securable.fullName().split("\\.", -1)[0]);
    } else if (securable.type() == SecurableType.TABLE) {
      foreign.get().table(EntityName.parse(securable.fullName()));
    }
  }

  @Override
  public Reach reach(Handle handle, Securable securable) {
    String table =
        switch (securable.type()) {
          case CATALOG -> "catalogs";
          case STORAGE_CREDENTIAL -> "credentials";
          case EXTERNAL_LOCATION -> "external_locations";
          default -> "";
        };
    return !table.isEmpty()
            && handle
                .select("SELECT isolated FROM " + table + " WHERE name = ?", securable.fullName())
                .mapTo(Integer.class)
                .findOne()
                .filter(isolated -> isolated != 0)
                .isPresent()
        ? bound.apply(handle, securable)
        : Reach.ALL;
  }

  @Override
  public Optional<String> ownerOf(Handle handle, Securable securable) {
    String[] parts = securable.fullName().split("\\.", -1);
    return switch (securable.type()) {
      case CATALOG -> owner(handle, "SELECT owner FROM catalogs WHERE name = ?", parts);
      case SCHEMA ->
          owner(handle, "SELECT owner FROM schemas WHERE catalog_name = ? AND name = ?", parts);
      case TABLE -> entity(handle, "tables", EntityName.parse(securable.fullName()));
      case FUNCTION ->
          entity(handle, "functions", EntityName.parse(securable.fullName()))
              .or(
                  () ->
                      entity(handle, "registered_models", EntityName.parse(securable.fullName())));
      case VOLUME -> entity(handle, "volumes", EntityName.parse(securable.fullName()));
      case EXTERNAL_LOCATION ->
          owner(handle, "SELECT owner FROM external_locations WHERE name = ?", parts);
      case STORAGE_CREDENTIAL ->
          owner(handle, "SELECT owner FROM credentials WHERE name = ?", parts);
      case CONNECTION -> owner(handle, "SELECT owner FROM connections WHERE name = ?", parts);
      case METASTORE -> Optional.empty();
    };
  }

  private static Optional<String> entity(Handle handle, String table, EntityName name) {
    return owner(
        handle,
        "SELECT owner FROM " + table + " WHERE catalog_name = ? AND schema_name = ? AND name = ?",
        name.catalog(),
        name.schema(),
        name.name());
  }

  private static Optional<String> owner(Handle handle, String sql, String... parts) {
    return handle.select(sql, (Object[]) parts).mapTo(String.class).findOne();
  }
}
