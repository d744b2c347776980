package dev.tarn.platform.datafolder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.TarnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderIT {
  @TempDir Path temp;

  /** Takes a folder, says so, and waits to be killed. */
  static final class Holder {
    public static void main(String[] args) throws Exception {
      try (DataFolder held = DataFolder.open(Path.of(args[0]))) {
        System.out.println(held.path());
        System.in.read();
      }
    }
  }

  @Test
  void is_made_for_its_owner_only_and_free_again_after_closing() throws Exception {
    Path data = temp.resolve("a/b");
    try (DataFolder held = DataFolder.open(data)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(held.path())))
          .isEqualTo("rwx------");
      assertThatThrownBy(() -> DataFolder.open(data)).isInstanceOf(TarnException.class);
    }
    DataFolder.open(data).close();
  }

  @Test
  void names_the_process_that_has_it_and_is_free_when_that_is_killed() throws Exception {
    Path data = temp.resolve("data");
    Process other =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                data.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(other.inputReader().readLine()).isEqualTo(data.toString());
      assertThatThrownBy(() -> DataFolder.open(data))
          .isInstanceOf(TarnException.class)
          .hasMessageContaining(data.toString())
          .hasMessageContaining("process " + other.pid())
          .hasMessageContaining("--data");
    } finally {
      other.destroyForcibly();
      other.waitFor();
    }
    DataFolder.open(data).close();
  }

  @Test
  void a_folder_that_cannot_be_used_is_named() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "");
    assertThatThrownBy(() -> DataFolder.open(file.resolve("data")))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining(file.resolve("data").toString())
        .hasMessageContaining("--data");
  }
}
