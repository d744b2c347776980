package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.name.Names;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The catalogs that the server itself makes. They belong to {@link Grants#SYSTEM_USER}: whoever it
 * was granted to reads them, and nobody changes them.
 */
public final class ServerCatalogs {
  private final Jdbi jdbi;
  private final Grants grants;
  private final CatalogStore store = new CatalogStore();
  private final TablesStore tables = new TablesStore();

  public ServerCatalogs(MetadataDatabase database, Grants grants) {
    this.jdbi = database.jdbi();
    this.grants = grants;
  }

  /**
   * A catalog with what is in it.
   *
   * @param schemas their comments by name
   * @param tables in these schemas; their files need not be there yet
   * @param toEverybody privileges that all users have on all of it
   */
  public record Contents(
      String name,
      String comment,
      Map<String, String> schemas,
      List<NewTable> tables,
      Set<Privilege> toEverybody) {
    public Contents {
      name = Names.normalized(name);
      schemas = Map.copyOf(schemas);
      tables = List.copyOf(tables);
      toEverybody = Set.copyOf(toEverybody);
    }
  }

  /**
   * Enters what of it is not there yet, all of that or nothing. Does nothing if a user has a
   * catalog of this name.
   */
  public void enter(Contents contents) {
    Optional<CatalogInfo> existing = jdbi.withHandle(h -> store.catalog(h, contents.name()));
    if (existing.isPresent()
        && (!existing.get().owner().equals(Grants.SYSTEM_USER) || isComplete(contents))) {
      return;
    }
    grants.changing(
        handle -> {
          enter(handle, contents);
          return null;
        });
  }

  private boolean isComplete(Contents contents) {
    return jdbi.withHandle(
        handle ->
            contents.schemas().keySet().stream()
                    .allMatch(name -> store.schema(handle, schema(contents, name)).isPresent())
                && contents.tables().stream()
                    .allMatch(table -> tables.find(handle, table.name()).isPresent()));
  }

  private void enter(Handle handle, Contents contents) {
    long now = System.currentTimeMillis();
    Securable securable = Securable.catalog(contents.name());
    boolean entered =
        store.insert(
            handle,
            new CatalogInfo(
                UUID.randomUUID().toString(),
                contents.name(),
                Grants.SYSTEM_USER,
                contents.comment(),
                Map.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                Grants.SYSTEM_USER,
                now,
                Grants.SYSTEM_USER,
                now));
    if (entered) {
      grants.forget(handle, securable);
    } else if (!store
        .catalog(handle, contents.name())
        .map(CatalogInfo::owner)
        .equals(Optional.of(Grants.SYSTEM_USER))) {
      return;
    }
    grants.enter(handle, securable, Grants.EVERYBODY, contents.toEverybody());
    contents
        .schemas()
        .forEach(
            (name, comment) ->
                store.insert(
                    handle,
                    new SchemaInfo(
                        UUID.randomUUID().toString(),
                        schema(contents, name),
                        Grants.SYSTEM_USER,
                        comment,
                        Map.of(),
                        Grants.SYSTEM_USER,
                        now,
                        Grants.SYSTEM_USER,
                        now)));
    contents.tables().forEach(table -> tables.insert(handle, info(table, now)));
  }

  private static SchemaName schema(Contents contents, String name) {
    return new SchemaName(contents.name(), name);
  }

  private static TableInfo info(NewTable table, long now) {
    return new TableInfo(
        UUID.randomUUID().toString(),
        table.name(),
        table.tableType(),
        table.dataSourceFormat(),
        table.storageLocation(),
        Grants.SYSTEM_USER,
        table.comment(),
        table.columns(),
        table.properties(),
        table.viewDefinition(),
        table.viewContext(),
        now,
        now);
  }
}
