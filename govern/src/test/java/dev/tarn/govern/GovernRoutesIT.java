package dev.tarn.govern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Method;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.json.Json;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JSON that clients of identity and Unity Catalog send and get. */
class GovernRoutesIT {
  @TempDir Path data;
  private Platform platform;
  private List<Route> routes;
  private Principal admin;

  private record Call(
      Principal principal, Map<String, String> path, Map<String, String> query, String text)
      implements Request {
    @Override
    public String path(String name) {
      return path.get(name);
    }

    @Override
    public Optional<String> query(String name) {
      return Optional.ofNullable(query.get(name));
    }

    @Override
    public Optional<String> header(String name) {
      return Optional.empty();
    }

    @Override
    public InputStream body() {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public <T> T json(Class<T> type) {
      return Json.read(text, type);
    }
  }

  @BeforeEach
  void open() {
    platform = new Platform(data, DatabaseConfig.defaults(), Govern.MIGRATIONS);
    Govern govern = new Govern(platform.database(), platform.identity()::exists, data + "/storage");
    admin = platform.identity().principal("admin");
    govern.bootstrap(admin);
    routes = new ArrayList<>();
    for (Capability capability : platform.capabilities(request -> URI.create("http://tarn.test"))) {
      routes.addAll(capability.routes());
    }
    for (Capability capability : govern.capabilities(staged -> {}, (table, commit) -> {})) {
      routes.addAll(capability.routes());
    }
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private JsonNode call(
      Principal principal,
      Method method,
      String route,
      Map<String, String> path,
      Map<String, String> query,
      String body)
      throws Exception {
    Route found =
        routes.stream()
            .filter(r -> r.method() == method && r.path().equals(route))
            .findFirst()
            .orElseThrow();
    Response response = found.handler().handle(new Call(principal, path, query, body));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    response.body().writeTo(out);
    return Json.tree(out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void a_user_is_made_gets_a_token_and_sees_what_is_granted() throws Exception {
    JsonNode made =
        call(
            admin,
            Method.POST,
            "/api/2.0/preview/scim/v2/Users",
            Map.of(),
            Map.of(),
            "{\"userName\":\"Ann\",\"groups\":[{\"display\":\"analysts\"}],\"unknown\":1}");
    assertThat(made.path("userName").asText()).isEqualTo("ann");
    JsonNode token =
        call(
            admin,
            Method.POST,
            "/api/2.0/token-management/on-behalf-of/tokens",
            Map.of(),
            Map.of(),
            "{\"application_id\":\"ann\",\"comment\":\"c\",\"lifetime_seconds\":60}");
    Principal ann = platform.identity().authenticate(token.path("token_value").asText());
    assertThat(token.at("/token_info/expiry_time").asLong()).isPositive();
    JsonNode me = call(ann, Method.GET, "/api/2.0/preview/scim/v2/Me", Map.of(), Map.of(), "");
    assertThat(me.at("/groups/0/display").asText()).isEqualTo("analysts");
    assertThat(
            call(ann, Method.GET, "/api/2.0/token/list", Map.of(), Map.of(), "")
                .path("token_infos"))
        .hasSize(1);

    String catalogs = "/api/2.1/unity-catalog/catalogs";
    Map<String, String> defaultPage = Map.of("max_results", "0");
    assertThat(call(ann, Method.GET, catalogs, Map.of(), defaultPage, "").findValuesAsText("name"))
        .containsExactly("system");
    JsonNode granted =
        call(
            admin,
            Method.PATCH,
            "/api/2.1/unity-catalog/permissions/{securable_type}/{full_name}",
            Map.of("securable_type", "catalog", "full_name", "main"),
            Map.of(),
            "{\"changes\":[{\"principal\":\"analysts\",\"add\":[\"USE_CATALOG\",\"USE SCHEMA\"]}]}");
    assertThat(Json.string(granted))
        .isEqualTo(
            "{\"privilege_assignments\":[{\"principal\":\"analysts\","
                + "\"privileges\":[\"USE_CATALOG\",\"USE_SCHEMA\"]}]}");
    assertThat(
            call(ann, Method.GET, catalogs, Map.of(), defaultPage, "")
                .at("/catalogs/0/name")
                .asText())
        .isEqualTo("main");
    JsonNode effective =
        call(
            admin,
            Method.GET,
            "/api/2.1/unity-catalog/effective-permissions/{securable_type}/{full_name}",
            Map.of("securable_type", "schema", "full_name", "main.default"),
            Map.of(),
            "");
    assertThat(effective.at("/privilege_assignments/0/privileges/0/inherited_from_name").asText())
        .isEqualTo("main");
    assertThatThrownBy(
            () ->
                call(
                    ann,
                    Method.POST,
                    "/api/2.1/unity-catalog/schemas",
                    Map.of(),
                    Map.of(),
                    "{\"name\":\"s\",\"catalog_name\":\"main\"}"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("CREATE SCHEMA");
  }

  @Test
  void long_listings_come_in_pages() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      call(
          admin,
          Method.POST,
          "/api/2.1/unity-catalog/volumes",
          Map.of(),
          Map.of(),
          "{\"catalog_name\":\"main\",\"schema_name\":\"default\",\"volume_type\":\"MANAGED\","
              + "\"name\":\""
              + name
              + "\"}");
    }
    List<String> seen = new ArrayList<>();
    String token = "";
    do {
      JsonNode page =
          call(
              admin,
              Method.GET,
              "/api/2.1/unity-catalog/volumes",
              Map.of(),
              Map.of(
                  "catalog_name", "main",
                  "schema_name", "default",
                  "max_results", "2",
                  "page_token", token),
              "");
      page.path("volumes").forEach(volume -> seen.add(volume.path("full_name").asText()));
      token = page.path("next_page_token").asText("");
    } while (!token.isEmpty());
    assertThat(seen).containsExactly("main.default.a", "main.default.b", "main.default.c");
  }

  @Test
  void who_deletes_what_a_page_shows_misses_nothing_of_the_next() throws Exception {
    String route = "/api/2.1/unity-catalog/models";
    for (String name : List.of("a", "b", "c", "d", "e")) {
      call(
          admin,
          Method.POST,
          route,
          Map.of(),
          Map.of(),
          "{\"catalog_name\":\"main\",\"schema_name\":\"default\",\"name\":\"" + name + "\"}");
    }
    List<String> seen = new ArrayList<>();
    String token = "";
    do {
      JsonNode page =
          call(
              admin,
              Method.GET,
              route,
              Map.of(),
              Map.of("max_results", "2", "page_token", token),
              "");
      for (JsonNode model : page.path("registered_models")) {
        seen.add(model.path("name").asText());
        call(
            admin,
            Method.DELETE,
            route + "/{full_name}",
            Map.of("full_name", model.path("full_name").asText()),
            Map.of(),
            "");
      }
      token = page.path("next_page_token").asText("");
    } while (!token.isEmpty());
    assertThat(seen).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void who_revokes_what_a_page_shows_misses_no_grant_of_the_next() throws Exception {
    String route = "/api/2.1/unity-catalog/permissions/{securable_type}/{full_name}";
    Map<String, String> catalog = Map.of("securable_type", "catalog", "full_name", "main");
    List<String> names = List.of("a@paged", "b@paged", "c@paged", "d@paged", "e@paged");
    for (String name : names) {
      call(
          admin,
          Method.POST,
          "/api/2.0/preview/scim/v2/Users",
          Map.of(),
          Map.of(),
          "{\"userName\":\"" + name + "\"}");
      call(admin, Method.PATCH, route, catalog, Map.of(), change(name, "add"));
    }
    List<String> seen = new ArrayList<>();
    String token = "";
    do {
      JsonNode page =
          call(
              admin,
              Method.GET,
              route,
              catalog,
              Map.of("max_results", "2", "page_token", token),
              "");
      for (JsonNode assignment : page.path("privilege_assignments")) {
        String name = assignment.path("principal").asText();
        if (name.endsWith("@paged")) {
          seen.add(name);
          call(admin, Method.PATCH, route, catalog, Map.of(), change(name, "remove"));
        }
      }
      token = page.path("next_page_token").asText("");
    } while (!token.isEmpty());
    assertThat(seen).isEqualTo(names);
  }

  private static String change(String principal, String what) {
    return "{\"changes\":[{\"principal\":\""
        + principal
        + "\",\""
        + what
        + "\":[\"USE_CATALOG\"]}]}";
  }

  @Test
  void a_search_answers_what_was_found_page_by_page() throws Exception {
    String route = "/api/2.0/tarn/search";
    JsonNode found =
        call(admin, Method.GET, route, Map.of(), Map.of("q", "main", "types", "catalog"), "");
    assertThat(found.path("results")).hasSize(1);
    JsonNode hit = found.path("results").get(0);
    assertThat(hit.path("securable_type").asText()).isEqualTo("CATALOG");
    assertThat(hit.path("full_name").asText()).isEqualTo("main");
    assertThat(hit.path("browse_only").asBoolean(true)).isFalse();
    assertThat(found.has("next_page_token")).isFalse();
    JsonNode first =
        call(admin, Method.GET, route, Map.of(), Map.of("q", "main", "max_results", "1"), "");
    assertThat(first.path("results").get(0).path("full_name").asText()).isEqualTo("main");
    JsonNode second =
        call(
            admin,
            Method.GET,
            route,
            Map.of(),
            Map.of(
                "q",
                "main",
                "max_results",
                "1",
                "page_token",
                first.path("next_page_token").asText()),
            "");
    assertThat(second.path("results").get(0).path("full_name").asText()).isEqualTo("main.default");
    assertThatThrownBy(
            () ->
                call(
                    admin,
                    Method.GET,
                    route,
                    Map.of(),
                    Map.of("q", "main", "types", "metastore"),
                    ""))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("'types'");
    assertThatThrownBy(() -> call(admin, Method.GET, route, Map.of(), Map.of(), ""))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("'q'");
  }
}
