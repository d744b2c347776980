package dev.tarn.govern.catalog;

import dev.tarn.kernel.name.EntityName;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Names of what clients know by its id. No checks: for those who check themselves. */
public final class CatalogIds {
  private final Jdbi jdbi;

  public CatalogIds(MetadataDatabase database) {
    this.jdbi = database.jdbi();
  }

  public Optional<EntityName> table(String id) {
    return name("tables WHERE table_id = :id", id);
  }

  public Optional<EntityName> volume(String id) {
    return name("volumes WHERE volume_id = :id", id);
  }

  private Optional<EntityName> name(String where, String id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT catalog_name, schema_name, name FROM " + where)
                .bind("id", id)
                .map(
                    (rows, context) ->
                        new EntityName(rows.getString(1), rows.getString(2), rows.getString(3)))
                .findOne());
  }
}
