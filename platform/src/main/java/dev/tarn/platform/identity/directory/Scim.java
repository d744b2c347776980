package dev.tarn.platform.identity.directory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the resources of SCIM 2.0 have alike (RFC 7643, RFC 7644): lists, filters, patches. */
final class Scim {
  static final String ROOT = "/api/2.0/preview/scim/v2/";
  private static final String LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
  private static final int MAX_OPERATIONS = 1_000;
  private static final Pattern FILTER =
      Pattern.compile(
          "\\s*([A-Za-z]{1,40})\\s+(eq|ne|co|sw)\\s+(?:\"([^\"]{0,300})\"|(\\S{1,300}))\\s*",
          Pattern.CASE_INSENSITIVE);

  /**
   * One operation of a patch.
   *
   * @param op add, replace or remove
   * @param path empty: the value is an object of attributes
   */
  record Operation(String op, String path, JsonNode value) {}

  private Scim() {}

  static String schema(String resource) {
    return "urn:ietf:params:scim:schemas:core:2.0:" + resource;
  }

  /** One page of what the request's filter lets through. */
  static Response list(Request request, List<Map<String, Object>> resources) {
    List<Map<String, Object>> found =
        request
            .query("filter")
            .filter(filter -> !filter.isBlank())
            .map(filter -> filtered(filter, resources))
            .orElse(resources);
    int start = Math.max(1, number(request, "startIndex", 1));
    int count = Math.max(0, number(request, "count", found.size()));
    List<Map<String, Object>> page = found.stream().skip(start - 1L).limit(count).toList();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("schemas", List.of(LIST_SCHEMA));
    answer.put("totalResults", found.size());
    answer.put("startIndex", start);
    answer.put("itemsPerPage", page.size());
    answer.put("Resources", page);
    return Response.json(answer);
  }

  private static List<Map<String, Object>> filtered(
      String filter, List<Map<String, Object>> resources) {
    Matcher parsed = FILTER.matcher(filter);
    if (!parsed.matches()) {
      throw TarnException.invalid(
          "The filter is not understood. Use one comparison, such as: displayName eq \"name\"; with"
              + " eq, ne, co or sw.");
    }
    String attribute = parsed.group(1);
    String operator = parsed.group(2).toLowerCase(Locale.ROOT);
    String wanted =
        (parsed.group(3) == null ? parsed.group(4) : parsed.group(3)).toLowerCase(Locale.ROOT);
    return resources.stream()
        .filter(
            resource -> {
              String value = attribute(resource, attribute);
              return switch (operator) {
                case "eq" -> value.equals(wanted);
                case "ne" -> !value.equals(wanted);
                case "co" -> value.contains(wanted);
                default -> value.startsWith(wanted);
              };
            })
        .toList();
  }

