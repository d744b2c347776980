package dev.tarn.serve.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.connect.proto.ExecutePlanResponse.ArrowBatch;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class DeliveryTest {
  private static final long LARGE = 16 << 20;

  @Test
  void waitsForWhatHasNotBeenSent() throws Exception {
    try (Delivery delivery = new Delivery("tag")) {
      delivery.add(0, LARGE);
      CompletableFuture<Void> next = CompletableFuture.runAsync(() -> add(delivery, 10));
      Assertions.assertThatThrownBy(() -> next.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      Delivery.sent("another", batch(0, 0, 1));
      Delivery.sent("tag", batch(0, 0, 2));
      assertThat(next).isNotDone();
      Delivery.sent("tag", batch(0, 1, 2));
      next.get(30, TimeUnit.SECONDS);
      // What is sent once more makes no room.
      Delivery.sent("tag", batch(0, 1, 2));
      CompletableFuture<Void> last = CompletableFuture.runAsync(() -> add(delivery, 20));
      Assertions.assertThatThrownBy(() -> last.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      Delivery.sent("tag", batch(10, 0, 0));
      last.get(30, TimeUnit.SECONDS);
    }
  }

  private static void add(Delivery delivery, long firstRow) {
    try {
      delivery.add(firstRow, LARGE);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ArrowBatch batch(long firstRow, int chunk, int chunks) {
    return ArrowBatch.newBuilder()
        .setStartOffset(firstRow)
        .setChunkIndex(chunk)
        .setNumChunksInBatch(chunks)
        .build();
  }
}
