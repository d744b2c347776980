package dev.tarn.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Method;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.testkit.fuzz.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Any path has a route, has none, or is refused for how it is encoded. */
class RouterFuzzTest {
  private static final Router ROUTER =
      new Router(
          List.of(
              route("/tables/{name}/columns"),
              route("/tables/summary/{a}/{b}"),
              route("/statements/"),
              route("/files{path...}"),
              route("/shares/{share}/all/{rest...}")));

  private static Route route(String path) {
    return new Route(Method.GET, path, Access.PUBLIC, request -> Response.noContent());
  }

  static Stream<byte[]> seeds() {
    return Stream.of(
            "/tables/a%2Fb/columns",
            "/tables/summary/%F0%9F%90%A6/%25",
            "/statements/",
            "/files/Volumes/a%20b//%2e%2e/c",
            "/shares/%C3%28/all/",
            "/%00%")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @FuzzTest
  @MethodSource("seeds")
  void matches(byte[] input) {
    String path = "/" + new String(input, StandardCharsets.UTF_8);
    for (String each : List.of(path, path.substring(1).isEmpty() ? "/" : path.substring(1))) {
      try {
        ROUTER.match(Method.HEAD, each).ifPresent(m -> assertThat(m.parameters()).isNotNull());
        ROUTER.methods(each);
      } catch (TarnException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER_VALUE);
      }
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void slice() {
    Mutations.run("RouterFuzzTest", seeds(), 20_000, this::matches);
  }
}
