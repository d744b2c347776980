package dev.tarn.server.audit;

import dev.tarn.govern.audit.AuditedCall.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a route is called in the audit log: as in Databricks' reference where that knows it, and
 * else in the same manner, from the words of its path.
 *
 * @see <a href="https://docs.databricks.com/aws/en/admin/account-settings/audit-logs">Audit log
 *     reference</a>
 */
final class AuditedActions {
  /** A call without a valid token, whatever it wanted. */
  static final Action LOGIN = new Action("accounts", "tokenLogin");

  /** A call of what is not there. */
  static final Action NOWHERE = new Action("http", "endpointNotFound");

  private static final String SQL = "databrickssql";

  private static final Map<String, Action> NAMED =
      Map.ofEntries(
          entry("POST /api/2.0/sql/statements", SQL, "commandSubmit"),
          entry("POST /api/2.0/sql/statements/{}/cancel", SQL, "cancelQueryExecution"),
          entry("GET /api/2.0/sql/statements/{}/result/chunks/{}", SQL, "getResultChunk"),
          entry("GET /api/2.0/sql/history/queries", SQL, "listHistoryQueries"),
          entry("POST /api/2.0/sql/warehouses/{}/edit", SQL, "editWarehouse"),
          entry("POST /api/2.0/sql/warehouses/{}/start", SQL, "startWarehouse"),
          entry("POST /api/2.0/sql/warehouses/{}/stop", SQL, "stopWarehouse"),
          entry("PUT /api/2.0/permissions/warehouses/{}", SQL, "changeWarehouseAcls"),
          entry("PATCH /api/2.0/permissions/warehouses/{}", SQL, "changeWarehouseAcls"),
          entry("GET /api/2.0/permissions/warehouses/{}", SQL, "getWarehouseAcls"),
          entry("POST /api/2.0/token/create", "accounts", "generateDbToken"),
          entry("POST /api/2.0/token/delete", "accounts", "revokeDbToken"),
          entry("GET /api/2.0/token/list", "accounts", "listTokens"),
          entry("DELETE /api/2.0/token-management/tokens/{}", "accounts", "revokeDbToken"),
          entry(
              "POST /api/2.0/token-management/on-behalf-of/tokens", "accounts", "generateDbToken"),
          entry("POST /api/2.0/preview/scim/v2/Users", "accounts", "add"),
          entry("DELETE /api/2.0/preview/scim/v2/Users/{}", "accounts", "delete"),
          entry("DELETE /api/2.0/preview/scim/v2/Groups/{}", "accounts", "removeGroup"),
          entry("POST /api/2.0/pipelines", "deltaPipelines", "create"),
          entry("PUT /api/2.0/pipelines/{}", "deltaPipelines", "edit"),
          entry("DELETE /api/2.0/pipelines/{}", "deltaPipelines", "delete"),
          entry("POST /api/2.0/pipelines/{}/updates", "deltaPipelines", "startUpdate"),
          entry("POST /api/2.0/pipelines/{}/stop", "deltaPipelines", "stop"),
          entry("GET /api/2.0/workspace/export", "workspace", "workspaceExport"),
          entry("POST /api/2.0/workspace/import", "workspace", "workspaceImport"),
          entry("GET /api/2.1/unity-catalog/catalogs", "unityCatalog", "listCatalog"),
          entry("GET /api/2.1/unity-catalog/schemas", "unityCatalog", "listSchema"),
          entry("PATCH /api/2.1/unity-catalog/tables/{}", "unityCatalog", "updateTables"),
          entry("GET /api/2.1/unity-catalog/tables/{}/exists", "unityCatalog", "tableExists"),
          entry("GET /api/2.1/unity-catalog/permissions/{}/{}", "unityCatalog", "getPermissions"),
          entry(
              "PATCH /api/2.1/unity-catalog/permissions/{}/{}",
              "unityCatalog",
              "updatePermissions"),
          entry(
              "GET /api/2.1/unity-catalog/effective-permissions/{}/{}",
              "unityCatalog",
              "getEffectivePermissions"),
          entry(
              "POST /api/2.1/unity-catalog/temporary-table-credentials",
              "unityCatalog",
              "generateTemporaryTableCredential"),
          entry(
              "POST /api/2.1/unity-catalog/temporary-path-credentials",
              "unityCatalog",
              "generateTemporaryPathCredential"),
          entry(
              "POST /api/2.1/unity-catalog/temporary-volume-credentials",
              "unityCatalog",
              "generateTemporaryVolumeCredential"),
          entry("GET /health", "health", "getHealth"));

