package dev.tarn.acceptance.commits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tarn.acceptance.clients.ClientProcess;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.acceptance.restart.Survivor;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A writer outside that is killed upon in the midst of its commits: what was ratified is there. */
public final class CommittingWriter implements Survivor {
  private static final String TABLE = "main.killed.numbers";

  /** What the writer was told is in the table. */
  private final List<Long> told = new CopyOnWriteArrayList<>();

  private volatile boolean enough;
  private ClientProcess writer;
  private CompletableFuture<Void> writing;

  @Override
  public void before(Tarn tarn) {
    String token = ManagedCommitsIT.token(tarn, "killed-writer", "main.killed");
    writer = UnityProcess.start("preview", tarn.url(), token);
    assertThat(writer.run("create", TABLE).sqlState()).isNull();
    writing = CompletableFuture.runAsync(this::write);
    await().atMost(Duration.ofMinutes(2)).until(() -> told.size() >= 10);
  }

  private void write() {
    for (long n = 1; !enough && writer.run("append", TABLE, "" + n).sqlState() == null; n++) {
      told.add(n);
      // Else no more commits would be taken once 50 are not published.
      if (n % 20 == 0 && writer.run("publish", TABLE).sqlState() != null) {
        return;
      }
    }
  }

  @Override
  public void after(Tarn tarn) throws Exception {
    enough = true;
    writing.get(5, TimeUnit.MINUTES);
    List<String> rows = writer.rows("rows", TABLE).get(0);
    List<Long> numbers =
        Arrays.stream(rows.get(1).replaceAll("[\\[\\] ]", "").split(","))
            .map(Long::valueOf)
            .toList();
    // Of the commit under way at the kill, which was ratified, nobody may have been told; or its
    // client, which had not heard of it, made it again.
    assertThat(numbers).containsAll(told);
    assertThat(new HashSet<>(numbers)).hasSizeBetween(told.size(), told.size() + 1);
    assertThat(numbers).hasSizeLessThanOrEqualTo(new HashSet<>(numbers).size() + 1);
    assertThat(tarn.administrator().sql("SELECT count(*) FROM " + TABLE).rows().get(0).get(0))
        .isEqualTo(rows.get(0));
    assertThat(writer.rows("append", TABLE, "0").get(0))
        .containsExactly(Long.toString(Long.parseLong(rows.get(0)) + 1));
  }

  @Override
  public void close() {
    enough = true;
    if (writer != null) {
      writer.close();
    }
  }
}
