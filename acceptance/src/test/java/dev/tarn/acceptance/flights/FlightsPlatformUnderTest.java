package dev.tarn.acceptance.flights;

import dev.tarn.acceptance.launcher.Launched;
import dev.tarn.server.client.TarnClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The demo, run twice in an empty home as a new user does: once to its end, then with {@code
 * --keep}. Made once for all tests that ask for a {@link Demo}.
 */
public final class FlightsPlatformUnderTest implements ParameterResolver {
  private static final ExtensionContext.Namespace SCOPE =
      ExtensionContext.Namespace.create(FlightsPlatformUnderTest.class);

  /**
   * @param first the first run, which has ended
   * @param serving the second run, which serves
   */
  public record Demo(Path data, Launched first, Launched serving, String url)
      implements AutoCloseable {

    /** Acts as the administrator. */
    public TarnClient administrator() {
      return new TarnClient(url, administratorToken());
    }

    public String administratorToken() {
      return read(data.resolve("admin.token")).strip();
    }

    public int port() {
      return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    }

    @Override
    public void close() {
      serving.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Demo.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(SCOPE)
        .getOrComputeIfAbsent(Demo.class, type -> run(), Demo.class);
  }

  private static Demo run() {
    try {
      Path home = Files.createTempDirectory("tarn-flights");
      Path data = home.resolve(".tarn");
      Launched first = Launched.run(home, Map.of(), "demo", "--port", "0");
      Launched serving = Launched.start(home, Map.of(), "demo", "--port", "0", "--keep");
      serving.awaitLine("^(Serving until .*)$", Duration.ofMinutes(4));
      return new Demo(data, first, serving, url(serving));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String url(Launched demo) {
    return demo.awaitLine("listens on (http://[0-9.:]+)", Duration.ofMinutes(1));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
