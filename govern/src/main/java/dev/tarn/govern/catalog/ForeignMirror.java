package dev.tarn.govern.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tarn.govern.connections.Connections;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.Names;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.database.MetadataDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Registers in foreign catalogs what the other systems have, when somebody asks for it. A table is
 * governed by its registration, as any other; what it has now its system is asked for once in a
 * while. What holds for everybody holds here: who asks was checked before.
 */
public final class ForeignMirror {
  private static final Duration FRESH = Duration.ofSeconds(30);
  private static final int MOST_KEPT = 10_000;

  /** Of those whose names differ by case alone, which are one here. */
  private static final Comparator<ForeignTable> PREFERRED =
      Comparator.<ForeignTable, Boolean>comparing(table -> !isLower(table.schema()))
          .thenComparing(table -> !isLower(table.name()));

  private final Jdbi jdbi;
  private final Grants grants;
  private final ForeignMetadata metadata;
  private final CatalogStore catalogs = new CatalogStore();
  private final TablesStore store = new TablesStore();
  private final ForeignSources sources;

  /** What a system was asked; a connection or catalog that has changed since is another. */
  private record Asked(ForeignAddress at, String catalogId, String schema, String table) {}

  private final Cache<Asked, ForeignTable> tables =
      Caffeine.newBuilder().expireAfterWrite(FRESH).maximumSize(MOST_KEPT).build();

  /** What there is no more to know of: catalogs and schemas with all in them, tables not there. */
  private final Cache<Asked, Boolean> listed =
      Caffeine.newBuilder().expireAfterWrite(FRESH).maximumSize(MOST_KEPT).build();

