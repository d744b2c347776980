package dev.tarn.acceptance.matrix;

import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.server.client.ClientException;
import dev.tarn.server.client.TarnClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Names that want to be taken for something else, given to everything that has a name. Each is
 * refused in so many words, or is the name of something new that nobody mistakes for another.
 */
final class HostileNames {
  private static final String UNITY = "/api/2.1/unity-catalog/";
  private static final String SCIM = "/api/2.0/preview/scim/v2/";

  /** Of what there is already in the matrix's world: the catalog, the schema, the volume. */
  private static final List<String> LOOK_ALIKES =
      List.of(
          "mаtrix",
          "ｍatrix",
          "matrıx",
          "matrix\u200b",
          "matrix\u0301",
          "\u202emirtam",
          "ma\u00adtrix");

  private static final List<String> NAMES =
      List.of(
          "..",
          ".",
          "a/b",
          "../../a",
          "a\\b",
          "a.b",
          " ",
          " matrix",
          "matrix ",
          "a\nb",
          "a\u0000b",
          "a\u007fb",
          "x'; DROP CATALOG matrix; --",
          "x'--",
          "x\"--",
          "x`y",
          "x`;DROP",
          "%2e%2e",
          "%2e%2e%2fa",
          "${jndi:ldap://127.0.0.1/a}",
          "{{7*7}}",
          "<script>",
          "İstanbul",
          "K",
          "ſ",
          "x".repeat(300));

  private final Rest rest;
  private final Rest nobody;
  private final TarnClient sql;
  private final List<String> wrong = new ArrayList<>();
  private int tried;

  /**
   * @param rest an administrator's
   * @param nobody of a user to whom nothing is granted
   */
  HostileNames(Rest rest, Rest nobody, TarnClient sql) {
    this.rest = rest;
    this.nobody = nobody;
    this.sql = sql;
  }

  int tried() {
    return tried;
  }

  /** What was taken amiss. */
  List<String> tried(String catalog, String schema) {
    List<String> names = new ArrayList<>(NAMES);
    names.addAll(LOOK_ALIKES);
    for (String name : names) {
      named("catalogs", name, Map.of("name", name), name);
      named("schemas", name, Map.of("name", name, "catalog_name", catalog), catalog + "." + name);
      Map<String, Object> inSchema = new HashMap<>();
      inSchema.put("name", name);
      inSchema.put("catalog_name", catalog);
      inSchema.put("schema_name", schema);
      String full = catalog + "." + schema + "." + name;
      named("models", name, inSchema, full);
      inSchema.put("volume_type", "MANAGED");
      named("volumes", name, inSchema, full);
      member("Users", "userName", name);
      member("Groups", "displayName", name);
      statements(catalog, schema, name);
      paths(catalog, schema, name);
    }
    return wrong;
  }

  private void named(String kind, String name, Map<String, Object> body, String fullName) {
    Rest.Answer made = rest.post(UNITY + kind, body);
    check(kind, name, made);
    if (made.status() >= 300) {
      return;
    }
    String stored = made.json().path("name").asText();
    String one = UNITY + kind + "/" + encoded(fullName);
    Rest.Answer found = rest.get(one);
    if (!stored.equals(name.toLowerCase(Locale.ROOT))
        || !found.json().path("name").asText().equals(stored)) {
      wrong.add(kind + " '" + name + "' became '" + stored + "', found as " + found);
    }
    if (nobody.get(one).status() < 300) {
      wrong.add(kind + " '" + name + "' is seen by who was granted nothing");
    }
    check("deleting of " + kind, name, rest.delete(one + "?force=true"));
  }

  private void member(String kind, String field, String name) {
    Rest.Answer made = rest.post(SCIM + kind, Map.of(field, name));
    check(kind, name, made);
    if (made.status() < 300) {
      rest.delete(SCIM + kind + "/" + made.json().path("id").asText());
    }
  }

  private void statements(String catalog, String schema, String name) {
    String quoted = '`' + name.replace("`", "``") + '`';
    String text = "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'";
    String in = catalog + "." + schema + ".";
    List<String> all =
        List.of(
            "DESCRIBE TABLE " + in + quoted,
            "SELECT * FROM " + in + quoted + ".x",
            "SELECT " + in + quoted + "(1)",
            "GRANT SELECT ON TABLE " + in + "t TO " + quoted,
            "SHOW GRANTS " + quoted + " ON TABLE " + in + quoted,
            "USE CATALOG " + quoted,
            "SHOW TABLES IN " + catalog + "." + quoted,
            "DROP TABLE IF EXISTS " + in + quoted,
            "SHOW SCHEMAS IN " + catalog + " LIKE " + text,
            "SET TAG ON TABLE " + in + "t " + quoted + " = " + quoted,
            "SELECT * FROM read_files(" + text + ", format => 'text')");
    // A third of them for each name, another third for the next.
    for (int i = tried % 3; i < all.size(); i += 3) {
      String statement = all.get(i);
      tried++;
      try {
        sql.sql(statement);
      } catch (ClientException e) {
        if (e.errorCode() == null || e.errorCode().contains("INTERNAL")) {
          wrong.add(statement + ": " + e.errorCode() + " " + e.getMessage());
        }
      }
    }
  }

  /** No name of a file leads out of its volume, and no name of a volume into another. */
  private void paths(String catalog, String schema, String name) {
    String files = "/api/2.0/fs/files/Volumes/" + catalog + "/";
    for (String path :
        List.of(
            encoded(schema) + "/files/" + encoded(name),
            encoded(schema) + "/" + encoded(name) + "/given",
            encoded(name) + "/files/given",
            schema + "/files/" + encoded("../files/given"),
            schema + "/files/" + encoded(name + "/../../../../../../etc/passwd"),
            schema + "/files/x/" + encoded("..") + "/" + encoded("..") + "/" + encoded(name))) {
      Rest.Answer read = rest.get(files + path);
      check("reading of", path, read);
      if (read.status() < 300) {
        wrong.add("a file is found at " + path);
      }
      Rest.Answer written = nobody.call("PUT", files + path, new byte[0]);
      check("writing of", path, written);
      if (written.status() < 300
          || nobody.get(files + path.toUpperCase(Locale.ROOT)).status() < 300) {
        wrong.add("whom nothing is granted writes or reads " + path);
      }
    }
  }

  /** Refused as the caller's mistake, or done; never taken amiss. */
  private void check(String what, String name, Rest.Answer answer) {
    tried++;
    if (answer.status() >= 500) {
      wrong.add(what + " '" + name + "': " + answer);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
