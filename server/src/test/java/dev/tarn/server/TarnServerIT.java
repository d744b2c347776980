package dev.tarn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.config.Config;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.server.client.ClientException;
import dev.tarn.server.client.TarnClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
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
