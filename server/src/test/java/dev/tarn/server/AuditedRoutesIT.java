package dev.tarn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.kernel.config.Config;
import dev.tarn.kernel.http.Route;
import dev.tarn.server.client.TarnClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each route leaves one record of each call, whoever calls; so does what is no route. */
class AuditedRoutesIT {
  private static final String AGENT = "route-";

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, String> expected = new HashMap<>();

  @Test
  void eachRouteYieldsOneRecordOfEachCall() throws Exception {
    ServerConfig config =
        ServerConfig.from(
            Config.load(Path.of("absent.yaml"), Map.of(), Map.of("server.port", "0")));
    try (TarnServer server = TarnServer.start(config, folder)) {
      String token = Files.readString(server.administratorToken()).strip();
      TarnClient administrator = new TarnClient(server.url().toString(), token);
      administrator.awaitReady(Duration.ofMinutes(3));
      server.ready().get(1, TimeUnit.MINUTES);
      assertThat(server.routes()).hasSizeGreaterThan(80);
      for (Route route : server.routes()) {
        String path =
            route.path().replaceAll("\\{[^}]*\\.\\.\\.}", "/x").replaceAll("\\{[^}]*}", "x");
        call(server, route.method().name(), path.replace("//", "/"), token);
        call(server, route.method().name(), path.replace("//", "/"), "dapi0");
      }
      call(server, "GET", "/api/9.9/no-such", token);
      call(server, "OPTIONS", "/api/2.0/sql/warehouses", token);
      Map<String, String> found = new HashMap<>();
      List<List<String>> rows =
          administrator
              .sql(
                  "SELECT user_agent, collect_list(response.status_code)[0], count(*), "
                      + "count(DISTINCT event_id), max(service_name), max(action_name)"
                      + " FROM system.access.audit WHERE startswith(user_agent, 'route-')"
                      + " GROUP BY user_agent")
              .rows();
      for (List<String> row : rows) {
        assertThat(row.get(2)).as(row.toString()).isEqualTo("1");
        assertThat(row.get(3)).as(row.toString()).isEqualTo("1");
        assertThat(row.get(4)).as(row.toString()).matches("[a-z][A-Za-z.]+");
        assertThat(row.get(5)).as(row.toString()).matches("[a-z][A-Za-z]+");
        found.put(row.get(0), row.get(1));
      }
      assertThat(found).isEqualTo(expected);
    }
  }

  /** Calls and notes the status that the record is to have. */
  private void call(TarnServer server, String method, String path, String token) throws Exception {
    String agent = AGENT + expected.size() + ' ' + method + ' ' + path;
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(server.url() + path))
                .method(method, HttpRequest.BodyPublishers.ofString("{}"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("User-Agent", agent)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    expected.put(agent, Integer.toString(response.statusCode()));
  }
}
