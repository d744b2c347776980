package dev.tarn.acceptance.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.server.client.TarnClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** {@code tarn up} in an empty home, started once for all tests that ask for a {@link Tarn}. */
public final class TarnUnderTest implements ParameterResolver {
  private static final ExtensionContext.Namespace SCOPE =
      ExtensionContext.Namespace.create(TarnUnderTest.class);

  /** A serving Tarn. */
  public record Tarn(Path home, Path data, Launched up, String url) implements AutoCloseable {

    /** Starts one on a free port and waits until statements can run. */
    public static Tarn start(Path home, Path data) {
      return start(home, data, 0, "");
    }

    /**
     * Starts one and waits until statements can run.
     *
     * @param port 0 for a free one
     * @param javaOptions of its JVM, split at spaces; may be empty
     */
    public static Tarn start(Path home, Path data, int port, String javaOptions) {
      Launched up =
          Launched.start(
              home,
              Map.of("TARN_JAVA_OPTS", javaOptions),
              "up",
              "--data",
              data.toString(),
              "--port",
              Integer.toString(port),
              "--https-port",
              "0");
      String url = up.awaitLine("listens on (http://[0-9.:]+)", Duration.ofMinutes(2));
      up.awaitLine("(SQL is ready)", Duration.ofMinutes(2));
      return new Tarn(home, data, up, url);
    }

    /** Acts as the administrator. */
    public TarnClient administrator() {
      return new TarnClient(url, administratorToken());
    }

    public String administratorToken() {
      try {
        return Files.readString(data.resolve("admin.token")).strip();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public int port() {
      return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    }

    /** The port that speaks TLS only. */
    public int httpsPort() {
      return Integer.parseInt(up.awaitLine("and on port ([0-9]+)", Duration.ofMinutes(1)));
    }

    /** Whatever went wrong before, other statements must run. */
    public void assertServes() {
      assertThat(up.isRunning()).as(up.told()).isTrue();
      assertThat(administrator().sql("SELECT 1").rows()).containsExactly(List.of("1"));
    }

    @Override
    public void close() {
      up.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Tarn.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(SCOPE)
        .getOrComputeIfAbsent(Tarn.class, type -> start(), Tarn.class);
  }

  private static Tarn start() {
    try {
      Path home = Files.createTempDirectory("tarn-acceptance");
      return Tarn.start(home, home.resolve("data"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
