package dev.tarn.platform.identity.directory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Groups over HTTP.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/groups">Databricks REST: groups</a>
 */
public final class GroupsRoutes implements Capability {
  private static final String ROOT = Scim.ROOT + "Groups";
  private static final Pattern ONE_MEMBER =
      Pattern.compile(
          "members\\[\\s*value\\s+eq\\s+\"([0-9]{1,18})\"\\s*\\]", Pattern.CASE_INSENSITIVE);

  private final Groups groups;

  public GroupsRoutes(Groups groups) {
    this.groups = groups;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(ROOT, Access.ADMINISTRATOR, this::list),
        Route.post(ROOT, Access.ADMINISTRATOR, this::create),
        Route.get(ROOT + "/{id}", Access.ADMINISTRATOR, this::get),
        Route.put(ROOT + "/{id}", Access.ADMINISTRATOR, this::update),
        Route.patch(ROOT + "/{id}", Access.ADMINISTRATOR, this::patch),
        Route.delete(ROOT + "/{id}", Access.ADMINISTRATOR, this::delete));
  }

  private Response list(Request request) {
    return Scim.list(
        request, groups.list(request.principal()).stream().map(GroupsRoutes::body).toList());
  }

  private Response create(Request request) {
    JsonNode body = request.json(JsonNode.class);
    Group made =
        groups.create(
            request.principal(),
            Scim.text(body, "displayName").orElse(""),
            Scim.text(body, "externalId").orElse(null),
            members(body.path("members")));
    return Response.json(201, body(made));
  }

  private Response get(Request request) {
    return Response.json(body(groups.get(request.principal(), Scim.id(request))));
  }

  private Response update(Request request) {
    JsonNode body = request.json(JsonNode.class);
    Group before = groups.get(request.principal(), Scim.id(request));
    Scim.text(body, "displayName").ifPresent(name -> requireSame(before, name));
    return change(
        request,
        new Groups.Change(
            Optional.of(members(body.path("members"))),
            Set.of(),
            Set.of(),
            Scim.text(body, "externalId")));
  }

  private Response patch(Request request) {
    Group before = groups.get(request.principal(), Scim.id(request));
    Optional<Set<Long>> replace = Optional.empty();
    Set<Long> add = new HashSet<>();
    Set<Long> remove = new HashSet<>();
    Optional<String> externalId = Optional.empty();
    for (Scim.Operation operation : Scim.operations(request.json(JsonNode.class))) {
      Map<String, JsonNode> attributes = new LinkedHashMap<>();
      if (operation.path().isEmpty()) {
        Scim.fields(operation.value()).forEach(f -> attributes.put(f.getKey(), f.getValue()));
      } else {
        attributes.put(operation.path(), operation.value());
      }
      for (Map.Entry<String, JsonNode> attribute : attributes.entrySet()) {
        Matcher one = ONE_MEMBER.matcher(attribute.getKey());
        if (one.matches() && operation.op().equals("remove")) {
          remove.add(Scim.id(one.group(1)));
        } else if (attribute.getKey().equalsIgnoreCase("members")) {
          Set<Long> named = members(attribute.getValue());
          if (operation.op().equals("add")) {
            add.addAll(named);
          } else if (operation.op().equals("replace") || named.isEmpty()) {
            replace = Optional.of(named); // To remove none in particular is to remove all.
            add.clear();
            remove.clear();
          } else {
            remove.addAll(named);
          }
        } else if (attribute.getKey().equalsIgnoreCase("externalId")) {
          externalId = Optional.of(attribute.getValue().asText(""));
        } else if (attribute.getKey().equalsIgnoreCase("displayName")) {
          requireSame(before, attribute.getValue().asText(""));
        } else {
          throw TarnException.invalid(
              "Only members and externalId of a group can be changed. Members are given as"
                  + " [{\"value\": \"ID\"}].");
        }
      }
    }
    return change(request, new Groups.Change(replace, add, remove, externalId));
  }

  private Response change(Request request, Groups.Change change) {
    return Response.json(body(groups.change(request.principal(), Scim.id(request), change)));
  }

  private Response delete(Request request) {
    groups.delete(request.principal(), Scim.id(request));
    return Response.noContent();
  }

  private static void requireSame(Group group, String name) {
    if (!DirectoryNames.lower(name).equals(group.name())) {
      throw TarnException.invalid(
          "The displayName of a group cannot be changed, since grants are made to it. Create another"
              + " group.");
    }
  }

  private static Set<Long> members(JsonNode members) {
    Set<Long> ids = new HashSet<>();
    for (JsonNode member : members) {
      ids.add(Scim.id(member.path("value").asText("")));
    }
    return ids;
  }

  private static Map<String, Object> body(Group group) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("schemas", List.of(Scim.schema("Group")));
    body.put("id", Long.toString(group.id()));
    body.put("displayName", group.name());
    if (group.externalId() != null) {
      body.put("externalId", group.externalId());
    }
    body.put("meta", Map.of("resourceType", "WorkspaceGroup"));
    body.put(
        "members",
        group.members().stream()
            .map(
                member ->
                    Map.of(
                        "value",
                        Long.toString(member.id()),
                        "display",
                        member.name(),
                        "$ref",
                        member.resource() + "s/" + member.id()))
            .toList());
    body.put("groups", group.parents().stream().map(g -> Scim.reference(g, "direct")).toList());
    return body;
  }
}
