package dev.tarn.acceptance.cases;

import dev.tarn.acceptance.clients.ClientClasses;
import dev.tarn.acceptance.clients.ClientJvm;
import dev.tarn.acceptance.clients.ClientProcess;
import dev.tarn.acceptance.clients.ClientProcess.Outcome;
import dev.tarn.acceptance.connect.ConnectProcess;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.acceptance.node.NodeProcess;
import dev.tarn.testkit.cases.TypeCase;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A real client that the tables of cases are run through, in a process of its own. */
interface CaseClient extends AutoCloseable {
  Outcome query(String sql);

  /** The type of the statement's only column in the client's words; empty if it has none. */
  Optional<String> type(String sql);

  /** Whether the client, which prints in its language's ways, has printed the value. */
  boolean means(TypeCase expected, String printed);

  /** Whether the client hands out the rows of this statement at all. */
  default boolean hasRowsOf(String sql) {
    return true;
  }

  /** Whether its statements share a session. */
  default boolean hasSession() {
    return true;
  }

  @Override
  void close();

  /** Makes one of the clients by its name. */
  static CaseClient open(String name, Tarn tarn) {
    return switch (name) {
      case "JDBC Thrift" -> new Jdbc(tarn, "");
      case "JDBC SEA" -> new Jdbc(tarn, ";UseThriftClient=0");
      case "Node" -> new Node(tarn);
      case "SDK" -> new Sdk(tarn);
      case "Spark Connect" -> new Connect(tarn);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static ClientJvm java(Class<?> program, List<String> libraries, String... options) {
    List<String> all = new java.util.ArrayList<>(List.of("-Duser.timezone=UTC", "-Xmx256m"));
    all.addAll(List.of(options));
    return new ClientJvm(program, ClientClasses.of(program), libraries, all.toArray(String[]::new));
  }

  /** Through {@code getString} and {@code getColumnTypeName}. */
  final class Jdbc implements CaseClient {
    private static final Map<String, String> AS_IT_WRITES =
        Map.of(
            "struct of times",
            "{\"t\":\"2001-02-03 04:05:06.789012\",\"n\":\"1999-12-31 23:59:59\"}");

    private final ClientProcess process;

    private Jdbc(Tarn tarn, String properties) {
      process =
          new ClientProcess(
              java(
                  JdbcCases.class,
                  ClientJvm.built("jdbc"),
                  "--add-opens=java.base/java.nio=ALL-UNNAMED"),
              Map.of(
                  "JDBC_URL",
                  "jdbc:databricks://127.0.0.1:"
                      + tarn.port()
                      + "/default;transportMode=http;ssl=0;AuthMech=3;"
                      + "httpPath=/sql/1.0/warehouses/default"
                      + properties,
                  "JDBC_PASSWORD",
                  tarn.administratorToken()));
    }

    @Override
    public Outcome query(String sql) {
      return process.run("query", sql);
    }

    @Override
    public Optional<String> type(String sql) {
      return Optional.of(process.rows("type", sql).get(0).get(0));
    }

    /** The driver tells by the first word whether there are rows, and does not know this one. */
    @Override
    public boolean hasRowsOf(String sql) {
      return !sql.startsWith("EXECUTE IMMEDIATE");
    }

    @Override
    public boolean means(TypeCase expected, String printed) {
      return switch (expected.typeName()) {
        case "DECIMAL" -> new BigDecimal(expected.text()).equals(new BigDecimal(printed));
        case "TIMESTAMP" ->
            printed.equals(
                expected
                    .text()
                    .replace('T', ' ')
                    .replace("Z", "")
                    .replaceAll("(\\.\\d+?)0+$", "$1"));
        default -> printed.equals(AS_IT_WRITES.getOrDefault(expected.name(), expected.text()));
      };
    }

    @Override
    public void close() {
      process.close();
    }
  }

  /** Values as JavaScript has them: every number a double, every time a Date of milliseconds. */
  final class Node implements CaseClient {
    private final ClientProcess process;

    private Node(Tarn tarn) {
      process =
          new NodeProcess(
                  tarn.port(),
                  tarn.data().resolve("tls/ca.crt"),
                  "default",
                  Map.of("SQL_TOKEN", tarn.administratorToken()))
              .connect();
    }

    @Override
    public Outcome query(String sql) {
      return process.run("query", sql);
    }

    @Override
    public Optional<String> type(String sql) {
      return Optional.empty();
    }

    @Override
    public boolean means(TypeCase expected, String printed) {
      String text = expected.text();
      return switch (expected.typeName()) {
        case "BYTE", "SHORT", "INT", "LONG", "DOUBLE", "DECIMAL" ->
            Double.parseDouble(text) == Double.parseDouble(printed) || text.equals(printed);
        case "FLOAT" -> Float.parseFloat(text) == Float.parseFloat(printed) || text.equals(printed);
        case "BINARY" -> printed.equals(HexFormat.of().formatHex(Base64.getDecoder().decode(text)));
        case "DATE" -> printed.equals(text + "T00:00:00.000Z");
        case "TIMESTAMP" ->
            // The driver rounds to milliseconds where Java cuts off.
            Math.abs(
                    ChronoUnit.MICROS.between(
                        LocalDateTime.parse(text.replace("Z", "")).toInstant(ZoneOffset.UTC),
                        Instant.parse(printed)))
                < 1000;
        case "STRUCT", "MAP", "ARRAY" ->
            // Dates, bytes and NaN inside are JavaScript's, which JSON.stringify cannot tell apart.
            Set.of("map by number", "struct", "struct of times").contains(expected.name())
                || printed.equals(text);
        default -> printed.equals(text);
      };
    }

    @Override
    public void close() {
      process.close();
    }
  }

  /** Rows in format JSON_ARRAY: the text itself. */
  final class Sdk implements CaseClient {
    private final ClientProcess process;

    private Sdk(Tarn tarn) {
      process =
          new ClientProcess(
              java(SdkCases.class, ClientJvm.sdk()),
              Map.of(
                  "DATABRICKS_HOST",
                  tarn.url(),
                  "DATABRICKS_TOKEN",
                  tarn.administratorToken(),
                  "HOME",
                  tarn.home().toString()));
    }

    @Override
    public Outcome query(String sql) {
      return process.run("query", sql);
    }

    @Override
    public Optional<String> type(String sql) {
      return Optional.of(process.rows("type", sql).get(0).get(0));
    }

    @Override
    public boolean means(TypeCase expected, String printed) {
      return printed.equals(expected.text());
    }

    @Override
    public boolean hasSession() {
      return false;
    }

    @Override
    public void close() {
      process.close();
    }
  }

  /** Values as Spark's rows hold them; nested ones are Scala's collections and not looked into. */
  final class Connect implements CaseClient {
    private final ConnectProcess process;

    private Connect(Tarn tarn) {
      process = ConnectProcess.to(tarn.port(), tarn.administratorToken());
    }

    @Override
    public Outcome query(String sql) {
      ConnectProcess.Outcome outcome = process.run("sql", escaped(sql));
      return outcome.failure() == null
          ? new Outcome(outcome.rows(), null, null)
          : new Outcome(outcome.rows(), outcome.failure().sqlState(), outcome.failure().message());
    }

    /** Steps are lines, and their parts split at tabs. */
    private static String escaped(String sql) {
      return sql.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r");
    }

    @Override
    public Optional<String> type(String sql) {
      return Optional.of(process.rows("types", escaped(sql)).get(0).get(1));
    }

    @Override
    public boolean means(TypeCase expected, String printed) {
      String text = expected.text();
      return switch (expected.typeName()) {
        case "ARRAY", "MAP", "STRUCT", "INTERVAL" -> true;
        case "DECIMAL" -> new BigDecimal(text).compareTo(new BigDecimal(printed)) == 0;
        case "BINARY" -> printed.equals(HexFormat.of().formatHex(Base64.getDecoder().decode(text)));
        case "TIMESTAMP" ->
            LocalDateTime.parse(printed.replace(' ', 'T').replace("Z", ""))
                .equals(LocalDateTime.parse(text.replace("Z", "")));
        default -> printed.equals(text);
      };
    }

    @Override
    public void close() {
      process.close();
    }
  }
}
