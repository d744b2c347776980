package dev.tarn.acceptance.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.acceptance.matrix.AccessModel.Grant;
import dev.tarn.acceptance.matrix.AccessModel.Thing;
import dev.tarn.server.client.TarnClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** What the matrix is about: two schemas with everything in them, and users in nested groups. */
final class World implements AutoCloseable {
  static final String CATALOG = "matrix";
  static final Thing TABLE = new Thing("TABLE", CATALOG + ".a.t");
  static final Thing OTHER = new Thing("TABLE", CATALOG + ".b.t");
  static final Thing VIEW = new Thing("VIEW", CATALOG + ".a.v");
  static final Thing FUNCTION = new Thing("FUNCTION", CATALOG + ".a.f");

  /** Reads {@link #OTHER} with its owner's rights. */
  static final Thing READER = new Thing("FUNCTION", CATALOG + ".a.reader");

  static final Thing MODEL = new Thing("MODEL", CATALOG + ".a.m");

  /** In no schema, and with a file in it. */
  static final Thing LOCATION = new Thing("EXTERNAL LOCATION", "matrix_place");

  static final Thing CREDENTIAL = new Thing("STORAGE CREDENTIAL", "matrix_role");
  static final Thing CONNECTION = new Thing("CONNECTION", "matrix_db");

  /** A tag that only administrators put on things. */
  static final String GOVERNED = "matrix_governed";

  static final Thing VOLUME = new Thing("VOLUME", CATALOG + ".a.files");
  static final List<String> USERS = List.of("matrix-1", "matrix-2", "matrix-3", "matrix-4");

  /** In no group, and granted nothing by name. */
  static final String NOBODY = "matrix-nobody";

  static final Map<String, Set<String>> GROUPS =
      new LinkedHashMap<>(
          Map.of(
              "matrix-inner", Set.of("matrix-1", "matrix-2"),
              "matrix-outer", Set.of("matrix-inner", "matrix-3")));

  private static final List<String> ON_TABLES =
      List.of("SELECT", "MODIFY", "BROWSE", "MANAGE", "APPLY TAG");
  private static final List<String> ON_SCHEMAS =
      List.of(
          "USE SCHEMA",
          "SELECT",
          "MODIFY",
          "EXECUTE",
          "READ VOLUME",
          "BROWSE",
          "CREATE TABLE",
          "CREATE VOLUME",
          "APPLY TAG",
          "MANAGE");

  private final Tarn tarn;
  private final TarnClient administrator;
  private final Map<String, String> tokens = new HashMap<>();
  private final List<String> undo = new ArrayList<>();

