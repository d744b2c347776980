package dev.tarn.acceptance.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.acceptance.connect.ConnectProcess;
import dev.tarn.acceptance.jdbc.JdbcProcess;
import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.acceptance.matrix.AccessModel.Thing;
import dev.tarn.server.client.ClientException;
import dev.tarn.server.client.TarnClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Principals × privileges × securables × paths: grants are dealt at random, everybody tries
 * everything on a protocol that changes, and each verdict must be the model's. More with {@code
 * -Dtarn.matrix.deals=…}; the seed is printed and can be given as {@code -Dtarn.matrix.seed=…}.
 */
@ExtendWith(TarnUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessMatrixIT {
  private static final int DEALS = Integer.getInteger("tarn.matrix.deals", 2);
  private static final String UNITY = "/api/2.1/unity-catalog/";

  private static final List<String> DENIED =
      List.of(
          "PERMISSION_DENIED",
          "42501",
          "UNRESOLVED_ROUTINE",
          // Paths in the place of names, and settings of the server.
          "contains a character that names may not have",
          "has '.' or '..' in it",
          "CONFIG_NOT_AVAILABLE");

  private final World world;
  private final List<String> wrong = new ArrayList<>();
  private int tried;
  private int allowed;

  AccessMatrixIT(Tarn tarn) {
    this.world = new World(tarn);
  }

  @AfterAll
  void cleanUp() {
    world.close();
  }

  @Test
  void everyVerdictIsTheModels() {
    long seed = Long.getLong("tarn.matrix.seed", 1);
    System.out.println("Seed of the access matrix: " + seed);
    Random random = new Random(seed);
    for (int deal = 0; deal < DEALS; deal++) {
      AccessModel model = world.deal(random);
      int before = wrong.size();
      for (int i = 0; i < World.USERS.size(); i++) {
        String user = World.USERS.get(i);
        attempts(model, user, deal, (deal + i) % 4);
        metadata(model, user);
        looks(model, user);
        others(model, user);
        files(model, user, deal);
      }
      if (wrong.size() > before) {
        wrong.add("  under " + model);
      }
    }
    System.out.println(tried + " verdicts, " + allowed + " of them to allow");
    assertThat(wrong).as("seed " + seed + ", " + tried + " tried").isEmpty();
    assertThat(allowed).isBetween(tried / 20, tried * 19 / 20);
  }

  private void verdict(String how, String what, boolean expected, String failure) {
    tried++;
    allowed += expected ? 1 : 0;
    // A function that may not be called is one that is not there.
    boolean denied = DENIED.stream().anyMatch(failure::contains);
    if (expected ? !failure.isEmpty() : !denied) {
      wrong.add(how + ": " + what + (expected ? " is refused: " : " is not refused: ") + failure);
    }
  }

  private void attempts(AccessModel model, String user, int deal, int protocol) {
    List<Attempt> attempts =
        Attempt.all(
            deal * World.USERS.size() + World.USERS.indexOf(user),
            world.filesOfTable().get(0),
            world.place());
    List<String> failures = failures(user, attempts, protocol);
    for (int i = 0; i < attempts.size(); i++) {
      Attempt attempt = attempts.get(i);
      verdict(
          user + " by " + List.of("SEA", "Connect", "Thrift", "SEA in JDBC").get(protocol),
          attempt.sql(),
          attempt.allowed().test(model, user),
          failures.get(i));
    }
  }

  /** What each attempt failed with; empty if it did not. */
  private List<String> failures(String user, List<Attempt> attempts, int protocol) {
    String token = world.token(user);
    int port = world.tarn().port();
    if (protocol == 0) {
      TarnClient client = new TarnClient(world.tarn().url(), token);
      return attempts.stream().map(a -> failure(client, a.sql())).toList();
    } else if (protocol == 1) {
      try (ConnectProcess connect = ConnectProcess.to(port, token)) {
        for (Thing table : List.of(World.TABLE, World.OTHER)) {
          verdict(
              user + " by Connect",
              "readStream of " + table.path(),
              false,
              connect.failure("stream", table.path(), "matrix.a.made_stream").message());
        }
        return attempts.stream()
            .map(a -> connect.run("sql", a.sql()).failure())
            .map(f -> f == null ? "" : f.condition() + " " + f.sqlState() + " " + f.message())
            .toList();
      }
    }
    JdbcProcess jdbc =
        protocol == 2
            ? JdbcProcess.thrift(port, "default", token, "")
            : new JdbcProcess(port, "default", token, "");
    JdbcProcess.Outcome outcome =
        jdbc.run(attempts.stream().map(a -> "verdict " + a.sql()).toArray(String[]::new));
    assertThat(outcome.rows()).as(outcome.error()).hasSameSizeAs(attempts);
    return outcome.rows().stream().map(row -> String.join(" ", row).strip()).toList();
  }

  private static String failure(TarnClient client, String sql) {
    try {
      client.sql(sql);
      return "";
    } catch (ClientException e) {
      return e.errorCode() + " " + e.getMessage();
    }
  }

  /** Every listing shows what the model lets the user see, and nothing else. */
  private void metadata(AccessModel model, String user) {
    Rest rest = new Rest(world.tarn().url(), world.token(user));
    Set<String> tables = visible(model, user, World.TABLE, World.OTHER, World.VIEW);
    Set<String> listed = new TreeSet<>();
    for (Thing schema : List.of(World.TABLE.schema(), World.OTHER.schema())) {
      listed.addAll(listed(rest, "tables", schema));
    }
    listing(user, "tables", tables, listed);
    Thing schema = World.TABLE.schema();
    listing(
        user,
        "functions",
        visible(model, user, World.FUNCTION, World.READER),
        listed(rest, "functions", schema));
    listing(user, "volumes", visible(model, user, World.VOLUME), listed(rest, "volumes", schema));
    for (Thing thing : List.of(World.TABLE, World.OTHER, World.VIEW)) {
      Rest.Answer answer = rest.get(UNITY + "tables/" + thing.path() + "?include_browse=true");
      verdict(
          user + " by REST",
          "get " + thing.path(),
          model.sees(user, thing),
          answer.status() == 200 ? "" : answer.body());
    }
    TarnClient client = new TarnClient(world.tarn().url(), world.token(user));
    Set<String> described = new TreeSet<>();
    client
        .sql(
            "SELECT table_catalog || '.' || table_schema || '.' || table_name FROM"
                + " system.information_schema.tables WHERE table_catalog = '"
                + World.CATALOG
                + "' AND table_schema IN ('a', 'b')")
        .rows()
        .forEach(row -> described.add(row.get(0)));
    listing(user, "information_schema", tables, described);
  }

  /** What is found in other ways than by lists. */
  private void looks(AccessModel model, String user) {
    Rest rest = new Rest(world.tarn().url(), world.token(user));
    for (Thing thing : List.of(World.TABLE, World.OTHER)) {
      Rest.Answer permissions = rest.get(UNITY + "permissions/table/" + thing.path());
      verdict(
          user + " by REST",
          "permissions of " + thing.path(),
          model.holds(user, "MANAGE", thing),
          permissions.status() == 200 ? "" : permissions.body());
    }
    Rest.Answer files =
        rest.post(
            UNITY + "temporary-table-credentials",
            Map.of("table_id", world.filesOfTable().get(1), "operation", "READ"));
    // Who does not see a table is told that its id is nobody's.
    boolean untold = files.status() == 404 && !model.sees(user, World.TABLE);
    verdict(
        user + " by REST",
        "files of a table",
        false,
        untold ? "PERMISSION_DENIED" : files.status() == 200 ? "" : files.body());
    for (Thing schema : List.of(World.TABLE.schema(), World.OTHER.schema())) {
      Rest.Answer answer = rest.get(UNITY + "schemas/" + schema.path() + "?include_browse=true");
      verdict(
          user + " by REST",
          "get " + schema.path(),
          model.sees(user, schema),
          answer.status() == 200 ? "" : answer.body());
    }
    Set<String> found = new TreeSet<>();
    rest.get("/api/2.0/tarn/search?q=t&types=table&max_results=50")
        .json()
        .path("results")
        .forEach(hit -> found.add(hit.path("full_name").asText()));
    found.retainAll(Set.of(World.TABLE.path(), World.OTHER.path()));
    listing(user, "search", visible(model, user, World.TABLE, World.OTHER), found);
    Set<String> described = new TreeSet<>();
    new TarnClient(world.tarn().url(), world.token(user))
        .sql(
            Stream.of("table columns", "table views", "routine routines", "volume volumes")
                .map(kind -> kind.split(" "))
                .map(
                    kind ->
                        String.format(
                            "SELECT %1$s_schema || '.' || %1$s_name FROM"
                                + " system.information_schema.%2$s WHERE %1$s_catalog = 'matrix'"
                                + " AND %1$s_schema IN ('a', 'b')",
                            kind[0], kind[1]))
                .collect(Collectors.joining(" UNION ")))
        .rows()
        .forEach(row -> described.add("matrix." + row.get(0)));
    listing(
        user,
        "columns, views, routines and volumes",
        visible(
            model,
            user,
            World.TABLE,
            World.OTHER,
            World.VIEW,
            World.FUNCTION,
            World.READER,
            World.VOLUME),
        described);
  }

  @Test
  void noNameIsTakenForAnother() {
    Rest rest = new Rest(world.tarn().url(), world.tarn().administratorToken());
    HostileNames names =
        new HostileNames(
            rest,
            new Rest(world.tarn().url(), world.token(World.NOBODY)),
            world.tarn().administrator());
    List<String> amiss = names.tried(World.CATALOG, "a");
    assertThat(amiss).as(names.tried() + " tried").isEmpty();
    for (Thing thing : List.of(World.TABLE, World.VIEW, World.FUNCTION)) {
      String kind = thing == World.FUNCTION ? "functions/" : "tables/";
      assertThat(rest.get(UNITY + kind + thing.path()).status()).as(thing.path()).isEqualTo(200);
    }
  }

  private static Set<String> visible(AccessModel model, String user, Thing... things) {
    Set<String> visible = new TreeSet<>();
    for (Thing thing : things) {
      if (model.lists(user, thing)) {
        visible.add(thing.path());
      }
    }
    return visible;
  }

  /** Of the world alone: what users have made in between is their own. */
  private static Set<String> listed(Rest rest, String kind, Thing schema) {
    Set<String> listed = new TreeSet<>();
    String path = schema.path();
    String query =
        "?catalog_name="
            + World.CATALOG
            + "&schema_name="
            + path.substring(path.lastIndexOf('.') + 1)
            + "&include_browse=true";
    for (JsonNode each : rest.get(UNITY + kind + query).json().path(kind)) {
      listed.add(each.path("full_name").asText());
    }
    return listed;
  }

  private void listing(String user, String what, Set<String> expected, Set<String> found) {
    Set<String> own = new HashSet<>(found);
    own.removeIf(name -> name.contains(".made_"));
    tried++;
    allowed += expected.isEmpty() ? 0 : 1;
    if (!own.equals(expected)) {
      wrong.add(user + " lists " + what + ": " + own + " instead of " + expected);
    }
  }

  /** What lies in no schema, and models: each is got and listed by whoever sees it. */
  private void others(AccessModel model, String user) {
    Rest rest = new Rest(world.tarn().url(), world.token(user));
    Map<Thing, String> paths =
        Map.of(
            World.MODEL, "models",
            World.LOCATION, "external-locations",
            World.CREDENTIAL, "storage-credentials",
            World.CONNECTION, "connections");
    paths.forEach(
        (thing, path) -> {
          Rest.Answer answer = rest.get(UNITY + path + "/" + thing.path() + "?include_browse=true");
          // Of what lies in no schema nobody is told that it is there.
          verdict(
              user + " by REST",
              "get " + thing,
              model.sees(user, thing),
              answer.status() == 200
                  ? ""
                  : answer.status() == 404 ? "PERMISSION_DENIED" : answer.body());
          boolean listed = false;
          for (JsonNode all : rest.get(UNITY + path + "?include_browse=true").json()) {
            for (JsonNode each : all) {
              listed |= thing.path().endsWith(each.path("name").asText("?"));
            }
          }
          verdict(
              user + " by REST",
              "list " + thing,
              model.sees(user, thing),
              listed ? "" : "PERMISSION_DENIED");
        });
    Rest.Answer handed =
        rest.post(
            UNITY + "temporary-path-credentials",
            Map.of("url", world.place(), "operation", "PATH_READ"));
    verdict(
        user + " by REST", "files of a place", false, handed.status() == 200 ? "" : handed.body());
  }

  private void files(AccessModel model, String user, int deal) {
    Rest rest = new Rest(world.tarn().url(), world.token(user));
    String files = "/api/2.0/fs/files";
    boolean reads = model.can(user, "READ VOLUME", World.VOLUME);
    Rest.Answer read = rest.get(files + World.file("given"));
    verdict(user + " by REST", "read a file", reads, read.status() == 200 ? "" : read.body());
    TarnClient client = new TarnClient(world.tarn().url(), world.token(user));
    verdict(
        user + " by SEA",
        "read_files of a file",
        reads,
        failure(
            client, "SELECT * FROM read_files('" + World.file("given") + "', format => 'text')"));
    Rest.Answer write =
        rest.call(
            "PUT",
            files + World.file("by-" + user + "-" + deal) + "?overwrite=true",
            "mine".getBytes(StandardCharsets.UTF_8));
    verdict(
        user + " by REST",
        "write a file",
        model.can(user, "WRITE VOLUME", World.VOLUME),
        write.status() < 300 ? "" : write.body());
  }
}
