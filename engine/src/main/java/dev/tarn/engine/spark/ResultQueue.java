package dev.tarn.engine.spark;

import dev.tarn.engine.sql.ResultStream.Batch;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Batches on their way from tasks to the one reader, who gets them in the order of partitions.
 * Memory is bounded: the task of the partition being read waits when it is too far ahead; a task of
 * a later partition never waits, since the earlier one may need its place to run, but writes to a
 * file. Tasks find their queue by its key, which is no use in another JVM.
 */
final class ResultQueue implements AutoCloseable {
  private static final Map<String, ResultQueue> OPEN = new ConcurrentHashMap<>();
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String key;
  private final Path folder;
  private final long bound;
  private final Map<Integer, Part> parts = new HashMap<>();
  private int partitions;
  private int current;
  private long held;
  private long mostHeld;
  private long spilled;
  private boolean finished;
  private boolean closed;
  private Throwable failure;

  /** One partition: what is in memory is older than what is in the file. */
  static final class Part {
    private final int partition;
    private final Deque<Batch> memory = new ArrayDeque<>();
    private FileChannel file;
    private long written;
    private long read;
    private boolean ended;
    private boolean delivered;

    private Part(int partition) {
      this.partition = partition;
    }
  }

  /**
   * @param folder where batches of later partitions go that memory has no room for
   * @param bound bytes that may wait in memory
   */
  ResultQueue(Path folder, long bound) {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    this.key = HexFormat.of().formatHex(bytes);
    this.folder = folder;
    this.bound = bound;
    OPEN.put(key, this);
  }

  /**
   * @throws CancellationException if nobody reads any more
   */
  static ResultQueue of(String key) {
    ResultQueue queue = OPEN.get(key);
    if (queue == null) {
      throw new CancellationException("Nobody reads this result any more");
    }
    return queue;
  }

  String key() {
    return key;
  }

  synchronized void partitions(int count) {
    partitions = count;
  }

  /**
   * A task begins a partition. One that begins it again, after a part of the job was lost, may do
   * so while nothing has been read; what the first one still offers is refused.
   */
  synchronized Part begin(int partition) {
    Part before = parts.get(partition);
    if (partition < current || before != null && before.delivered) {
      throw new IllegalStateException(
          "Part of the result was lost and cannot be made again, because rows of it are already"
              + " delivered. Run the statement again.");
    }
    if (before != null) {
      before.memory.forEach(batch -> held -= batch.message().length);
      close(before);
    }
    Part part = new Part(partition);
    parts.put(partition, part);
    return part;
  }

  /**
   * Takes a batch of a partition.
   *
   * @param patient whether to wait for the reader if that partition is the one being read
   */
  synchronized void offer(Part part, Batch batch, boolean patient) throws InterruptedException {
    long size = batch.message().length;
    while (!closed && parts.get(part.partition) == part) {
      boolean inFile = part.read < part.written;
      if (patient && part.partition == current) {
        if (!inFile && (part.memory.isEmpty() || held + size <= bound)) {
          keep(part, batch);
          return;
        }
        wait();
      } else if (!inFile && held + size <= bound / 2) {
        keep(part, batch);
        return;
      } else {
        spill(part, batch);
        return;
      }
    }
    throw new CancellationException("Nobody reads this result any more");
  }

  private void keep(Part part, Batch batch) {
    part.memory.add(batch);
    held += batch.message().length;
    mostHeld = Math.max(mostHeld, held);
    notifyAll();
  }

  private void spill(Part part, Batch batch) {
    try {
      if (part.file == null) {
        Files.createDirectories(folder);
        part.file =
            FileChannel.open(
                Files.createTempFile(folder, "result", null),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
      }
      ByteBuffer head =
          ByteBuffer.allocate(8).putInt(batch.rowCount()).putInt(batch.message().length).flip();
      part.written += write(part.file, head, part.written);
      part.written += write(part.file, ByteBuffer.wrap(batch.message()), part.written);
      spilled += batch.message().length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += file.write(bytes, position);
    }
    return position - at;
  }

  synchronized void end(Part part) {
    part.ended = true;
    notifyAll();
  }

  /** No task will come any more. */
  synchronized void finish(Throwable cause) {
    finished = true;
    failure = failure == null ? cause : failure;
    notifyAll();
  }

  /**
   * The next batch, or empty at the end.
   *
   * @throws InterruptedException if the reader is interrupted while it waits
   * @throws Failed with why the job failed
   */
  synchronized Optional<Batch> take() throws InterruptedException, Failed {
    while (true) {
      if (failure != null) {
        throw new Failed(failure);
      }
      Part part = parts.get(current);
      if (part != null && !part.memory.isEmpty()) {
        Batch batch = part.memory.remove();
        held -= batch.message().length;
        part.delivered = true;
        notifyAll();
        return Optional.of(batch);
      }
      if (part != null && part.read < part.written) {
        part.delivered = true;
        Batch batch = read(part);
        notifyAll();
        return Optional.of(batch);
      }
      if (part != null && part.ended || finished && current < partitions) {
        close(parts.remove(current));
        current++;
        notifyAll();
      } else if (finished) {
        return Optional.empty();
      } else {
        wait();
      }
    }
  }

  private static Batch read(Part part) {
    try {
      ByteBuffer head = readFully(part.file, 8, part.read);
      int rows = head.getInt();
      byte[] message = readFully(part.file, head.getInt(), part.read + 8).array();
      part.read += 8 + message.length;
      return new Batch(message, rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteBuffer readFully(FileChannel file, int length, long at) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, at + bytes.position()) < 0) {
        throw new EOFException("The file of a waiting result is shorter than it was");
      }
    }
    return bytes.flip();
  }

  /** Why the job failed, as {@link #getCause}. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(Throwable cause) {
      super(cause);
    }
  }

  /** The most bytes that ever waited in memory. */
  synchronized long mostHeld() {
    return mostHeld;
  }

  /** The bytes that went through files. */
  synchronized long spilled() {
    return spilled;
  }

  private static void close(Part part) {
    if (part != null && part.file != null) {
      try {
        part.file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Lets go of everything; tasks that still offer are told so. */
  @Override
  public synchronized void close() {
    OPEN.remove(key);
    closed = true;
    parts.values().forEach(ResultQueue::close);
    parts.clear();
    held = 0;
    notifyAll();
  }
}
