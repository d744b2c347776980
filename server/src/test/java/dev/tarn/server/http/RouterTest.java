package dev.tarn.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Method;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterTest {
  private final Router router =
      new Router(
          List.of(
              route(Method.GET, "/tables/{name}"),
              route(Method.GET, "/tables/{name}/columns"),
              route(Method.GET, "/tables/summary"),
              route(Method.POST, "/statements/"),
              route(Method.GET, "/statements/{id}"),
              route(Method.GET, "/files{path...}"),
              route(Method.GET, "/shares/{share}/all/{rest...}"),
              route(Method.DELETE, "/files{path...}")));

  private static Route route(Method method, String path) {
    return new Route(method, path, Access.PUBLIC, request -> Response.noContent());
  }

  private String path(Method method, String path) {
    return router.match(method, path).map(m -> m.route().path()).orElse("none");
  }

  private Map<String, String> values(String path) {
    return router.match(Method.GET, path).orElseThrow().parameters();
  }

  @Test
  void aLiteralWinsOverAParameter() {
    assertThat(path(Method.GET, "/tables/summary")).isEqualTo("/tables/summary");
    assertThat(path(Method.GET, "/tables/t1")).isEqualTo("/tables/{name}");
    assertThat(path(Method.GET, "/tables/summary/columns")).isEqualTo("/tables/{name}/columns");
  }

  @Test
  void decodesAParameterAfterSplitting() {
    assertThat(values("/tables/a%2Fb%20c%C3%A4+d")).containsExactly(Map.entry("name", "a/b cä+d"));
  }

  @Test
  void handsOnTheRestOfThePath() {
    assertThat(values("/files/Volumes/a/b%20c")).containsEntry("path", "/Volumes/a/b c");
    assertThat(values("/files/a/")).containsEntry("path", "/a/");
    assertThat(values("/files")).containsEntry("path", "");
    assertThat(values("/shares/s/all/x/y"))
        .containsEntry("rest", "x/y")
        .containsEntry("share", "s");
    assertThat(path(Method.GET, "/filesystem")).isEqualTo("none");
  }

  @Test
  void aSlashAtTheEndIsTakenOnlyWhereTheRouteHasOne() {
    assertThat(path(Method.POST, "/statements")).isEqualTo("/statements/");
    assertThat(path(Method.POST, "/statements/")).isEqualTo("/statements/");
    assertThat(path(Method.GET, "/tables/t1/")).isEqualTo("none");
    assertThat(path(Method.GET, "/statements/")).isEqualTo("none");
  }

  @Test
  void headFallsBackToGet() {
    assertThat(path(Method.HEAD, "/tables/t1")).isEqualTo("/tables/{name}");
    assertThat(router.methods("/files/x")).containsExactly("DELETE", "GET", "HEAD");
    assertThat(router.methods("/nothing")).isEmpty();
  }

  @Test
  void refusesAPathThatIsNotUtf8() {
    assertThatThrownBy(() -> values("/tables/%ff")).isInstanceOf(TarnException.class);
    assertThatThrownBy(() -> values("/tables/%4")).isInstanceOf(TarnException.class);
  }

  @Test
  void refusesTwoRoutesForOnePath() {
    assertThatThrownBy(
            () -> new Router(List.of(route(Method.GET, "/a/{b}"), route(Method.GET, "/a/{c}"))))
        .hasMessageContaining("/a/{c}");
  }
}
