package dev.tarn.server.cli;

import dev.tarn.kernel.config.Config;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.server.ServerConfig;
import dev.tarn.server.TarnServer;
import dev.tarn.server.cli.TarnCommand.Terminal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tarn up}: serves until stopped. */
@Command(
    name = "up",
    description = "Serve until stopped (Ctrl-C or SIGTERM).",
    footer = {
      "",
      "Settings come from tarn.yaml in the data folder, then from TARN_... variables",
      "(TARN_SERVER_BIND_ADDRESS=0.0.0.0), then from these options. Tarn listens on",
      "127.0.0.1 only, unless server.bind_address says otherwise.",
      "",
      "Exit codes: 2 wrong usage; 4 the server could not start."
    })
final class UpCommand implements Callable<Integer> {
  private static final long HALT_AFTER_MS = 10_000;

  private final Terminal terminal;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data folder (default: ~/.tarn). Deleting it removes everything.")
  private Path data;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port to listen on; 0 takes a free one (default: 8080).")
  private Integer port;

  @Option(
      names = "--https-port",
      paramLabel = "N",
      description =
          "A second port that speaks https only, such as 443 (the first speaks http and https).")
  private Integer httpsPort;

  UpCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    long started = System.nanoTime();
    Path folder =
        (data == null ? Connection.defaultDataFolder(terminal.environment()) : data)
            .toAbsolutePath()
            .normalize();
    TarnServer server;
    try {
      server = TarnServer.start(ServerConfig.from(config(folder)), folder);
    } catch (TarnException e) {
      terminal.err().println("tarn: " + e.getMessage());
      return ExitCodes.NO_START;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
    say("Tarn listens on " + server.url());
    say(
        "It speaks https there too"
            + server.httpsPort().map(port -> ", and on port " + port).orElse("")
            + server
                .certificateAuthority()
                .map(file -> "; clients trust " + file)
                .orElse(", with your certificate")
            + ".");
    say("The administrator's token is in " + server.administratorToken());
    say("SQL is starting; GET " + server.url() + "/health answers 200 when it has.");
    server
        .ready()
        .whenComplete(
            (done, failure) ->
                say(
                    failure == null
                        ? "SQL is ready after " + seconds(started) + " s."
                        : "SQL could not start: "
                            + failure.getMessage()
                            + ". The log is in "
                            + folder.resolve("logs")));
    server.awaitStopped();
    return ExitCodes.OK;
  }

  private Config config(Path folder) {
    Map<String, String> flags = new HashMap<>();
    if (port != null) {
      flags.put("server.port", port.toString());
    }
    if (httpsPort != null) {
      flags.put("server.https_port", httpsPort.toString());
    }
    return Config.load(folder.resolve("tarn.yaml"), terminal.environment(), flags);
  }

  /** A library that hangs must not keep the process; nothing acknowledged is lost by halting. */
  private static void stop(TarnServer server) {
    Thread watchdog =
        new Thread(
            () -> {
              try {
                Thread.sleep(HALT_AFTER_MS);
                Runtime.getRuntime().halt(143);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "stop-watchdog");
    watchdog.setDaemon(true);
    watchdog.start();
    server.close();
  }

  private void say(String line) {
    terminal.out().println(line);
    terminal.out().flush();
  }

  private static long seconds(long startedNanos) {
    return Duration.ofNanos(System.nanoTime() - startedNanos).toSeconds();
  }
}
