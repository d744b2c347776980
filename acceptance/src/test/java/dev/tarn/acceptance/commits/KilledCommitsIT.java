package dev.tarn.acceptance.commits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tarn.acceptance.clients.ClientProcess;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What writers outside find after {@code kill -9} in the middle of their commits. */
class KilledCommitsIT {
  private static final String TABLE = "main.killed.numbers";

  @TempDir Path home;

  @Test
  void whatWasRatifiedIsThereAfterAKill() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path data = home.resolve("data");
    Tarn first = Tarn.start(home, data, port, "");
    String token = ManagedCommitsIT.token(first, "killed-writer", "main.killed");
    List<Long> told = new CopyOnWriteArrayList<>();
    try (ClientProcess writer = UnityProcess.start("preview", first.url(), token)) {
      assertThat(writer.run("create", TABLE).sqlState()).isNull();
      Thread writing =
          new Thread(
              () -> {
                for (long n = 1; writer.run("append", TABLE, "" + n).sqlState() == null; n++) {
                  told.add(n);
                }
              });
      writing.start();
      await().atMost(Duration.ofMinutes(2)).until(() -> told.size() >= 10);
      first.up().kill();
      writing.join(Duration.ofMinutes(2).toMillis());
      assertThat(writing.isAlive()).isFalse();

      try (Tarn second = Tarn.start(home, data, port, "")) {
        List<String> rows = writer.run("rows", TABLE).rows().get(0);
        long last = told.get(told.size() - 1);
        // The commit that was under way at the kill may have made it, and nobody was told.
        assertThat(rows.get(1))
            .isIn(
                LongStream.rangeClosed(1, last).boxed().toList().toString(),
                LongStream.rangeClosed(1, last + 1).boxed().toList().toString());
        assertThat(
                second.administrator().sql("SELECT count(*), max(n) FROM " + TABLE).rows().get(0))
            .containsExactly(rows.get(0), rows.get(0));
        assertThat(writer.run("append", TABLE, "0").rows().get(0))
            .containsExactly(Long.toString(Long.parseLong(rows.get(0)) + 1));
      }
    } finally {
      first.close();
    }
  }
}
