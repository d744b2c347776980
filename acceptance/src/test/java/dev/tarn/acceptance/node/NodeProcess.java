package dev.tarn.acceptance.node;

import dev.tarn.acceptance.clients.ClientProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code src/test/node/client.mjs} with the unmodified {@code @databricks/sql}, which is
 * installed once from the lock file into {@code target/node}. The driver speaks TLS only.
 */
public final class NodeProcess {
  private static final Path SOURCE = Path.of("src", "test", "node").toAbsolutePath();
  private static final Path FOLDER = Path.of("target", "node").toAbsolutePath();
  private static final int INSTALL_MINUTES = 5;

  private final Map<String, String> environment = new HashMap<>();

  /**
   * @param port of a Tarn on localhost that serves TLS
   * @param authority the file of its certificate authority
   * @param login {@code SQL_TOKEN}, or {@code SQL_CLIENT_ID} and {@code SQL_CLIENT_SECRET}
   */
  public NodeProcess(int port, Path authority, String warehouse, Map<String, String> login) {
    environment.put("SQL_HOST", "localhost");
    environment.put("SQL_PORT", Integer.toString(port));
    environment.put("SQL_PATH", "/sql/1.0/warehouses/" + warehouse);
    environment.put("NODE_EXTRA_CA_CERTS", authority.toString());
    environment.putAll(login);
  }

  /** Opens a session. */
  public ClientProcess connect() {
    install();
    return new ClientProcess(List.of("node", FOLDER.resolve("client.mjs").toString()), environment);
  }

  private static synchronized void install() {
    try {
      Files.createDirectories(FOLDER);
      boolean locked =
          Files.exists(FOLDER.resolve("installed"))
              && Files.mismatch(
                      SOURCE.resolve("package-lock.json"), FOLDER.resolve("package-lock.json"))
                  < 0;
      for (String file : List.of("package.json", "package-lock.json", "client.mjs")) {
        Files.copy(SOURCE.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
      if (locked) {
        return;
      }
      Path log = FOLDER.resolve("install.log");
      Process npm =
          new ProcessBuilder(
                  "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save")
              .directory(FOLDER.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!npm.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES) || npm.exitValue() != 0) {
        npm.destroyForcibly();
        throw new IllegalStateException(
            "npm could not install the driver for Node: " + Files.readString(log));
      }
      Files.writeString(FOLDER.resolve("installed"), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while npm installed the driver", e);
    }
  }
}
