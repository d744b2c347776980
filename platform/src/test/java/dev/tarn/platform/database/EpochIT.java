package dev.tarn.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.platform.Platform;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochIT {
  @TempDir Path folder;

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Or what was kept before a revoke would be taken for what was read after it, for good. */
  @Test
  void no_number_is_seen_before_what_those_below_it_were_about() throws InterruptedException {
    try (MetadataDatabase database =
        MetadataDatabase.open(DatabaseConfig.defaults(), folder, Platform.MIGRATIONS)) {
      Epoch epoch = database.epoch("identity_epoch");
      long before = epoch.now();
      CountDownLatch committed = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      Thread first =
          new Thread(
              () ->
                  epoch.changing(
                      List.of(Touched.within("a")),
                      handle -> {
                        handle.afterCommit(
                            () -> {
                              committed.countDown();
                              await(goOn);
                            });
                        return null;
                      }));
      Thread second =
          new Thread(() -> epoch.changing(List.of(Touched.within("b")), handle -> null));
      first.start();
      committed.await();
      second.start();
      Awaitility.await()
          .until(() -> !second.isAlive() || second.getState() == Thread.State.WAITING);
      try {
        assertThat(epoch.now() == before || epoch.touched(List.of("a"), before))
            .as("what number " + epoch.now() + " says, after " + before)
            .isTrue();
      } finally {
        goOn.countDown();
        first.join();
        second.join();
      }
      assertThat(epoch.now()).isEqualTo(before + 2);
      assertThat(epoch.touched(List.of("a"), before)).isTrue();
      assertThat(epoch.touched(List.of("b"), before)).isTrue();
      assertThat(epoch.touched(List.of("c"), before)).isFalse();
    }
  }

  /** SQLite's driver begins the next transaction before a commit returns, and waits for it. */
  @Test
  void writers_do_not_wait_for_each_other() {
    try (MetadataDatabase database =
        MetadataDatabase.open(DatabaseConfig.defaults(), folder, Platform.MIGRATIONS)) {
      Epoch epoch = database.epoch("identity_epoch");
      long before = epoch.now();
      List<CompletableFuture<Void>> writers =
          Stream.of("a", "b", "c")
              .map(
                  name ->
                      CompletableFuture.runAsync(
                          () -> {
                            for (int i = 0; i < 50; i++) {
                              epoch.changing(List.of(Touched.within(name)), handle -> null);
                            }
                          },
                          task -> new Thread(task).start()))
              .toList();
      writers.forEach(CompletableFuture::join);
      assertThat(epoch.now()).isEqualTo(before + 150);
    }
  }
}
