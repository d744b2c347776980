package dev.tarn.govern.lineage;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a receiver of OpenLineage events of each write. Nothing waits for the receiver: what it has
 * not taken when too many wait, or after three tries, is dropped, and a warning counts that.
 */
public final class OpenLineageReceiver implements Consumer<LineageEvent>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenLineageReceiver.class);
  private static final int MOST_WAITING = 1_000;
  private static final int TRIES = 3;
  private static final int GOOD = 300;
  private static final int BUSY = 429;
  private static final int FAILED = 500;
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final long BETWEEN_TRIES_MILLIS = 500;
  private static final long BETWEEN_WARNINGS_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long CLOSING_AT_MOST_MILLIS = 2_000;

  private final ObjectMapper json =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER).build();
  private final BlockingQueue<LineageEvent> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final OpenLineageConfig config;
  private final OpenLineageEvents events;
  private final Thread sender;
  private volatile boolean closed;
  private long dropped;
  private long warned = System.nanoTime() - BETWEEN_WARNINGS_NANOS;

  /**
   * @param config with a URL
   */
  public OpenLineageReceiver(OpenLineageConfig config) {
    this.config = config;
    this.events = new OpenLineageEvents(config.namespace());
    this.sender = new Thread(this::send, "openlineage");
    sender.setDaemon(true);
    sender.start();
  }

  @Override
  public void accept(LineageEvent event) {
    if (event.flow().writes() && !waiting.offer(event)) {
      drop("more than " + MOST_WAITING + " events wait for it");
    }
  }

  /** How many events the receiver was not told of. */
  public synchronized long dropped() {
    return dropped;
  }

  private synchronized void drop(String why) {
    dropped++;
    if (System.nanoTime() - warned >= BETWEEN_WARNINGS_NANOS) {
      warned = System.nanoTime();
      LOG.warn(
          "The receiver of OpenLineage events was not told of {} writes since the start: {}",
          dropped,
          why);
    }
  }

  private void send() {
    try {
      while (!closed || !waiting.isEmpty()) {
        LineageEvent event = waiting.poll(1, TimeUnit.SECONDS);
        if (event != null) {
          send(event);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("Stopped while events waited", e);
    }
  }

  private void send(LineageEvent event) throws InterruptedException {
    String problem = "";
    byte[] body = body(event);
    for (int i = 0; i < TRIES; i++) {
      if (i > 0) {
        Thread.sleep(BETWEEN_TRIES_MILLIS << i);
      }
      try {
        int status = http.send(request(body), HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status < GOOD) {
          return;
        }
        problem = "it answered " + status;
        if (status < FAILED && status != BUSY) {
          break;
        }
      } catch (IOException e) {
        problem = e.getClass().getSimpleName() + ": " + e.getMessage();
      }
    }
    drop(problem);
  }

  private byte[] body(LineageEvent event) {
    try {
      return json.writeValueAsBytes(events.of(event));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpRequest request(byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(config.url()))
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (config.token() != null) {
      request.header("Authorization", "Bearer " + config.token());
    }
    return request.build();
  }

  /** Sends what waits, for as long as the receiver is quick about it. */
  @Override
  public void close() {
    closed = true;
    try {
      sender.join(CLOSING_AT_MOST_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sender.interrupt();
  }
}
