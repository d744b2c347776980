package dev.tarn.server.cli;

import dev.tarn.server.client.ClientException;
import dev.tarn.server.client.TarnClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Which server the command line talks to, and as whom: {@code TARN_HOST} and {@code TARN_TOKEN},
 * else {@code DATABRICKS_HOST} and {@code DATABRICKS_TOKEN}, else this machine's server and its
 * administrator's token, if the file can be read.
 */
final class Connection {
  static final String[] HELP = {
    "",
    "The server and the token come from TARN_HOST and TARN_TOKEN, else from",
    "DATABRICKS_HOST and DATABRICKS_TOKEN, else http://127.0.0.1:8080 and",
    "~/.tarn/admin.token."
  };
  private static final String LOCAL = "http://127.0.0.1:8080";

  private Connection() {}

  static TarnClient open(Map<String, String> environment) {
    String host = first(environment, "TARN_HOST", "DATABRICKS_HOST");
    String token = first(environment, "TARN_TOKEN", "DATABRICKS_TOKEN");
    if (token == null) {
      token = localToken(environment);
    }
    return new TarnClient(host == null ? LOCAL : host, token);
  }

  private static String first(Map<String, String> environment, String... names) {
    for (String name : names) {
      String value = environment.get(name);
      if (value != null && !value.isBlank()) {
        return value.strip();
      }
    }
    return null;
  }

  private static String localToken(Map<String, String> environment) {
    Path file = Path.of(environment.getOrDefault("HOME", ""), ".tarn", "admin.token");
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new ClientException(
          401,
          "UNAUTHENTICATED",
          "No token: set TARN_TOKEN. The administrator's token lies in the file admin.token of the"
              + " server's data folder ("
              + file
              + " cannot be read).",
          e);
    }
  }
}
