package dev.tarn.govern.catalog;

import dev.tarn.govern.connections.Connections;
import dev.tarn.govern.grants.Grants;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.platform.database.Epoch;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;

/** Which catalogs are foreign, and how their systems are reached; kept until anything changes. */
final class ForeignSources {
  private static final int MOST_CATALOGS = 1_000;

  private final Jdbi jdbi;
  private final Grants grants;
  private final Connections connections;
  private final Set<String> types;
  private final CatalogStore catalogs = new CatalogStore();
  private final Epoch.Kept<String, Optional<CatalogInfo>> foreign;
  private final Epoch.Kept<CatalogInfo, ForeignAddress> addresses;

  /**
   * @param types of connections whose systems can be asked
   */
  ForeignSources(Jdbi jdbi, Grants grants, Connections connections, Set<String> types) {
    this.jdbi = jdbi;
    this.grants = grants;
    this.connections = connections;
    this.types = types;
    this.foreign = grants.kept(MOST_CATALOGS);
    this.addresses = grants.kept(MOST_CATALOGS);
  }

  /** A foreign catalog and how its system is reached. */
  record Source(CatalogInfo catalog, ForeignAddress at) {}

  /**
   * Empty if the catalog is not foreign.
   *
   * @throws TarnException NOT_IMPLEMENTED if its system cannot be asked
   */
  Optional<Source> source(String catalog) {
    long now = grants.epoch();
    return foreign(catalog, now)
        .map(info -> new Source(info, addresses.get(info, now, () -> address(info))));
  }

  Optional<CatalogInfo> foreign(String catalog) {
    return foreign(catalog, grants.epoch());
  }

  private Optional<CatalogInfo> foreign(String catalog, long now) {
    return foreign.get(
        catalog,
        now,
        () ->
            jdbi.withHandle(handle -> catalogs.catalog(handle, catalog))
                .filter(each -> each.foreign().isPresent()));
  }

  private ForeignAddress address(CatalogInfo catalog) {
    ForeignSource source = catalog.foreign().orElseThrow();
    Connections.Opened opened = connections.opened(source.connectionId());
    if (!types.contains(opened.type())) {
      throw new TarnException(
          ErrorCode.NOT_IMPLEMENTED,
          "0A000",
          "Catalog '"
              + catalog.name()
              + "' is foreign, and tables of systems of type "
              + opened.type()
              + " cannot be read yet. Load what is needed into a table of another catalog.",
          null);
    }
    Map<String, String> options = new TreeMap<>();
    opened.options().forEach((name, value) -> options.put(name.toLowerCase(Locale.ROOT), value));
    // Nothing else of it: its owner must not say where the connection's secrets go.
    source.options().entrySet().stream()
        .filter(each -> each.getKey().equalsIgnoreCase(ForeignCatalogs.DATABASE))
        .forEach(each -> options.put(ForeignCatalogs.DATABASE, each.getValue()));
    return new ForeignAddress(opened.name(), opened.type(), options);
  }
}
