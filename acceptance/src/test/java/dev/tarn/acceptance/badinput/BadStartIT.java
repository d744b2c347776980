package dev.tarn.acceptance.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.acceptance.launcher.Launched;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Starts that cannot work end at once with exit code 4 and the reason, and disturb nobody. */
@ExtendWith(TarnUnderTest.class)
class BadStartIT {
  @TempDir Path home;

  private final Tarn tarn;

  BadStartIT(Tarn tarn) {
    this.tarn = tarn;
  }

  @AfterEach
  void serves() {
    tarn.assertServes();
  }

  private String refused(String... arguments) {
    Launched start = Launched.start(home, Map.of(), arguments);
    assertThat(start.awaitExit(Duration.ofMinutes(2))).as(start.told()).isEqualTo(4);
    assertThat(start.err()).doesNotContain("\tat ");
    return start.err();
  }

  @Test
  void aPortThatIsInUse() {
    String port = Integer.toString(tarn.port());
    String data = home.resolve("data").toString();
    assertThat(refused("up", "--data", data, "--port", port)).contains(port).contains("--port");
    assertThat(refused("demo", "--data", data, "--port", port)).contains(port).contains("--port");
  }

  @Test
  void aDataFolderThatBelongsToAnother() {
    String data = tarn.data().toString();
    String pid = Long.toString(tarn.up().pid());
    assertThat(refused("up", "--data", data, "--port", "0"))
        .contains(data)
        .contains(pid)
        .contains("--data");
    assertThat(refused("demo", "--data", data, "--port", "0")).contains(data).contains(pid);
  }

  @Test
  void aDataFolderThatIsAFile() throws Exception {
    Path file = Files.createFile(home.resolve("file"));
    assertThat(refused("up", "--data", file.toString(), "--port", "0")).contains(file.toString());
  }

  @Test
  void aSettingThatDoesNotExist() throws Exception {
    Path data = Files.createDirectory(home.resolve("data"));
    Files.writeString(data.resolve("tarn.yaml"), "server:\n  prot: 8080\n");
    assertThat(refused("up", "--data", data.toString())).contains("prot");
  }
}
