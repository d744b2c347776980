package dev.tarn.acceptance.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.server.client.ClientException;
import dev.tarn.server.client.TarnClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data folder on a file system of 48 MB; mounting one needs root, else this is skipped. */
class FullDiskIT {
  @TempDir Path home;

  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(home.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", disk.toString()),
        "mounting a small file system is not permitted here");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", "-l", disk.toString());
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aFullDiskFailsTheStatementAndNothingElse() throws Exception {
    try (Tarn tarn = Tarn.start(home, disk.resolve("data"))) {
      TarnClient client = tarn.administrator();
      client.sql("CREATE TABLE small AS SELECT id FROM range(100)");
      client.sql("CREATE VOLUME landing");
      ClientException upload =
          catchThrowableOfType(
              ClientException.class,
              () -> client.putFile("/Volumes/main/default/landing/large", new byte[60_000_000]));
      assertThat(upload).isNotNull();
      assertThat(upload)
          .hasMessageContaining("disk is full")
          .hasMessageContaining("/Volumes/main/default/landing/large");
      // Half a file is not kept, so there is room again.
      tarn.assertServes();

      ClientException full =
          catchThrowableOfType(
              ClientException.class,
              () ->
                  client.sql(
                      "CREATE TABLE large AS SELECT id, uuid() AS a, uuid() AS b FROM"
                          + " range(3000000)"));
      assertThat(full).isNotNull();
      assertThat(full)
          .hasMessageContaining("No space left on device")
          .hasMessageContaining("disk of the data folder")
          .hasMessageContaining("Make room");
      assertThat(new Rest(tarn.url(), null).get("/health").status()).isEqualTo(200);
      assertThat(client.currentUser()).isEqualTo("admin");

      assertThat(run("mount", "-o", "remount,size=256m", disk.toString())).isTrue();
      tarn.assertServes();
      assertThat(client.sql("SELECT count(*) FROM small").rows()).containsExactly(List.of("100"));
      client.sql("CREATE TABLE large AS SELECT id FROM range(1000)");
      assertThat(client.sql("SELECT count(*) FROM large").rows()).containsExactly(List.of("1000"));
    }
  }
}
