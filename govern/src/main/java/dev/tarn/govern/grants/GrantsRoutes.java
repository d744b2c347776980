package dev.tarn.govern.grants;

import dev.tarn.govern.listing.Listing;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Grants over HTTP.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/grants">Databricks REST: grants</a>
 */
public final class GrantsRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog/";
  private static final String ON = "/{securable_type}/{full_name}";

  private final Grants grants;

  public GrantsRoutes(Grants grants) {
    this.grants = grants;
  }

  record Assignment(String principal, List<String> privileges) {}

  record Permissions(List<Assignment> privilegeAssignments) {}

  record Change(String principal, List<String> add, List<String> remove) {}

  record UpdateRequest(List<Change> changes, Boolean omitPermissionsInResponse) {}

  record EffectivePrivilege(String privilege, String inheritedFromType, String inheritedFromName) {}

  record EffectiveAssignment(String principal, List<EffectivePrivilege> privileges) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(BASE + "permissions" + ON, Access.AUTHENTICATED, this::get),
        Route.patch(BASE + "permissions" + ON, Access.AUTHENTICATED, this::update),
        Route.get(BASE + "privilege-assignments" + ON, Access.AUTHENTICATED, this::list),
        Route.get(BASE + "effective-permissions" + ON, Access.AUTHENTICATED, this::effective),
        Route.get(
            BASE + "effective-privilege-assignments" + ON,
            Access.AUTHENTICATED,
            this::listEffective));
  }

  private static Securable securable(Request request) {
    return new Securable(
        SecurableType.parse(request.path("securable_type")), request.path("full_name"));
  }

  private Response get(Request request) {
    return Listing.page(
        request,
        "privilege_assignments",
        permissions(request, securable(request)),
        Assignment::principal,
        each -> each);
  }

  private Response list(Request request) {
    return Listing.page(
        request,
        "page_size",
        "privilege_assignments",
        permissions(request, securable(request)),
        Assignment::principal,
        each -> each);
  }

  private List<Assignment> permissions(Request request, Securable securable) {
    Map<String, List<String>> byPrincipal =
        grants.list(request.principal(), securable).stream()
            .filter(grant -> wanted(request, grant))
            .collect(
                Collectors.groupingBy(
                    Grant::principal,
                    TreeMap::new,
                    Collectors.mapping(grant -> grant.privilege().name(), Collectors.toList())));
    return byPrincipal.entrySet().stream()
        .map(entry -> new Assignment(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static boolean wanted(Request request, Grant grant) {
    return request.query("principal").map(grant.principal()::equalsIgnoreCase).orElse(true);
  }

  private Response update(Request request) {
    Securable securable = securable(request);
    UpdateRequest body = request.json(UpdateRequest.class);
    if (body.changes() == null) {
      throw TarnException.invalid("Field 'changes' is missing. It lists {principal, add, remove}.");
    }
    grants.change(
        request.principal(),
        securable,
        body.changes().stream()
            .map(
                change ->
                    new GrantChange(
                        change.principal(), privileges(change.add()), privileges(change.remove())))
            .toList());
    return Response.json(
        Boolean.TRUE.equals(body.omitPermissionsInResponse())
            ? Map.of()
            : new Permissions(permissions(request, securable)));
  }

  private static Set<Privilege> privileges(List<String> names) {
    Set<Privilege> privileges = new LinkedHashSet<>();
    if (names != null) {
      names.forEach(name -> privileges.add(Privilege.parse(name)));
    }
    return privileges;
  }

  private Response effective(Request request) {
    return Listing.page(
        request,
        "privilege_assignments",
        effectivePermissions(request),
        EffectiveAssignment::principal,
        each -> each);
  }

  private Response listEffective(Request request) {
    return Listing.page(
        request,
        "page_size",
        "effective_privilege_assignments",
        effectivePermissions(request),
        EffectiveAssignment::principal,
        each -> each);
  }

  private List<EffectiveAssignment> effectivePermissions(Request request) {
    Securable securable = securable(request);
    Map<String, List<EffectivePrivilege>> byPrincipal =
        grants.listEffective(request.principal(), securable).stream()
            .filter(grant -> wanted(request, grant))
            .collect(
                Collectors.groupingBy(
                    Grant::principal,
                    TreeMap::new,
                    Collectors.mapping(grant -> effective(grant, securable), Collectors.toList())));
    return byPrincipal.entrySet().stream()
        .map(entry -> new EffectiveAssignment(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static EffectivePrivilege effective(Grant grant, Securable asked) {
    boolean inherited = !grant.securable().equals(asked);
    return new EffectivePrivilege(
        grant.privilege().name(),
        inherited ? grant.securable().type().name() : null,
        inherited ? grant.securable().fullName() : null);
  }
}