  World(Tarn tarn) {
    this.tarn = tarn;
    this.administrator = tarn.administrator();
    Rest rest = new Rest(tarn.url(), tarn.administratorToken());
    Map<String, String> ids = new HashMap<>();
    for (String user : USERS) {
      ids.put(user, member(rest, "Users", Map.of("userName", user)));
      tokens.put(user, administrator.createTokenFor(user, "matrix", Duration.ofHours(2)));
    }
    member(rest, "Users", Map.of("userName", NOBODY));
    tokens.put(NOBODY, administrator.createTokenFor(NOBODY, "matrix", Duration.ofHours(2)));
    for (String group : List.of("matrix-inner", "matrix-outer")) {
      List<Map<String, String>> members =
          GROUPS.get(group).stream().map(name -> Map.of("value", ids.get(name))).toList();
      ids.put(group, member(rest, "Groups", Map.of("displayName", group, "members", members)));
    }
    for (String sql :
        List.of(
            "CREATE CATALOG " + CATALOG,
            "CREATE SCHEMA " + CATALOG + ".a",
            "CREATE SCHEMA " + CATALOG + ".b",
            "CREATE TABLE " + TABLE.path() + " AS SELECT id, 'hidden' AS text FROM range(3)",
            "CREATE TABLE " + OTHER.path() + " AS SELECT id, 'hidden' AS text FROM range(3)",
            "CREATE VIEW " + VIEW.path() + " AS SELECT id FROM " + OTHER.path(),
            "CREATE FUNCTION " + FUNCTION.path() + "(x BIGINT) RETURNS BIGINT RETURN x + 1",
            "CREATE FUNCTION "
                + READER.path()
                + "() RETURNS BIGINT RETURN (SELECT max(id) FROM "
                + OTHER.path()
                + ")",
            "CREATE VOLUME " + VOLUME.path(),
            "CREATE STORAGE CREDENTIAL matrix_role WITH (role_arn = 'arn:aws:iam::1:role/x')",
            "CREATE CONNECTION matrix_db TYPE postgresql OPTIONS (host 'db.example', port '5432')",
            "CREATE EXTERNAL LOCATION matrix_place URL '"
                + place()
                + "' WITH (STORAGE CREDENTIAL server)")) {
      administrator.sql(sql);
    }
    made(
        rest.post(
            "/api/2.1/unity-catalog/models",
            Map.of("catalog_name", CATALOG, "schema_name", "a", "name", "m")));
    made(rest.post("/api/2.1/tag-policies", Map.of("tag_key", GOVERNED)));
    try {
      Files.writeString(Files.createDirectories(placed()).resolve("given.txt"), "given");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    administrator.putFile(file("given"), "given".getBytes(StandardCharsets.UTF_8));
  }

  private static String member(Rest rest, String kind, Map<String, Object> body) {
    return made(rest.post("/api/2.0/preview/scim/v2/" + kind, body)).json().path("id").asText();
  }

  private static Rest.Answer made(Rest.Answer answer) {
    if (answer.status() > 201) {
      throw new AssertionError(answer);
    }
    return answer;
  }

  private Path placed() {
    return tarn.home().resolve("matrix-place");
  }

  /** The URL of {@link #LOCATION}. */
  String place() {
    return "file://" + placed();
  }

  static String file(String name) {
    return "/Volumes/" + VOLUME.path().replace('.', '/') + "/" + name;
  }

  /** Where the table's files lie, and its id. */
  List<String> filesOfTable() {
    Rest rest = new Rest(tarn.url(), tarn.administratorToken());
    JsonNode table = rest.get("/api/2.1/unity-catalog/tables/" + TABLE.path()).json();
    return List.of(table.path("storage_location").asText(), table.path("table_id").asText());
  }

  /** Takes away what lies in no catalog, and would be seen by other tests of the same Tarn. */
  @Override
  public void close() {
    for (String sql :
        List.of(
            "DROP CATALOG " + CATALOG + " CASCADE",
            "DROP EXTERNAL LOCATION matrix_place FORCE",
            "DROP CONNECTION matrix_db",
            "DROP STORAGE CREDENTIAL matrix_role")) {
      administrator.sql(sql);
    }
    new Rest(tarn.url(), tarn.administratorToken()).delete("/api/2.1/tag-policies/" + GOVERNED);
  }

  String token(String user) {
    return tokens.get(user);
  }

  Tarn tarn() {
    return tarn;
  }

  TarnClient administrator() {
    return administrator;
  }

  /** Takes back what was granted before and grants anew, at random. */
  AccessModel deal(Random random) {
    undo.forEach(administrator::sql);
    undo.clear();
    AccessModel model = new AccessModel(GROUPS);
    List<String> principals = new ArrayList<>(USERS);
    principals.addAll(GROUPS.keySet());
    // Without the way to them, nothing else would be tried.
    deal(model, new Grant(pick(random, principals), "USE CATALOG", Thing.catalog(CATALOG)));
    deal(model, new Grant("matrix-outer", "USE CATALOG", Thing.catalog(CATALOG)));
    deal(model, new Grant(pick(random, principals), "USE SCHEMA", TABLE.schema()));
    deal(model, new Grant(pick(random, principals), "USE SCHEMA", TABLE.schema()));
    if (random.nextInt(4) == 0) {
      deal(model, new Grant(AccessModel.EVERYBODY, "USE SCHEMA", OTHER.schema()));
    }
    for (int i = 0; i < 14; i++) {
      deal(model, any(random, pick(random, principals)));
    }
    if (random.nextInt(3) == 0) {
      own(model, pick(random, List.of(TABLE.schema(), TABLE, OTHER)), pick(random, principals));
    }
    return model;
  }

  private static Grant any(Random random, String principal) {
    Thing thing =
        pick(
            random,
            List.of(
                Thing.catalog(CATALOG),
                TABLE.schema(),
                OTHER.schema(),
                TABLE,
                TABLE,
                OTHER,
                VIEW,
                FUNCTION,
                READER,
                VOLUME,
                MODEL,
                LOCATION,
                LOCATION,
                CREDENTIAL,
                CONNECTION));
    List<String> privileges =
        switch (thing.type()) {
          case "CATALOG", "SCHEMA" -> ON_SCHEMAS;
          case "TABLE" -> ON_TABLES;
          case "VIEW" -> List.of("SELECT", "BROWSE", "ALL PRIVILEGES");
          case "FUNCTION", "MODEL" -> List.of("EXECUTE", "BROWSE", "ALL PRIVILEGES");
          case "EXTERNAL LOCATION" ->
              List.of(
                  "READ FILES",
                  "WRITE FILES",
                  "CREATE EXTERNAL TABLE",
                  "CREATE EXTERNAL VOLUME",
                  "BROWSE",
                  "ALL PRIVILEGES");
          case "STORAGE CREDENTIAL" ->
              List.of("READ FILES", "CREATE EXTERNAL TABLE", "CREATE EXTERNAL LOCATION", "MANAGE");
          case "CONNECTION" -> List.of("USE CONNECTION", "CREATE FOREIGN CATALOG", "MANAGE");
          default -> List.of("READ VOLUME", "WRITE VOLUME", "ALL PRIVILEGES");
        };
    return new Grant(principal, pick(random, privileges), thing);
  }

  private void deal(AccessModel model, Grant grant) {
    administrator.sql(grant.sql());
    undo.add(grant.sql().replace("GRANT ", "REVOKE ").replace(" TO ", " FROM "));
    model.granted(grant);
  }

  private void own(AccessModel model, Thing thing, String owner) {
    String alter = "ALTER " + thing.type() + " " + thing.path() + " OWNER TO `";
    administrator.sql(alter + owner + "`");
    undo.add(alter + administrator.currentUser() + "`");
    model.owned(thing, owner);
  }

  static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