  /** Services by the first words of a path; the first that fits. */
  private static final List<Map.Entry<String, String>> SERVICES =
      List.of(
          Map.entry("unity-catalog", "unityCatalog"),
          Map.entry("lineage-tracking", "lineageTracking"),
          Map.entry("sql", SQL),
          Map.entry("permissions/warehouses", SQL),
          Map.entry("warehouses", SQL),
          Map.entry("fs", "filesystem"),
          Map.entry("token", "accounts"),
          Map.entry("preview/scim", "accounts"),
          Map.entry("oauth", "accounts"),
          Map.entry("oidc", "accounts"),
          Map.entry("accounts", "accounts"),
          Map.entry("pipelines", "deltaPipelines"),
          Map.entry("workspace", "workspace"));

  private AuditedActions() {}

  private static Map.Entry<String, Action> entry(String route, String service, String name) {
    return Map.entry(route, new Action(service, name));
  }

  /**
   * @param method of the request
   * @param path of the route, with its placeholders
   */
  static Action of(String method, String path) {
    List<String> segments =
        java.util.Arrays.stream(path.split("/")).filter(s -> !s.isEmpty()).toList();
    List<String> shape = segments.stream().map(s -> s.contains("{") ? "{}" : s).toList();
    Action named = NAMED.get(method + " /" + String.join("/", shape));
    if (named != null) {
      return named;
    }
    List<String> rest =
        segments.stream()
            .dropWhile(segment -> segment.equals("api") || segment.matches("[0-9.]+"))
            .toList();
    String joined = String.join("/", rest);
    String service =
        SERVICES.stream()
            .filter(each -> joined.startsWith(each.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseGet(() -> rest.isEmpty() ? "http" : camel(rest.get(0), false));
    return new Action(
        service,
        service.equals("filesystem") ? onFiles(method, joined) : name(service, method, rest));
  }

  private static String onFiles(String method, String rest) {
    String what = rest.startsWith("fs/directories") ? "directories" : "files";
    return what + capital(method.toLowerCase(Locale.ROOT));
  }

  private static String name(String service, String method, List<String> segments) {
    List<String> words = new ArrayList<>();
    for (String segment : segments) {
      boolean ofTheService =
          List.of("unity-catalog", "sql", "preview", "scim", "lineage-tracking").contains(segment)
              || segment.matches("v?[0-9.]+");
      if (!segment.contains("{") && !ofTheService) {
        words.add(camel(segment, true));
      }
    }
    boolean one =
        !segments.isEmpty()
            && (segments.get(segments.size() - 1).contains("{") || !method.equals("GET"));
    if (!words.isEmpty() && one) {
      words.add(singular(words.remove(words.size() - 1)));
    }
    boolean token = segments.contains("token") && segments.contains("v1");
    if (service.equals("accounts") && method.equals("POST") && token) {
      return "mintOAuthToken";
    }
    boolean list = !one && !words.isEmpty() && words.get(words.size() - 1).endsWith("s");
    return verb(method, list) + String.join("", words);
  }

  private static String verb(String method, boolean list) {
    return switch (method) {
      case "GET" -> list ? "list" : "get";
      case "HEAD" -> "head";
      case "POST" -> "create";
      case "DELETE" -> "delete";
      default -> "update";
    };
  }

  private static String singular(String word) {
    if (word.endsWith("ies")) {
      return word.substring(0, word.length() - 3) + "y";
    }
    return word.endsWith("s") && !word.endsWith("ss") ? word.substring(0, word.length() - 1) : word;
  }

  private static String camel(String segment, boolean capital) {
    StringBuilder word = new StringBuilder();
    for (String part : segment.split("[^A-Za-z0-9]+")) {
      if (!part.isEmpty()) {
        word.append(word.isEmpty() && !capital ? part : capital(part));
      }
    }
    return word.toString();
  }

  private static String capital(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
