package dev.tarn.examples.flights;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Replays flights into topic {@code flights}. Event <i>i</i> belongs at offset <i>i</i>/2 of
 * partition <i>i</i> mod 2, so the topic itself says what is there: a replay that was killed is
 * continued by the next with the first event that is missing, and no event is sent twice.
 */
public final class FlightProducer {
  public static final String TOPIC = "flights";
  public static final int PARTITIONS = 2;

  private static final int REPORT_EVERY = 2_000;
  private static final long SETTLED_MILLIS = 250;
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /**
   * Hears how far the replay is. Called from the replaying thread, last when all is acknowledged.
   */
  @FunctionalInterface
  public interface Progress {
    /**
     * @param acknowledged events in the topic, those of earlier replays included
     * @param total events that will be there in the end
     * @param perSecond events acknowledged per second by this replay
     */
    void update(long acknowledged, long total, double perSecond);
  }

  /**
   * What a replay did.
   *
   * @param before events that were in the topic already
   * @param sent events that this replay added
   */
  public record Replay(long before, long sent) {}

  private FlightProducer() {}

  /**
   * Sends what the topic lacks and returns when the broker has acknowledged all of it.
   *
   * @param bootstrapServers of a broker that has the topic with two partitions, written by nobody
   *     else
   * @param parquet the flights
   * @throws TarnException TEMPORARILY_UNAVAILABLE if the broker stops answering; replay again then
   */
  public static Replay replay(String bootstrapServers, Path parquet, Progress progress) {
    return replay(bootstrapServers, parquet, PATIENCE, progress);
  }

  /**
   * @param patience with a broker that does not answer
   */
  static Replay replay(
      String bootstrapServers, Path parquet, Duration patience, Progress progress) {
    try {
      return send(settings(bootstrapServers, patience), parquet, ends(bootstrapServers), progress);
    } catch (KafkaException e) {
      throw interrupted(e);
    }
  }

  private static Replay send(
      Map<String, Object> settings, Path parquet, long[] ends, Progress progress) {
    long before = ends[0] + ends[1];
    long first = Math.min(ends[0] * PARTITIONS, ends[1] * PARTITIONS + 1);
    AtomicLong acknowledged = new AtomicLong();
    AtomicReference<Exception> failure = new AtomicReference<>();
    long start = System.nanoTime();
    KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    // Closing in patience would wait for a broker that is gone.
    Duration patience = Duration.ZERO;
    try (FlightEvents events = FlightEvents.open(parquet, first)) {
      if (before > events.total()) {
        throw new TarnException(
            ErrorCode.INVALID_STATE,
            "Topic '"
                + TOPIC
                + "' holds "
                + before
                + " events, more than the file has. It was filled from another file: use another"
                + " data folder.");
      }
      for (FlightEvent event = events.next(); event != null; event = events.next()) {
        if (event.offset() < ends[event.partition()]) {
          continue;
        }
        if (failure.get() != null) {
          throw interrupted(failure.get());
        }
        long expected = event.offset();
        producer.send(
            new ProducerRecord<>(TOPIC, event.partition(), event.key(), event.value()),
            (metadata, e) -> {
              Exception wrong = e != null ? e : misplaced(metadata, expected);
              if (wrong == null) {
                acknowledged.incrementAndGet();
              } else {
                failure.compareAndSet(null, wrong);
              }
            });
        if (event.index() % REPORT_EVERY == 0) {
          report(progress, before, acknowledged.get(), events.total(), start);
        }
      }
      producer.flush();
      if (failure.get() != null) {
        throw interrupted(failure.get());
      }
      patience = Duration.ofSeconds(30);
      report(progress, before, acknowledged.get(), events.total(), start);
      return new Replay(before, acknowledged.get());
    } finally {
      producer.close(patience);
    }
  }

  private static void report(
      Progress progress, long before, long acknowledged, long total, long start) {
    double seconds = Math.max(1, System.nanoTime() - start) / 1e9;
    progress.update(before + acknowledged, total, acknowledged / seconds);
  }

  /** Where each partition ends, once nothing of a killed predecessor is still arriving. */
  private static long[] ends(String bootstrapServers) {
    List<TopicPartition> partitions =
        IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(TOPIC, p)).toList();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      if (consumer.partitionsFor(TOPIC).size() != PARTITIONS) {
        throw new TarnException(
            ErrorCode.INVALID_STATE,
            "Topic '" + TOPIC + "' must have " + PARTITIONS + " partitions. Create it anew.");
      }
      Map<TopicPartition, Long> last = consumer.endOffsets(partitions);
      while (true) {
        Thread.sleep(SETTLED_MILLIS);
        Map<TopicPartition, Long> now = consumer.endOffsets(partitions);
        if (now.equals(last)) {
          return partitions.stream().mapToLong(now::get).toArray();
        }
        last = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    }
  }

  private static Exception misplaced(RecordMetadata metadata, long expected) {
    return metadata.offset() == expected
        ? null
        : new IllegalStateException(
            "an event for offset "
                + expected
                + " of partition "
                + metadata.partition()
                + " came to lie at "
                + metadata.offset()
                + ", so somebody else writes to the topic");
  }

  private static TarnException interrupted(Exception cause) {
    return new TarnException(
        ErrorCode.TEMPORARILY_UNAVAILABLE,
        "The replay into topic '"
            + TOPIC
            + "' broke off: "
            + cause.getMessage()
            + ". What was acknowledged is safe; run again to continue.",
        cause);
  }

  private static Map<String, Object> settings(String bootstrapServers, Duration patience) {
    return Map.of(
        "bootstrap.servers",
        bootstrapServers,
        "acks",
        "all",
        "enable.idempotence",
        "true",
        "linger.ms",
        "20",
        "batch.size",
        "131072",
        "compression.type",
        "lz4",
        "delivery.timeout.ms",
        Math.toIntExact(patience.toMillis()),
        "request.timeout.ms",
        Math.toIntExact(patience.toMillis() / 3),
        "max.block.ms",
        patience.toMillis());
  }
}
