package dev.tarn.govern.abac;

import dev.tarn.govern.abac.PolicyDefinition.Argument;
import dev.tarn.govern.abac.PolicyDefinition.Kind;
import dev.tarn.govern.abac.PolicyDefinition.MatchedColumn;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.govern.listing.Listing;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Policies by attributes over HTTP.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/policies">Databricks REST: policies</a>
 */
public final class PoliciesRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog/policies";
  private static final String ON = BASE + "/{type}/{full_name}";
  private static final String TYPE = "POLICY_TYPE_";

  private final AccessPolicies policies;

  public PoliciesRoutes(AccessPolicies policies) {
    this.policies = policies;
  }

  record FilterOptions(String functionName, List<Argument> using) {}

  record MaskOptions(String functionName, String onColumn, List<Argument> using) {}

  record Wire(
      String id,
      String name,
      String onSecurableType,
      String onSecurableFullname,
      String forSecurableType,
      String policyType,
      String comment,
      List<String> toPrincipals,
      List<String> exceptPrincipals,
      String whenCondition,
      List<MatchedColumn> matchColumns,
      FilterOptions rowFilter,
      MaskOptions columnMask,
      String createdBy,
      Long createdAt,
      String updatedBy,
      Long updatedAt) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post(BASE, Access.AUTHENTICATED, this::create),
        Route.get(ON, Access.AUTHENTICATED, this::list),
        Route.get(ON + "/{name}", Access.AUTHENTICATED, this::get),
        Route.patch(ON + "/{name}", Access.AUTHENTICATED, this::update),
        Route.delete(ON + "/{name}", Access.AUTHENTICATED, this::delete));
  }

  private static Wire wire(AccessPolicy policy) {
    PolicyDefinition d = policy.definition();
    boolean filter = d.kind() == Kind.ROW_FILTER;
    return new Wire(
        policy.policyId(),
        policy.name(),
        policy.on().type().name(),
        policy.on().fullName(),
        "TABLE",
        TYPE + d.kind().name(),
        d.comment(),
        d.to(),
        d.except().isEmpty() ? null : d.except(),
        d.when(),
        d.matches().isEmpty() ? null : d.matches(),
        filter ? new FilterOptions(d.functionName(), d.using()) : null,
        filter ? null : new MaskOptions(d.functionName(), d.onColumn(), d.using()),
        policy.createdBy(),
        policy.createdAt(),
        policy.updatedBy(),
        policy.updatedAt());
  }

  private static Securable on(Request request) {
    return new Securable(SecurableType.parse(request.path("type")), request.path("full_name"));
  }

  private Response create(Request request) {
    Wire body = request.json(Wire.class);
    return Response.json(
        wire(
            policies.create(
                request.principal(),
                new Securable(
                    SecurableType.parse(body.onSecurableType()), body.onSecurableFullname()),
                body.name(),
                definition(body),
                false)));
  }

  private static PolicyDefinition definition(Wire body) {
    if (!"TABLE".equalsIgnoreCase(body.forSecurableType())) {
      throw TarnException.invalid("Field 'for_securable_type' can only be TABLE.");
    }
    Kind kind = kind(body.policyType());
    boolean filter = kind == Kind.ROW_FILTER;
    if ((filter ? body.rowFilter() : body.columnMask()) == null) {
      throw TarnException.invalid(
          "A policy of type "
              + body.policyType()
              + " needs '"
              + (filter ? "row_filter" : "column_mask")
              + "'.");
    }
    return new PolicyDefinition(
        body.comment(),
        kind,
        body.toPrincipals(),
        body.exceptPrincipals(),
        body.whenCondition(),
        body.matchColumns(),
        filter ? body.rowFilter().functionName() : body.columnMask().functionName(),
        null,
        filter ? null : body.columnMask().onColumn(),
        filter ? body.rowFilter().using() : body.columnMask().using());
  }

  private static Kind kind(String type) {
    for (Kind kind : Kind.values()) {
      if ((TYPE + kind.name()).equals(type)) {
        return kind;
      }
    }
    throw TarnException.invalid(
        "Field 'policy_type' is POLICY_TYPE_ROW_FILTER or POLICY_TYPE_COLUMN_MASK.");
  }

  private Response list(Request request) {
    return Listing.page(
        request,
        "policies",
        policies.list(request.principal(), on(request), Listing.flag(request, "include_inherited")),
        policy -> policy.on().fullName() + " " + policy.name(),
        PoliciesRoutes::wire);
  }

  private Response get(Request request) {
    return Response.json(
        wire(policies.get(request.principal(), on(request), request.path("name"))));
  }

  private Response update(Request request) {
    Wire body = request.json(Wire.class);
    Wire old = wire(policies.get(request.principal(), on(request), request.path("name")));
    Set<String> mask = Set.of(request.query("update_mask").orElse("*").split(","));
    Changed changed = new Changed(old, body, mask);
    Wire merged =
        new Wire(
            old.id(),
            changed.of("name", Wire::name),
            old.onSecurableType(),
            old.onSecurableFullname(),
            old.forSecurableType(),
            changed.of("policy_type", Wire::policyType),
            changed.of("comment", Wire::comment),
            changed.of("to_principals", Wire::toPrincipals),
            changed.of("except_principals", Wire::exceptPrincipals),
            changed.of("when_condition", Wire::whenCondition),
            changed.of("match_columns", Wire::matchColumns),
            changed.of("row_filter", Wire::rowFilter),
            changed.of("column_mask", Wire::columnMask),
            old.createdBy(),
            old.createdAt(),
            old.updatedBy(),
            old.updatedAt());
    return Response.json(
        wire(
            policies.update(
                request.principal(),
                on(request),
                request.path("name"),
                merged.name(),
                definition(merged))));
  }

  /** What is in the mask is as the body has it; without a mask, what the body has. */
  private record Changed(Wire old, Wire body, Set<String> mask) {
    <T> T of(String field, Function<Wire, T> value) {
      T given = value.apply(body);
      boolean changes = mask.contains(field) || (mask.contains("*") && given != null);
      return changes ? given : value.apply(old);
    }
  }

  private Response delete(Request request) {
    policies.delete(request.principal(), on(request), request.path("name"));
    return Response.json(Map.of());
  }
}
