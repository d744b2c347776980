package dev.tarn.govern.quotas;

import dev.tarn.govern.catalog.CatalogInfo;
import dev.tarn.govern.catalog.Catalogs;
import dev.tarn.govern.catalog.SchemaInfo;
import dev.tarn.govern.catalog.Schemas;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;

/**
 * How many securables there are of each kind. Nothing is refused for there being too many.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/resourcequotas">Databricks REST: resource
 *     quotas</a>
 */
public final class Quotas {
  /** What the API calls a limit: more than anybody has. */
  public static final int LIMIT = Integer.MAX_VALUE;

  private static final Map<String, String> OF_METASTORE =
      new TreeMap<>(
          Map.of(
              "catalog-quota", "catalogs",
              "connection-quota", "connections",
              "external-location-quota", "external_locations",
              "schema-quota", "schemas",
              "storage-credential-quota", "credentials",
              "table-quota", "tables",
              "volume-quota", "volumes",
              "function-quota", "functions",
              "registered-model-quota", "registered_models"));
  private static final Map<String, String> OF_CATALOG =
      new TreeMap<>(Map.of("schema-quota", "schemas", "table-quota", "tables"));
  private static final Map<String, String> OF_SCHEMA =
      new TreeMap<>(
          Map.of(
              "table-quota", "tables",
              "volume-quota", "volumes",
              "function-quota", "functions",
              "registered-model-quota", "registered_models"));

  private final Jdbi jdbi;
  private final Grants grants;
  private final Catalogs catalogs;
  private final Schemas schemas;

  public Quotas(MetadataDatabase database, Grants grants, Catalogs catalogs, Schemas schemas) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.catalogs = catalogs;
    this.schemas = schemas;
  }

  /**
   * @param parent what the counted lie in
   */
  public record Quota(Securable parent, String name, long count) {}

  /** Those of what the principal manages; of the metastore to administrators. */
  public List<Quota> list(Principal principal) {
    List<Quota> quotas = new ArrayList<>();
    if (principal.administrator()) {
      quotas.addAll(of(Securable.METASTORE));
    }
    for (CatalogInfo catalog : catalogs.list(principal)) {
      if (manages(principal, Securable.catalog(catalog.name()))) {
        quotas.addAll(of(Securable.catalog(catalog.name())));
      }
      for (SchemaInfo schema : schemas.list(principal, catalog.name())) {
        if (manages(principal, Securable.schema(schema.name()))) {
          quotas.addAll(of(Securable.schema(schema.name())));
        }
      }
    }
    return quotas;
  }

  private boolean manages(Principal principal, Securable securable) {
    return principal.administrator() || grants.allows(principal, Privilege.MANAGE, securable);
  }

  /**
   * @throws TarnException RESOURCE_DOES_NOT_EXIST; PERMISSION_DENIED without {@code MANAGE} on the
   *     parent
   */
  public Quota get(Principal principal, Securable parent, String name) {
    if (!principal.administrator()) {
      grants.require(principal, Privilege.MANAGE, parent);
    }
    grants.requireExists(parent);
    return of(parent).stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                TarnException.notFound(
                    ErrorCode.RESOURCE_DOES_NOT_EXIST, "Quota", parent.fullName() + "/" + name));
  }

  private List<Quota> of(Securable parent) {
    String[] parts = parent.fullName().split("\\.", -1);
    Map<String, String> tables =
        parent.type() == SecurableType.METASTORE
            ? OF_METASTORE
            : parent.type() == SecurableType.CATALOG
                ? OF_CATALOG
                : parent.type() == SecurableType.SCHEMA ? OF_SCHEMA : Map.of();
    String where =
        switch (parent.type()) {
          case CATALOG -> " WHERE catalog_name = ?";
          case SCHEMA -> " WHERE catalog_name = ? AND schema_name = ?";
          default -> "";
        };
    Object[] names = where.isEmpty() ? new Object[0] : parts;
    return jdbi.withHandle(
        handle ->
            tables.entrySet().stream()
                .map(
                    each ->
                        new Quota(
                            parent,
                            each.getKey(),
                            handle
                                .select("SELECT count(*) FROM " + each.getValue() + where, names)
                                .mapTo(Long.class)
                                .one()))
                .toList());
  }
}