  public ForeignMirror(
      MetadataDatabase database, Grants grants, Connections connections, ForeignMetadata metadata) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.metadata = metadata;
    this.sources = new ForeignSources(jdbi, grants, connections, metadata.types());
  }

  /**
   * A table and how to reach it.
   *
   * @param table as its system had it a moment ago
   */
  public record Found(ForeignTable table, ForeignAddress at) {}

  public boolean isForeign(String catalog) {
    return sources.foreign(catalog).isPresent();
  }

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE if nothing can be made in the catalog, since it
   *     is foreign
   */
  public void requireOwn(String catalog) {
    sources
        .foreign(catalog)
        .ifPresent(
            each -> {
              throw ForeignCatalogs.readOnly(each);
            });
  }

  /**
   * Has the schemas of a foreign catalog registered; does nothing in any other.
   *
   * @throws TarnException as {@link ForeignMetadata#schemas}
   */
  public void schemas(String catalog) {
    Optional<ForeignSources.Source> source = sources.source(catalog);
    if (source.isEmpty()) {
      return;
    }
    ForeignAddress at = source.get().at();
    CatalogInfo info = source.get().catalog();
    Asked asked = new Asked(at, info.catalogId(), "", "");
    if (listed.getIfPresent(asked) != null) {
      return;
    }
    Set<String> there = new HashSet<>();
    metadata.schemas(at).forEach(name -> stored(name).ifPresent(there::add));
    List<String> known =
        jdbi.withHandle(handle -> catalogs.schemas(handle, catalog)).stream()
            .map(schema -> schema.name().schema())
            .toList();
    List<String> gone = known.stream().filter(name -> !there.contains(name)).toList();
    there.removeAll(known);
    if (!there.isEmpty() || !gone.isEmpty()) {
      grants.changing(
          handle -> {
            there.forEach(name -> insert(handle, info, new SchemaName(catalog, name)));
            gone.forEach(name -> remove(handle, new SchemaName(catalog, name)));
            return null;
          });
    }
    listed.put(asked, true);
  }

  private void insert(Handle handle, CatalogInfo catalog, SchemaName name) {
    long now = System.currentTimeMillis();
    String by = catalog.owner();
    if (catalogs.insert(
        handle,
        new SchemaInfo(UUID.randomUUID().toString(), name, by, null, Map.of(), by, now, by, now))) {
      grants.forget(handle, Securable.schema(name));
    }
  }

  /** What somebody has said about it holds again, should it come back. */
  private void remove(Handle handle, SchemaName name) {
    if (catalogs.isEmpty(handle, name) && grants.untouched(handle, Securable.schema(name))) {
      catalogs.deleteSchema(handle, name);
    }
  }

  /** As for schemas: a table that is made anew each night keeps its filter. */
  private void removeGone(SchemaName schema, Set<EntityName> there) {
    List<TableInfo> gone =
        jdbi.withHandle(handle -> store.list(handle, schema)).stream()
            .filter(table -> !there.contains(table.name()) && table.filters().none())
            .toList();
    if (!gone.isEmpty()) {
      grants.changing(
          handle -> {
            gone.stream()
                .filter(table -> grants.untouched(handle, Securable.table(table.name())))
                .forEach(table -> store.delete(handle, table.name()));
            return null;
          });
    }
  }

  /** What cannot be a name here is not shown. */
  private static Optional<String> stored(String name) {
    try {
      return Optional.of(Names.normalized(name));
    } catch (TarnException e) {
      return Optional.empty();
    }
  }

  /**
   * Has the tables of a schema registered; does nothing in a catalog that is not foreign.
   *
   * @throws TarnException as {@link ForeignMetadata#tables}
   */
  public void tables(SchemaName schema) {
    Optional<ForeignSources.Source> source = sources.source(schema.catalog());
    if (source.isEmpty()) {
      return;
    }
    ForeignAddress at = source.get().at();
    CatalogInfo info = source.get().catalog();
    Asked asked = new Asked(at, info.catalogId(), schema.schema(), "");
    if (listed.getIfPresent(asked) != null) {
      return;
    }
    Map<EntityName, ForeignTable> there = new TreeMap<>((a, b) -> a.name().compareTo(b.name()));
    for (ForeignTable table : metadata.tables(at, schema.schema())) {
      stored(table.name())
          .map(schema::child)
          .ifPresent(name -> there.merge(name, table, BinaryOperator.minBy(PREFERRED)));
    }
    register(source.get(), there);
    removeGone(schema, there.keySet());
    there.forEach((name, table) -> tables.put(asked(at, info, name), table));
    listed.put(asked, true);
  }

  private static boolean isLower(String name) {
    return stored(name).filter(name::equals).isPresent();
  }

  private static Asked asked(ForeignAddress at, CatalogInfo catalog, EntityName name) {
    return new Asked(at, catalog.catalogId(), name.schema(), name.name());
  }

  /**
   * A table as its system has it now, or had or lacked it a moment ago; it is registered
   * afterwards.
   *
   * @return empty if there is none, or the catalog is not foreign
   * @throws TarnException as {@link ForeignMetadata#table}
   */
  public Optional<Found> table(EntityName name) {
    Optional<ForeignSources.Source> source = sources.source(name.catalog());
    if (source.isEmpty()) {
      return Optional.empty();
    }
    ForeignAddress at = source.get().at();
    Asked asked = asked(at, source.get().catalog(), name);
    ForeignTable known = tables.getIfPresent(asked);
    if (known != null) {
      return Optional.of(new Found(known, at));
    }
    if (listed.getIfPresent(asked) != null) {
      return Optional.empty();
    }
    Optional<ForeignTable> table =
        metadata.table(at, name.schema(), name.name()).stream()
            .reduce(BinaryOperator.minBy(PREFERRED));
    table.ifPresentOrElse(
        found -> {
          register(source.get(), Map.of(name, found));
          tables.put(asked, found);
        },
        () -> listed.put(asked, true));
    return table.map(found -> new Found(found, at));
  }

  /** Has a table looked for again that was not there a moment ago. */
  public void seekAgain(EntityName name) {
    listed
        .asMap()
        .keySet()
        .removeIf(
            asked -> asked.schema().equals(name.schema()) && asked.table().equals(name.name()));
  }

  /**
   * Asks for a table again.
   *
   * @throws TarnException INVALID_PARAMETER_VALUE if its catalog is not foreign; as {@link #table}
   */
  public void refresh(EntityName name) {
    forget(
        requireForeign(name.catalog()),
        asked -> asked.schema().equals(name.schema()) && asked.table().equals(name.name()));
    table(name);
  }

  /**
   * Asks for the tables of a schema again.
   *
   * @throws TarnException as the other
   */
  public void refresh(SchemaName schema) {
    forget(requireForeign(schema.catalog()), asked -> asked.schema().equals(schema.schema()));
    tables(schema);
  }

  /**
   * Asks for the schemas of a catalog again, and forgets what is known of their tables.
   *
   * @throws TarnException as the other
   */
  public void refresh(CatalogInfo catalog) {
    forget(requireForeign(catalog.name()), asked -> true);
    schemas(catalog.name());
  }

  private CatalogInfo requireForeign(String catalog) {
    return sources
        .foreign(catalog)
        .orElseThrow(
            () ->
                TarnException.invalid(
                    "Catalog '"
                        + catalog
                        + "' is not foreign: what is in it is known as it is. Leave REFRESH out."));
  }

  private void forget(CatalogInfo catalog, Predicate<Asked> which) {
    Predicate<Asked> gone =
        asked -> asked.catalogId().equals(catalog.catalogId()) && which.test(asked);
    tables.asMap().keySet().removeIf(gone);
    listed.asMap().keySet().removeIf(gone);
  }

  private void register(ForeignSources.Source source, Map<EntityName, ForeignTable> there) {
    List<EntityName> changed = new ArrayList<>();
    jdbi.useHandle(
        handle ->
            there.forEach(
                (name, table) -> {
                  if (store
                      .find(handle, name)
                      .filter(known -> known.columns().equals(table.shown()))
                      .isEmpty()) {
                    changed.add(name);
                  }
                }));
    if (changed.isEmpty()) {
      return;
    }
    grants.changing(
        handle -> {
          for (EntityName name : changed) {
            insert(handle, source.catalog(), name.parent());
            register(handle, source, name, there.get(name));
          }
          return null;
        });
  }

  /** Tags of columns that are gone stay, as a column that comes back must be masked. */
  private void register(
      Handle handle, ForeignSources.Source source, EntityName name, ForeignTable table) {
    long now = System.currentTimeMillis();
    Optional<TableInfo> known = store.find(handle, name);
    if (known.isEmpty()) {
      store.insert(
          handle,
          new TableInfo(
              UUID.randomUUID().toString(),
              name,
              TableType.FOREIGN,
              source.at().type() + "_FORMAT",
              null,
              source.catalog().owner(),
              table.comment(),
              table.shown(),
              Map.of(),
              null,
              null,
              now,
              now));
      grants.forget(handle, Securable.table(name));
      return;
    }
    TableInfo old = known.get();
    store.update(
        handle,
        new TableInfo(
            old.tableId(),
            name,
            TableType.FOREIGN,
            old.dataSourceFormat(),
            null,
            old.owner(),
            old.comment(),
            table.shown(),
            old.properties(),
            null,
            null,
            old.createdAt(),
            now,
            old.filters()));
  }
}
