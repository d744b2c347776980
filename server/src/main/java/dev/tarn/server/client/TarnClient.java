package dev.tarn.server.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Calls a running Tarn as one principal, over the same REST API that every client uses. The command
 * line and the examples are built on it. Every method throws {@link ClientException}.
 */
public final class TarnClient {
  private static final String DEFAULT_WAREHOUSE = "default";

  private final URI host;
  private final Http http;
  private final StatementCalls statements;
  private final PipelineCalls pipelines;

  /**
   * @param host such as {@code http://127.0.0.1:8080}; a bare host name means https
   */
  public TarnClient(String host, String token) {
    String url = host.contains("://") ? host : "https://" + host;
    this.host = URI.create(url.endsWith("/") ? url : url + "/");
    this.http = new Http(this.host, token);
    this.statements = new StatementCalls(http, DEFAULT_WAREHOUSE);
    this.pipelines = new PipelineCalls(http);
  }

  public URI host() {
    return host;
  }

  public PipelineCalls pipelines() {
    return pipelines;
  }

  /** Waits until statements can run. */
  public void awaitReady(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      try {
        http.get("/health");
        return;
      } catch (ClientException e) {
        boolean starting = e.status() == 0 || e.status() == 503;
        if (!starting || System.nanoTime() > end) {
          throw e;
        }
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ClientException(0, "INTERRUPTED", "Interrupted.", e);
      }
    }
  }

  /** The user name that the token belongs to. */
  public String currentUser() {
    return http.get("/api/2.0/preview/scim/v2/Me").path("userName").asText();
  }

  /** A small result, whole. Values are text, null for SQL NULL. */
  public record Result(List<Rows.Column> columns, List<List<String>> rows) {}

  /** Runs a statement whose result fits in memory. */
  public Result sql(String statement) {
    List<Rows.Column> columns = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    sql(
        statement,
        null,
        null,
        null,
        new Rows() {
          @Override
          public void columns(List<Column> found) {
            columns.addAll(found);
          }

          @Override
          public void row(List<String> values) {
            rows.add(values);
          }
        });
    return new Result(columns, rows);
  }

  /**
   * Runs a statement and hands its rows on as they arrive.
   *
   * @param session from {@link #openSession}, or null for a session of its own
   * @param catalog to begin in, or null; a session has its own
   * @param schema likewise
   * @return rows delivered
   */
  public long sql(String statement, String session, String catalog, String schema, Rows rows) {
    return statements.run(statement, session, catalog, schema, rows);
  }

  /** Opens a session, in which {@code USE} and temporary views last; returns its id. */
  public String openSession(String catalog, String schema) {
    return statements.openSession(catalog, schema);
  }

  public void closeSession(String session) {
    statements.closeSession(session);
  }

  /**
   * Writes a file of a volume, replacing it.
   *
   * @param path such as {@code /Volumes/main/default/landing/a.csv}
   */
  public void putFile(String path, Path file) throws FileNotFoundException {
    http.upload(
        "/api/2.0/fs/files" + Http.path(path) + "?overwrite=true", BodyPublishers.ofFile(file));
  }

  /** Writes a file of a volume, replacing it. */
  public void putFile(String path, byte[] content) {
    http.upload(
        "/api/2.0/fs/files" + Http.path(path) + "?overwrite=true",
        BodyPublishers.ofByteArray(content));
  }

  /** Makes a folder of a volume, and those above it. */
  public void makeDirectory(String path) {
    http.put("/api/2.0/fs/directories" + Http.path(path), Map.of());
  }

  /** Writes a workspace file, replacing it; folders above it are made. */
  public void putWorkspaceFile(String path, byte[] content) {
    int slash = path.lastIndexOf('/');
    http.post("/api/2.0/workspace/mkdirs", Map.of("path", path.substring(0, slash)));
    http.post(
        "/api/2.0/workspace/import",
        Map.of(
            "path",
            path,
            "format",
            "AUTO",
            "overwrite",
            true,
            "content",
            Base64.getEncoder().encodeToString(content)));
  }

  /** Deletes a workspace file or folder with all in it; it may be absent. */
  public void deleteWorkspace(String path) {
    try {
      http.post("/api/2.0/workspace/delete", Map.of("path", path, "recursive", true));
    } catch (ClientException e) {
      if (e.status() != 404) {
        throw e;
      }
    }
  }

  /**
   * Grants privileges.
   *
   * @param securableType {@code catalog}, {@code schema}, {@code table}, {@code volume} …
   * @param privileges such as {@code USE_SCHEMA}
   */
  public void grant(
      String securableType, String fullName, String principal, List<String> privileges) {
    http.patch(
        "/api/2.1/unity-catalog/permissions/" + securableType + "/" + Http.segment(fullName),
        Map.of("changes", List.of(Map.of("principal", principal, "add", privileges))));
  }

  /** Makes a user unless there is one of that name. Administrators only. */
  public void createUser(String userName) {
    try {
      http.post("/api/2.0/preview/scim/v2/Users", Map.of("userName", userName));
    } catch (ClientException e) {
      if (e.status() != 409) {
        throw e;
      }
    }
  }

  /**
   * Makes a token of the caller's own.
   *
   * @return the token, which is not to be had again
   */
  public String createToken(String comment, Duration lifetime) {
    return token(
        http.post(
            "/api/2.0/token/create",
            Map.of("comment", comment, "lifetime_seconds", lifetime.toSeconds())));
  }

  /** Makes a token for another user. Administrators only. */
  public String createTokenFor(String userName, String comment, Duration lifetime) {
    return token(
        http.post(
            "/api/2.0/token-management/on-behalf-of/tokens",
            Map.of(
                "application_id",
                userName,
                "comment",
                comment,
                "lifetime_seconds",
                lifetime.toSeconds())));
  }

  private static String token(JsonNode answer) {
    return answer.path("token_value").asText();
  }
}
