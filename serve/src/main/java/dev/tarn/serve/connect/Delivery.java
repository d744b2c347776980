package dev.tarn.serve.connect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.connect.proto.ExecutePlanResponse.ArrowBatch;

/** How far an operation's rows are ahead of what its client was sent. */
final class Delivery implements AutoCloseable {
  private static final Map<String, Delivery> OPEN = new ConcurrentHashMap<>();

  /** Bytes of one operation that wait as answers. */
  private static final long AHEAD = Math.min(16 << 20, Runtime.getRuntime().maxMemory() / 64);

  private record Waiting(long firstRow, long bytes) {}

  private final String jobTag;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long ahead;

  Delivery(String jobTag) {
    this.jobTag = jobTag;
    OPEN.put(jobTag, this);
  }

  /** Waits until there is room for a batch. */
  synchronized void add(long firstRow, long bytes) throws InterruptedException {
    while (ahead > 0 && ahead + bytes > AHEAD) {
      wait();
    }
    ahead += bytes;
    waiting.add(new Waiting(firstRow, bytes));
  }

  /** Takes note that a batch is on its way; some come once more after a broken connection. */
  static void sent(String jobTag, ArrowBatch batch) {
    Delivery delivery = OPEN.get(jobTag);
    if (delivery != null && batch.getChunkIndex() >= batch.getNumChunksInBatch() - 1) {
      delivery.sent(batch.getStartOffset());
    }
  }

  private synchronized void sent(long firstRow) {
    while (!waiting.isEmpty() && waiting.peek().firstRow() <= firstRow) {
      ahead -= waiting.remove().bytes();
    }
    notifyAll();
  }

  @Override
  public void close() {
    OPEN.remove(jobTag, this);
  }
}
