package dev.tarn.store.discarded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.govern.Govern;
import dev.tarn.govern.catalog.DroppedTables;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.store.objects.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiscardedFilesIT {
  @TempDir Path folder;

  @Test
  void aStagedCommitThatWasNeverPublishedIsKept() throws IOException {
    Path log = Files.createDirectories(folder.resolve("t/_delta_log/_staged_commits")).getParent();
    Path published =
        Files.writeString(log.resolve("_staged_commits/%020d.a.json".formatted(1)), "");
    Path lost = Files.writeString(log.resolve("_staged_commits/%020d.b.json".formatted(2)), "");
    Files.writeString(log.resolve("%020d.json".formatted(1)), "");
    try (Platform platform = new Platform(folder, DatabaseConfig.defaults(), Govern.MIGRATIONS)) {
      Govern govern =
          new Govern(platform.database(), name -> true, folder.resolve("storage").toString());
      platform
          .database()
          .jdbi()
          .useHandle(
              handle -> {
                govern.droppedTables().discard(handle, published.toString(), Duration.ofDays(8));
                govern.droppedTables().discard(handle, lost.toString(), Duration.ofDays(8));
              });

      removeAfter(platform, govern, Duration.ofDays(8));
      assertThat(published).exists();

      removeAfter(platform, govern, Duration.ofDays(9));
      assertThat(published).doesNotExist();
      assertThat(lost).exists();
    }
  }

  private static void removeAfter(Platform platform, Govern govern, Duration time) {
    Clock then = Clock.offset(Clock.systemUTC(), time);
    DroppedTables dropped =
        new DroppedTables(platform.database(), govern.grants(), Duration.ZERO, then);
    new DiscardedFiles(dropped, ObjectStores.unconfigured()).remove();
  }
}
