package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.database.Epoch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The tables of a schema that somebody may see. Names come first, then whatever decides who sees
 * them, in a few statements, and the tables themselves only as far as they are shown.
 */
final class TableListing {
  private static final int LEAST_BATCH = 200;

  private final Jdbi jdbi;
  private final Grants grants;
  private final CatalogStore catalogs;
  private final TablesStore store;
  private final Epoch.Kept<EntityName, Optional<TableInfo>> found;

  TableListing(
      Jdbi jdbi,
      Grants grants,
      CatalogStore catalogs,
      TablesStore store,
      Epoch.Kept<EntityName, Optional<TableInfo>> found) {
    this.jdbi = jdbi;
    this.grants = grants;
    this.catalogs = catalogs;
    this.store = store;
    this.found = found;
  }

  /** As {@link Tables#find}. */
  Optional<TableInfo> find(EntityName name) {
    return jdbi.withHandle(handle -> store.find(handle, name));
  }

  /**
   * @param after the name that the page before ended with; empty for the first
   * @param size at most
   * @param shown of those that the principal may see
   */
  TablePage page(
      Principal principal, SchemaName schema, String after, int size, Predicate<EntityName> shown) {
    return jdbi.withHandle(
        handle -> {
          catalogs.requireSchema(handle, schema);
          long now = grants.epoch();
          List<EntityName> names = new ArrayList<>();
          String from = after;
          while (names.size() <= size) {
            // One more than is asked for tells whether there is a next page.
            int batch = (int) Math.max(LEAST_BATCH, size + 1L - names.size());
            Map<EntityName, String> owners = store.owners(handle, schema, from, batch);
            for (EntityName name :
                visible(handle, principal, Securable.schema(schema), owners, now)) {
              if (shown.test(name)) {
                names.add(name);
              }
            }
            if (owners.size() < batch) {
              break;
            }
            from = List.copyOf(owners.keySet()).get(owners.size() - 1).name();
          }
          boolean more = names.size() > size;
          List<EntityName> page = more ? names.subList(0, size) : names;
          return new TablePage(
              read(handle, schema, page, now),
              more ? Optional.of(page.get(size - 1).name()) : Optional.empty());
        });
  }

  /** All that the principal may see. */
  List<TableSummary> summaries(Principal principal, SchemaName schema) {
    return jdbi.withHandle(
        handle -> {
          catalogs.requireSchema(handle, schema);
          long now = grants.epoch();
          Map<EntityName, TableSummary> all = new LinkedHashMap<>();
          store.summaries(handle, schema).forEach(each -> all.put(each.name(), each));
          Map<EntityName, String> owners = new LinkedHashMap<>();
          all.forEach((name, each) -> owners.put(name, each.owner()));
          return visible(handle, principal, Securable.schema(schema), owners, now).stream()
              .map(all::get)
              .toList();
        });
  }

  private List<EntityName> visible(
      Handle handle,
      Principal principal,
      Securable schema,
      Map<EntityName, String> owners,
      long now) {
    if (grants.seesAll(principal, schema, SecurableType.TABLE)) {
      return List.copyOf(owners.keySet());
    }
    Map<Securable, String> securables = new LinkedHashMap<>();
    owners.forEach((name, owner) -> securables.put(Securable.table(name), owner));
    grants.prepare(handle, principal, securables, now);
    return owners.keySet().stream()
        .filter(name -> grants.sees(principal, Securable.table(name)))
        .toList();
  }

  /** What has gone meanwhile is left out. */
  private List<TableInfo> read(Handle handle, SchemaName schema, List<EntityName> names, long now) {
    Set<String> missing = new HashSet<>();
    for (EntityName name : names) {
      if (!found.has(name, now)) {
        missing.add(name.name());
      }
    }
    Map<EntityName, TableInfo> read = new LinkedHashMap<>();
    if (!missing.isEmpty()) {
      store
          .among(
              handle,
              schema,
              names.get(0).name(),
              names.get(names.size() - 1).name(),
              missing::contains)
          .forEach(
              table -> {
                read.put(table.name(), table);
                found.put(table.name(), now, Optional.of(table));
              });
    }
    List<TableInfo> tables = new ArrayList<>();
    for (EntityName name : names) {
      Optional.ofNullable(read.get(name))
          .or(() -> found.get(name, now, () -> store.find(handle, name)))
          .ifPresent(tables::add);
    }
    return tables;
  }
}
