package dev.tarn.govern.quotas;

import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.govern.listing.Listing;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Resource quotas over HTTP; they are counted as they are asked for. */
public final class QuotasRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog/resource-quotas";

  private final Quotas quotas;
  private final Supplier<String> metastoreId;

  public QuotasRoutes(Quotas quotas, Supplier<String> metastoreId) {
    this.quotas = quotas;
    this.metastoreId = metastoreId;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(BASE + "/all-resource-quotas", Access.AUTHENTICATED, this::list),
        Route.get(
            BASE + "/{parent_securable_type}/{parent_full_name}/{quota_name}",
            Access.AUTHENTICATED,
            this::get));
  }

  private Map<String, Object> wire(Quotas.Quota quota) {
    boolean metastore = quota.parent().type() == SecurableType.METASTORE;
    return Map.of(
        "parent_securable_type",
        quota.parent().type().name(),
        "parent_full_name",
        metastore ? metastoreId.get() : quota.parent().fullName(),
        "quota_name",
        quota.name(),
        "quota_count",
        quota.count(),
        "quota_limit",
        Quotas.LIMIT,
        "last_refreshed_at",
        System.currentTimeMillis());
  }

  private Response list(Request request) {
    return Listing.page(
        request,
        "quotas",
        quotas.list(request.principal()),
        quota -> quota.parent().type() + " " + quota.parent().fullName() + " " + quota.name(),
        this::wire);
  }

  private Response get(Request request) {
    Securable parent =
        new Securable(
            SecurableType.parse(request.path("parent_securable_type")),
            request.path("parent_full_name"));
    return Response.json(
        Map.of(
            "quota_info",
            wire(quotas.get(request.principal(), parent, request.path("quota_name")))));
  }
}
