package dev.tarn.engine.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tarn.engine.sql.ResultStream.Batch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultQueueTest {
  private static final int BOUND = 1000;

  @TempDir Path folder;

  private static Batch batch(int value) {
    byte[] message = new byte[100];
    message[0] = (byte) value;
    return new Batch(message, value + 1);
  }

  private static List<Integer> all(ResultQueue queue) throws Exception {
    List<Integer> found = new ArrayList<>();
    for (Optional<Batch> b = queue.take(); b.isPresent(); b = queue.take()) {
      assertThat(b.get().message()).hasSize(100);
      assertThat(b.get().rowCount()).isEqualTo(b.get().message()[0] + 1);
      found.add((int) b.get().message()[0]);
    }
    return found;
  }

  @Test
  void laterPartitionsGoToFilesAndNeverWait() throws Exception {
    try (ResultQueue queue = new ResultQueue(folder, BOUND)) {
      queue.partitions(3);
      ResultQueue.Part last = queue.begin(2);
      for (int i = 50; i < 100; i++) {
        queue.offer(last, batch(i), true);
      }
      queue.end(last);
      ResultQueue.Part first = queue.begin(0);
      queue.offer(first, batch(1), true);
      queue.end(first);
      queue.finish(null);

      assertThat(queue.mostHeld()).isLessThanOrEqualTo(BOUND);
      assertThat(queue.spilled()).isGreaterThan(4000);
      List<Integer> found = all(queue);
      assertThat(found).hasSize(51).isSorted().startsWith(1, 50, 51).endsWith(99);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void thePartitionBeingReadWaitsForItsReader() throws Exception {
    ExecutorService task = Executors.newSingleThreadExecutor();
    try (ResultQueue queue = new ResultQueue(folder, BOUND)) {
      queue.partitions(1);
      Future<?> writing =
          task.submit(
              () -> {
                ResultQueue.Part part = queue.begin(0);
                for (int i = 0; i < 100; i++) {
                  queue.offer(part, batch(i), true);
                }
                queue.end(part);
                queue.finish(null);
                return null;
              });
      await().until(() -> queue.mostHeld() == BOUND);

      assertThat(all(queue)).hasSize(100).isSorted();
      writing.get();
      assertThat(queue.mostHeld()).isEqualTo(BOUND);
      assertThat(queue.spilled()).isZero();
    } finally {
      task.shutdownNow();
    }
  }

  @Test
  void aPartitionBegunAgainReplacesTheFirstAttempt() throws Exception {
    try (ResultQueue queue = new ResultQueue(folder, BOUND)) {
      queue.partitions(1);
      ResultQueue.Part lost = queue.begin(0);
      queue.offer(lost, batch(1), true);
      ResultQueue.Part again = queue.begin(0);
      assertThatThrownBy(() -> queue.offer(lost, batch(2), true))
          .isInstanceOf(CancellationException.class);
      queue.offer(again, batch(1), true);
      assertThat(queue.take()).isPresent();

      assertThatThrownBy(() -> queue.begin(0)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void afterItsEndNobodyFindsIt() {
    ResultQueue queue = new ResultQueue(folder, BOUND);
    queue.partitions(1);
    ResultQueue.Part part = queue.begin(0);
    assertThat(ResultQueue.of(queue.key())).isSameAs(queue);

    queue.close();

    assertThatThrownBy(() -> ResultQueue.of(queue.key())).isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> queue.offer(part, batch(1), true))
        .isInstanceOf(CancellationException.class);
  }
}