  private static String attribute(Map<String, Object> resource, String name) {
    return resource.entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(name))
        .map(entry -> String.valueOf(entry.getValue()).toLowerCase(Locale.ROOT))
        .findFirst()
        .orElse("");
  }

  private static int number(Request request, String name, int otherwise) {
    try {
      return request.query(name).map(Integer::parseInt).orElse(otherwise);
    } catch (NumberFormatException e) {
      throw TarnException.invalid("Query parameter '" + name + "' must be a whole number.");
    }
  }

  /** The id in the path. */
  static long id(Request request) {
    return id(request.path("id"));
  }

  static long id(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw TarnException.invalid("'" + text + "' is not an id. Ids are whole numbers.");
    }
  }

  static Optional<String> text(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    return Optional.of(text(field, value));
  }

  private static String text(String field, JsonNode value) {
    if (!value.isTextual()) {
      throw TarnException.invalid("Field '" + field + "' must be a text.");
    }
    return value.asText();
  }

  private static boolean truth(String field, JsonNode value) {
    if (value.isBoolean()) {
      return value.asBoolean();
    }
    // Some identity providers send it as text.
    if (value.isTextual() && value.asText().matches("(?i)true|false")) {
      return Boolean.parseBoolean(value.asText());
    }
    throw TarnException.invalid("Field '" + field + "' must be true or false.");
  }

  /** What a whole resource says of a user or service principal. */
  static PrincipalChange change(JsonNode body) {
    PrincipalChange change = PrincipalChange.none();
    for (String field : List.of("displayName", "active", "externalId")) {
      JsonNode value = body.path(field);
      if (!value.isMissingNode() && !value.isNull()) {
        change = change.and(change(field, value));
      }
    }
    return change;
  }

  private static PrincipalChange change(String field, JsonNode value) {
    return switch (field.toLowerCase(Locale.ROOT)) {
      case "displayname" ->
          new PrincipalChange(Optional.of(text(field, value)), Optional.empty(), Optional.empty());
      case "active" ->
          new PrincipalChange(Optional.empty(), Optional.of(truth(field, value)), Optional.empty());
      case "externalid" ->
          new PrincipalChange(Optional.empty(), Optional.empty(), Optional.of(text(field, value)));
      default ->
          throw TarnException.invalid(
              "Attribute '"
                  + (field.length() > 100 ? field.substring(0, 100) : field)
                  + "' cannot be changed here. What can is displayName, active and externalId; groups"
                  + " are changed at the group.");
    };
  }

  /** What a patch says of a user or service principal. */
  static PrincipalChange change(List<Operation> operations) {
    PrincipalChange change = PrincipalChange.none();
    for (Operation operation : operations) {
      if (operation.path().isEmpty()) {
        for (Map.Entry<String, JsonNode> field : fields(operation.value())) {
          change = change.and(change(field.getKey(), field.getValue()));
        }
      } else if (operation.op().equals("remove")) {
        if (!operation.path().equalsIgnoreCase("externalId")) {
          throw TarnException.invalid("Only externalId can be removed.");
        }
        change =
            change.and(new PrincipalChange(Optional.empty(), Optional.empty(), Optional.of("")));
      } else {
        change = change.and(change(operation.path(), operation.value()));
      }
    }
    return change;
  }

  static List<Map.Entry<String, JsonNode>> fields(JsonNode value) {
    if (!value.isObject()) {
      throw TarnException.invalid(
          "An operation without a path needs an object of attributes as its value.");
    }
    return List.copyOf(value.properties());
  }

  static List<Operation> operations(JsonNode body) {
    JsonNode given = body.has("Operations") ? body.path("Operations") : body.path("operations");
    if (!given.isArray() || given.isEmpty() || given.size() > MAX_OPERATIONS) {
      throw TarnException.invalid(
          "A patch needs 'Operations': a list of at most " + MAX_OPERATIONS + " operations.");
    }
    List<Operation> operations = new ArrayList<>();
    for (JsonNode each : given) {
      String op = each.path("op").asText("").toLowerCase(Locale.ROOT);
      if (!List.of("add", "replace", "remove").contains(op)) {
        throw TarnException.invalid("An operation's 'op' must be add, replace or remove.");
      }
      operations.add(new Operation(op, text(each, "path").orElse(""), each.path("value")));
    }
    return operations;
  }

  /** What users and service principals have alike. */
  static Map<String, Object> body(PrincipalInfo principal) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("schemas", List.of(schema(principal.type().resource())));
    body.put("id", Long.toString(principal.id()));
    if (principal.type() == PrincipalType.SERVICE_PRINCIPAL) {
      body.put("applicationId", principal.name());
    } else {
      body.put("userName", principal.name());
      body.put(
          "emails", List.of(Map.of("value", principal.name(), "type", "work", "primary", true)));
    }
    body.put("displayName", principal.displayName());
    body.put("active", principal.active());
    if (principal.externalId() != null) {
      body.put("externalId", principal.externalId());
    }
    List<Map<String, Object>> groups = new ArrayList<>();
    principal.groups().forEach(group -> groups.add(reference(group, "direct")));
    principal.indirectGroups().forEach(group -> groups.add(reference(group, "indirect")));
    body.put("groups", groups);
    return body;
  }

  static Map<String, Object> reference(PrincipalInfo.GroupName group, String type) {
    return Map.of(
        "display",
        group.name(),
        "value",
        Long.toString(group.id()),
        "type",
        type,
        "$ref",
        "Groups/" + group.id());
  }

  /** Names of the groups that a new principal shall be in. */
  static List<String> groups(JsonNode body) {
    List<String> groups = new ArrayList<>();
    for (JsonNode group : body.path("groups")) {
      groups.add(group.path(group.has("display") ? "display" : "value").asText());
    }
    return groups;
  }
}
