package dev.tarn.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.engine.foreign.ForeignSystems;
import dev.tarn.engine.sql.SqlEngine;
import dev.tarn.govern.Govern;
import dev.tarn.govern.audit.AuditConfig;
import dev.tarn.govern.audit.AuditLog;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Method;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.json.Json;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.serve.address.PublicAddress;
import dev.tarn.serve.history.HistoryConfig;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.serve.spark.LocalSparkEngine;
import dev.tarn.serve.statements.StatementsConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The room over a real database, catalog and Spark, called through its routes in memory. */
public final class ServeTestRoom implements AutoCloseable {
  public static final Principal ADMIN = Principal.administrator("admin");
  public static final Principal ALICE = Principal.user("alice@example.com");
  public static final Principal BOB = Principal.user("bob@example.com");

  /** A user's number is its place here. */
  private static final List<String> PEOPLE = List.of("", ADMIN.name(), ALICE.name(), BOB.name());

  private static final String HOST = "tarn.example:8080";

  private final MetadataDatabase database;
  private final Govern govern;
  private final AuditLog audit;
  private final Serve serve;

  /** What came back. */
  public record Answer(int status, Map<String, String> headers, byte[] body) {
    public JsonNode json() {
      return Json.tree(new String(body, StandardCharsets.UTF_8));
    }
  }

  public ServeTestRoom(Path data, ResultsConfig results, StatementsConfig statements) {
    this(data, results, statements, new LocalSparkEngine());
  }

  public ServeTestRoom(
      Path data, ResultsConfig results, StatementsConfig statements, SqlEngine engine) {
    List<String> migrations = new ArrayList<>(Govern.MIGRATIONS);
    migrations.addAll(Serve.MIGRATIONS);
    database = MetadataDatabase.open(DatabaseConfig.defaults(), data, migrations);
    govern =
        new Govern(
            database,
            name -> true,
            data.resolve("storage").toString(),
            Govern.Deployment.alone().with(new ForeignSystems()));
    govern.bootstrap(ADMIN);
    audit = new AuditLog(data.resolve("audit"), "1", "1", AuditConfig.DEFAULT, Clock.systemUTC());
    serve =
        new Serve(
            database,
            govern.catalogs(),
            govern.schemas(),
            govern.tables(),
            govern.constraints(),
            engine,
            data,
            new PublicAddress(Optional.empty(), URI.create("http://localhost:1")),
            new Serve.People(
                name -> !name.startsWith("nobody"), PEOPLE::indexOf, ServeTestRoom::name),
            HistoryConfig.DEFAULT,
            results,
            statements,
            64,
            audit);
    serve.bootstrap(ADMIN.name());
  }

  private static Optional<String> name(long number) {
    return number > 0 && number < PEOPLE.size()
        ? Optional.of(PEOPLE.get((int) number))
        : Optional.empty();
  }

  public MetadataDatabase database() {
    return database;
  }

  public Govern govern() {
    return govern;
  }

  public Serve serve() {
    return serve;
  }

  public Answer get(Principal principal, String url) {
    return call(Method.GET, principal, url, (String) null, Map.of());
  }

  public Answer get(Principal principal, String url, Map<String, String> headers) {
    return call(Method.GET, principal, url, (String) null, headers);
  }

  public Answer delete(Principal principal, String url) {
    return call(Method.DELETE, principal, url, (String) null, Map.of());
  }

  public Answer post(Principal principal, String url, String body) {
    return call(Method.POST, principal, url, body, Map.of());
  }

  /** Posts a statement on the starter warehouse with more fields of the request, as JSON text. */
  public JsonNode execute(Principal principal, String sql, String moreFields) {
    String body =
        "{\"warehouse_id\":\"default\",\"wait_timeout\":\"50s\",\"statement\":"
            + Json.string(sql)
            + (moreFields.isEmpty() ? "" : "," + moreFields)
            + "}";
    return post(principal, "/api/2.0/sql/statements", body).json();
  }

  /** Posts bytes. */
  public Answer post(Principal principal, String url, byte[] body) {
    return call(Method.POST, principal, url, body, Map.of());
  }

  /** Calls a route the way the server does; a TarnException becomes the error body. */
  public Answer call(
      Method method, Principal principal, String url, String body, Map<String, String> headers) {
    byte[] bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
    return call(method, principal, url, bytes, headers);
  }

  private Answer call(
      Method method, Principal principal, String url, byte[] body, Map<String, String> headers) {
    URI uri = URI.create(url);
    for (Capability capability : serve.capabilities()) {
      for (Route route : capability.routes()) {
        Optional<Map<String, String>> path = match(route.path(), uri.getPath());
        if (route.method() == method && path.isPresent()) {
          return call(route, new TestRequest(principal, path.get(), uri, body, headers));
        }
      }
    }
    return new Answer(404, Map.of(), Json.bytes(Map.of("error_code", "ENDPOINT_NOT_FOUND")));
  }

  private static Answer call(Route route, TestRequest request) {
    try {
      if (route.access() != Access.PUBLIC) {
        request.principal();
      }
      Response response = route.handler().handle(request);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      response.body().writeTo(out);
      return new Answer(response.status(), response.headers(), out.toByteArray());
    } catch (TarnException e) {
      return new Answer(
          e.code().httpStatus(),
          Map.of(),
          Json.bytes(Map.of("error_code", e.code().name(), "message", e.getMessage())));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Optional<Map<String, String>> match(String pattern, String path) {
    String[] wanted = pattern.split("/", -1);
    String[] given = path.split("/", -1);
    if (wanted.length != given.length) {
      return Optional.empty();
    }
    Map<String, String> found = new HashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].startsWith("{")) {
        found.put(wanted[i].substring(1, wanted[i].length() - 1), given[i]);
      } else if (!wanted[i].equals(given[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(found);
  }

  private record TestRequest(
      Principal caller,
      Map<String, String> parts,
      URI uri,
      byte[] bytes,
      Map<String, String> headers)
      implements Request {
    @Override
    public Principal principal() {
      if (caller == null) {
        throw new TarnException(ErrorCode.UNAUTHENTICATED, "No token.");
      }
      return caller;
    }

    @Override
    public String path(String name) {
      return parts.get(name);
    }

    @Override
    public Optional<String> query(String name) {
      String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
      for (String pair : query.split("&")) {
        if (pair.startsWith(name + "=")) {
          return Optional.of(
              URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8));
        }
      }
      return Optional.empty();
    }

    @Override
    public List<String> queries(String name) {
      String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
      return Arrays.stream(query.split("&"))
          .filter(pair -> pair.startsWith(name + "="))
          .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
          .toList();
    }

    @Override
    public Optional<String> header(String name) {
      return name.equals("host") ? Optional.of(HOST) : Optional.ofNullable(headers.get(name));
    }

    @Override
    public InputStream body() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public <T> T json(Class<T> type) {
      return Json.read(new String(bytes, StandardCharsets.UTF_8), type);
    }
  }

  @Override
  public void close() {
    serve.close();
    audit.close();
    database.close();
  }
}
