package dev.tarn.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.config.Config;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.server.cli.TarnCommand;
import dev.tarn.server.client.ClientException;
import dev.tarn.server.client.TarnClient;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarnServerIT {
  @TempDir Path folder;

  private static ServerConfig onPort(int port) {
    return ServerConfig.from(
        Config.load(
            Path.of("absent.yaml"), Map.of(), Map.of("server.port", Integer.toString(port))));
  }

  private static TarnClient client(TarnServer server) throws Exception {
    String token = Files.readString(server.administratorToken()).strip();
    return new TarnClient(server.url().toString(), token);
  }

  @Test
  void theAdministratorsTokenOpensANewServerAndStillDoesAfterARestart() throws Exception {
    String token;
    try (TarnServer server = TarnServer.start(onPort(0), folder)) {
      token = Files.readString(server.administratorToken());
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(server.administratorToken())))
          .isEqualTo("rw-------");
      assertThat(client(server).currentUser()).isEqualTo("admin");
      TarnClient stranger = new TarnClient(server.url().toString(), "dapi0");
      assertThatThrownBy(stranger::currentUser)
          .isInstanceOfSatisfying(
              ClientException.class, e -> assertThat(e.noAccess()).as(e.getMessage()).isTrue());
    }
    try (TarnServer server = TarnServer.start(onPort(0), folder)) {
      assertThat(Files.readString(server.administratorToken())).isEqualTo(token);
      assertThat(client(server).currentUser()).isEqualTo("admin");
    }
  }

  @Test
  void runsSqlFromTheCommandLineOnceHealthIsGreen() throws Exception {
    try (TarnServer server = TarnServer.start(onPort(0), folder)) {
      TarnClient client = client(server);
      client.awaitReady(Duration.ofMinutes(3));
      server.ready().get(1, TimeUnit.MINUTES);
      assertThat(client.sql("SELECT current_user(), current_catalog(), current_schema()").rows())
          .containsExactly(List.of("admin", "main", "default"));
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      int code =
          TarnCommand.run(
              new TarnCommand.Terminal(
                  Map.of(
                      "TARN_HOST",
                      server.url().toString(),
                      "TARN_TOKEN",
                      Files.readString(server.administratorToken())),
                  InputStream.nullInputStream(),
                  new PrintWriter(out),
                  new PrintWriter(err),
                  false),
              "sql",
              "--format",
              "csv",
              "CREATE TABLE t AS SELECT id FROM range(3); INSERT INTO t VALUES (40);"
                  + " CREATE TEMPORARY VIEW v AS SELECT * FROM t; SELECT sum(id) AS s FROM v");
      assertThat(err.toString()).isEmpty();
      assertThat(code).isZero();
      assertThat(out.toString()).endsWith("s\r\n43\r\n");

      client.sql("CREATE VOLUME landing");
      client.putFile("/Volumes/main/default/landing/a b.csv", "x\n1\n2\n".getBytes(UTF_8));
      assertThat(
              client
                  .sql(
                      "SELECT sum(CAST(x AS INT)) FROM read_files('/Volumes/main/default/landing/',"
                          + " format => 'csv', header => true)")
                  .rows())
          .containsExactly(List.of("3"));

      client.createUser("analyst");
      String token = client.createTokenFor("analyst", "test", Duration.ofHours(1));
      TarnClient analyst = new TarnClient(server.url().toString(), token);
      assertThatThrownBy(() -> analyst.sql("SELECT * FROM t"))
          .isInstanceOf(ClientException.class)
          .hasMessageContaining("analyst");
      client.grant("catalog", "main", "analyst", List.of("USE_CATALOG"));
      client.grant("schema", "main.default", "analyst", List.of("USE_SCHEMA"));
      client.grant("table", "main.default.t", "analyst", List.of("SELECT"));
      assertThat(analyst.sql("SELECT count(*) FROM t").rows()).containsExactly(List.of("4"));
    }
  }

  @Test
  void aDataFolderServesOneServerAtATime() {
    try (TarnServer server = TarnServer.start(onPort(0), folder)) {
      assertThatThrownBy(() -> TarnServer.start(onPort(0), folder))
          .isInstanceOf(TarnException.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("--data");
      assertThat(server.url().getPort()).isPositive();
    }
  }

  @Test
  void aFailedStartGivesTheDataFolderFree(@TempDir Path other) {
    try (TarnServer server = TarnServer.start(onPort(0), folder)) {
      int taken = server.url().getPort();
      assertThatThrownBy(() -> TarnServer.start(onPort(taken), other))
          .isInstanceOf(TarnException.class)
          .hasMessageContaining("Port " + taken);
    }
    try (TarnServer server = TarnServer.start(onPort(0), other)) {
      assertThat(server.url().getPort()).isPositive();
    }
  }
}
