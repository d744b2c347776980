package dev.tarn.platform.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Users over HTTP, as SCIM 2.0 (RFC 7643, RFC 7644) names them: in camelCase, unlike the rest.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/users">Databricks REST: users</a>
 */
public final class ScimRoutes implements Capability {
  private static final String USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User";
  private static final String LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
  private static final Pattern BY_NAME =
      Pattern.compile("\\s*userName\\s+eq\\s+\"?([^\"]+?)\"?\\s*", Pattern.CASE_INSENSITIVE);

  private final Identity identity;

  public ScimRoutes(Identity identity) {
    this.identity = identity;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/api/2.0/preview/scim/v2/Me", Access.AUTHENTICATED, this::me),
        Route.get("/api/2.0/preview/scim/v2/Users", Access.ADMINISTRATOR, this::list),
        Route.post("/api/2.0/preview/scim/v2/Users", Access.ADMINISTRATOR, this::create));
  }

  private Response me(Request request) {
    return Response.json(body(identity.user(request.principal().name())));
  }

  private Response list(Request request) {
    List<User> users = identity.listUsers(request.principal());
    String filter = request.query("filter").orElse("");
    if (!filter.isBlank()) {
      Matcher byName = BY_NAME.matcher(filter);
      if (!byName.matches()) {
        throw TarnException.invalid(
            "Filter '" + filter + "' is not understood. Use: userName eq \"name\".");
      }
      String name = byName.group(1).toLowerCase(Locale.ROOT);
      users = users.stream().filter(user -> user.userName().equals(name)).toList();
    }
    int start = Math.max(1, number(request, "startIndex", 1));
    int count = Math.max(0, number(request, "count", users.size()));
    List<Map<String, Object>> page =
        users.stream().skip(start - 1L).limit(count).map(ScimRoutes::body).toList();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("schemas", List.of(LIST_SCHEMA));
    answer.put("totalResults", users.size());
    answer.put("startIndex", start);
    answer.put("itemsPerPage", page.size());
    answer.put("Resources", page);
    return Response.json(answer);
  }

  private static int number(Request request, String name, int otherwise) {
    try {
      return request.query(name).map(Integer::parseInt).orElse(otherwise);
    } catch (NumberFormatException e) {
      throw TarnException.invalid("Query parameter '" + name + "' must be a whole number.");
    }
  }

  private Response create(Request request) {
    JsonNode body = request.json(JsonNode.class);
    List<String> groups = new ArrayList<>();
    for (JsonNode group : body.path("groups")) {
      groups.add(group.path(group.has("display") ? "display" : "value").asText());
    }
    String name = body.path("userName").asText("");
    identity.createUser(request.principal(), name, groups);
    return Response.json(201, body(identity.user(name.strip())));
  }

  private static Map<String, Object> body(User user) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("schemas", List.of(USER_SCHEMA));
    body.put("id", Long.toString(user.userId()));
    body.put("userName", user.userName());
    body.put("displayName", user.userName());
    body.put("active", true);
    body.put("emails", List.of(Map.of("value", user.userName(), "type", "work", "primary", true)));
    body.put(
        "groups",
        user.groups().stream()
            .map(g -> Map.of("display", g, "value", g, "type", "direct"))
            .toList());
    return body;
  }
}
