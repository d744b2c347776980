package dev.tarn.govern.catalog;

import dev.tarn.govern.connections.Connection;
import dev.tarn.govern.connections.ConnectionOptions;
import dev.tarn.govern.connections.Connections;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.Map;
import java.util.Set;

/**
 * Catalogs whose tables lie in another system. What is in them, that system alone changes; who may
 * read it is decided here.
 *
 * @see ForeignMirror
 */
public final class ForeignCatalogs {
  /** Systems whose one server has databases, of which a catalog shows one. */
  private static final Set<String> BY_DATABASE =
      Set.of("BIGQUERY", "DATABRICKS", "POSTGRESQL", "REDSHIFT", "SNOWFLAKE", "SQLDW", "SQLSERVER");

  /** The one option of a catalog. */
  static final String DATABASE = "database";

  private static final Set<String> WITHOUT_TABLES = Set.of("HTTP", "POWER_BI");

  private final Grants grants;
  private final Catalogs catalogs;
  private final Connections connections;

  public ForeignCatalogs(Grants grants, Catalogs catalogs, Connections connections) {
    this.grants = grants;
    this.catalogs = catalogs;
    this.connections = connections;
  }

  /**
   * Makes a catalog of what a connection leads to; its owner is the principal.
   *
   * @param comment or null
   * @throws TarnException PERMISSION_DENIED without {@code CREATE CATALOG} on the metastore and
   *     {@code CREATE FOREIGN CATALOG} on the connection; RESOURCE_DOES_NOT_EXIST for the
   *     connection; RESOURCE_ALREADY_EXISTS; INVALID_PARAMETER_VALUE without the option {@code
   *     database} where there are such, and with any other
   */
  public CatalogInfo create(
      Principal principal,
      String name,
      String comment,
      Map<String, String> properties,
      String connection,
      Map<String, String> options) {
    Connection found = connections.get(principal, connection);
    grants.require(principal, Privilege.CREATE_FOREIGN_CATALOG, Securable.connection(found.name()));
    if (WITHOUT_TABLES.contains(found.connectionType())) {
      throw TarnException.invalid(
          "A connection of type " + found.connectionType() + " leads to no tables.");
    }
    requireOptions(options);
    if (BY_DATABASE.contains(found.connectionType()) && !names(options)) {
      throw TarnException.invalid(
          "A catalog of a connection of type "
              + found.connectionType()
              + " needs the option 'database'.");
    }
    return catalogs.createForeign(
        principal,
        name,
        comment,
        properties,
        new ForeignSource(found.connectionId(), found.name(), options));
  }

  static void requireOptions(Map<String, String> options) {
    ConnectionOptions.requireValues(options);
    options
        .keySet()
        .forEach(
            each -> {
              if (!DATABASE.equalsIgnoreCase(each)) {
                throw TarnException.invalid(
                    "Option '"
                        + each
                        + "' is none of a catalog, which has 'database' alone: where the other"
                        + " system is, and what opens it, is kept with the connection.");
              }
            });
  }

  /**
   * @param options all that it shall have
   * @throws TarnException INVALID_PARAMETER_VALUE if it would lose its database
   */
  static void requireKept(ForeignSource from, Map<String, String> options) {
    if (names(from.options()) && !names(options)) {
      throw TarnException.invalid(
          "A catalog of connection '"
              + from.connection()
              + "' needs the option 'database'. Give it with the others, or leave 'options' out.");
    }
  }

  private static boolean names(Map<String, String> options) {
    return options.keySet().stream().anyMatch(DATABASE::equalsIgnoreCase);
  }

  /** That nothing in it can be changed from here. */
  static TarnException readOnly(CatalogInfo catalog) {
    return new TarnException(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "42809",
        "Catalog '"
            + catalog.name()
            + "' is foreign: what is in it is read only, and belongs to the system that connection '"
            + catalog.foreign().map(ForeignSource::connection).orElse("")
            + "' leads to. Change it there, or use another catalog.",
        null);
  }
}
