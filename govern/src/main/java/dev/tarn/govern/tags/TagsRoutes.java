package dev.tarn.govern.tags;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tags and tag policies over HTTP.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/entitytagassignments">Databricks REST:
 *     entity tag assignments</a>
 * @see <a href="https://docs.databricks.com/api/workspace/tagpolicies">Databricks REST: tag
 *     policies</a>
 */
public final class TagsRoutes implements Capability {
  private static final String ASSIGNMENTS = "/api/2.1/unity-catalog/entity-tag-assignments";
  private static final String OF_ENTITY = ASSIGNMENTS + "/{entity_type}/{entity_name}/tags";
  private static final String POLICIES = "/api/2.1/tag-policies";
  private static final int MOST = 1_000;

  private final Tags tags;
  private final TagPolicies policies;

  public TagsRoutes(Tags tags, TagPolicies policies) {
    this.tags = tags;
    this.policies = policies;
  }

  record Assignment(
      String entityType,
      String entityName,
      String tagKey,
      String tagValue,
      String sourceType,
      String updatedBy,
      String updateTime) {}

  record AssignmentsPage(List<Assignment> tagAssignments, Optional<String> nextPageToken) {}

  record Value(String name) {}

  record Policy(
      String id,
      String tagKey,
      String description,
      List<Value> values,
      String createTime,
      String updateTime) {}

  record PoliciesPage(List<Policy> tagPolicies, Optional<String> nextPageToken) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post(ASSIGNMENTS, Access.AUTHENTICATED, this::create),
        Route.get(OF_ENTITY, Access.AUTHENTICATED, this::list),
        Route.get(OF_ENTITY + "/{tag_key}", Access.AUTHENTICATED, this::get),
        Route.patch(OF_ENTITY + "/{tag_key}", Access.AUTHENTICATED, this::update),
        Route.delete(OF_ENTITY + "/{tag_key}", Access.AUTHENTICATED, this::delete),
        Route.post(POLICIES, Access.AUTHENTICATED, this::createPolicy),
        Route.get(POLICIES, Access.AUTHENTICATED, this::listPolicies),
        Route.get(POLICIES + "/{tag_key}", Access.AUTHENTICATED, this::getPolicy),
        Route.patch(POLICIES + "/{tag_key}", Access.AUTHENTICATED, this::updatePolicy),
        Route.delete(POLICIES + "/{tag_key}", Access.AUTHENTICATED, this::deletePolicy));
  }

  private static Assignment wire(TagAssignment tag) {
    return new Assignment(
        tag.entity().type(),
        tag.entity().name(),
        tag.key(),
        tag.value(),
        null,
        tag.updatedBy(),
        Instant.ofEpochMilli(tag.updatedAt()).toString());
  }

  private static Policy wire(TagPolicy policy) {
    return new Policy(
        policy.policyId(),
        policy.tagKey(),
        policy.description(),
        policy.values().stream().map(Value::new).toList(),
        Instant.ofEpochMilli(policy.createdAt()).toString(),
        Instant.ofEpochMilli(policy.updatedAt()).toString());
  }

  private static TaggedEntity entity(Request request) {
    return TaggedEntity.parse(request.path("entity_type"), request.path("entity_name"));
  }

  private Response create(Request request) {
    Assignment body = request.json(Assignment.class);
    return Response.json(
        wire(
            tags.create(
                request.principal(),
                TaggedEntity.parse(body.entityType(), body.entityName()),
                body.tagKey(),
                body.tagValue())));
  }

  private Response list(Request request) {
    List<TagAssignment> rest =
        tags.list(request.principal(), entity(request)).stream()
            .filter(tag -> tag.key().compareTo(request.query("page_token").orElse("")) > 0)
            .sorted(Comparator.comparing(TagAssignment::key))
            .toList();
    int size = size(request, "max_results");
    return Response.json(
        new AssignmentsPage(
            rest.stream().limit(size).map(TagsRoutes::wire).toList(),
            rest.size() > size ? Optional.of(rest.get(size - 1).key()) : Optional.empty()));
  }

  private static int size(Request request, String parameter) {
    String text = request.query(parameter).orElse("0");
    if (!text.matches("\\d{1,6}")) {
      throw TarnException.invalid("Query parameter '" + parameter + "' must be a whole number.");
    }
    int asked = Integer.parseInt(text);
    return asked == 0 ? MOST : Math.min(asked, MOST);
  }

  private Response get(Request request) {
    return Response.json(
        wire(tags.get(request.principal(), entity(request), request.path("tag_key"))));
  }

  private Response update(Request request) {
    Assignment body = request.json(Assignment.class);
    for (String field : mask(request)) {
      if (!field.equals("tag_value") && !field.equals("*")) {
        throw TarnException.invalid("Of a tag only 'tag_value' can be updated.");
      }
    }
    return Response.json(
        wire(
            tags.update(
                request.principal(), entity(request), request.path("tag_key"), body.tagValue())));
  }

  private static List<String> mask(Request request) {
    return List.of(request.query("update_mask").orElse("*").split(","));
  }

  private Response delete(Request request) {
    tags.delete(request.principal(), entity(request), request.path("tag_key"));
    return Response.json(Map.of());
  }

  private static List<String> values(Policy body) {
    return body.values() == null ? List.of() : body.values().stream().map(Value::name).toList();
  }

  private Response createPolicy(Request request) {
    Policy body = request.json(Policy.class);
    return Response.json(
        wire(
            policies.create(request.principal(), body.tagKey(), body.description(), values(body))));
  }

  private Response listPolicies(Request request) {
    List<TagPolicy> rest =
        policies.list().stream()
            .filter(each -> each.tagKey().compareTo(request.query("page_token").orElse("")) > 0)
            .sorted(Comparator.comparing(TagPolicy::tagKey))
            .toList();
    int size = size(request, "page_size");
    return Response.json(
        new PoliciesPage(
            rest.stream().limit(size).map(TagsRoutes::wire).toList(),
            rest.size() > size ? Optional.of(rest.get(size - 1).tagKey()) : Optional.empty()));
  }

  private Response getPolicy(Request request) {
    return Response.json(wire(policies.get(request.path("tag_key"))));
  }

  private Response updatePolicy(Request request) {
    Policy body = request.json(Policy.class);
    List<String> mask = mask(request);
    boolean all = mask.contains("*");
    for (String field : mask) {
      if (!List.of("*", "description", "values").contains(field)) {
        throw TarnException.invalid(
            "Of a tag policy only 'description' and 'values' can be updated.");
      }
    }
    return Response.json(
        wire(
            policies.update(
                request.principal(),
                request.path("tag_key"),
                all || mask.contains("description")
                    ? Optional.ofNullable(body.description())
                    : Optional.empty(),
                mask.contains("values") || (all && body.values() != null)
                    ? Optional.of(values(body))
                    : Optional.empty())));
  }

  private Response deletePolicy(Request request) {
    policies.delete(request.principal(), request.path("tag_key"));
    return Response.json(Map.of());
  }
}
