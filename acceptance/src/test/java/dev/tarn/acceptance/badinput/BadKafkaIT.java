package dev.tarn.acceptance.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.server.client.TarnClient;
import dev.tarn.testkit.kafka.KafkaBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Events that are wrong, and brokers that are not there or go away. */
@ExtendWith(TarnUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadKafkaIT {
  private static final int EVENTS = 20_000;

  private final Tarn tarn;
  private final TarnClient client;
  private KafkaBroker broker;

  @TempDir Path folder;

  BadKafkaIT(Tarn tarn) {
    this.tarn = tarn;
    this.client = tarn.administrator();
  }

  private KafkaBroker broker() {
    if (broker == null) {
      broker = KafkaBroker.start(kafka);
    }
    return broker;
  }

  @TempDir static Path kafka;

  @AfterEach
  void serves() {
    tarn.assertServes();
  }

  @AfterAll
  void stopBroker() {
    if (broker != null) {
      broker.close();
    }
  }

  private void send(String topic, int count, IntFunction<String> event) throws Exception {
    broker().ensureTopic(topic, 2);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker().bootstrapServers(), "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        sent.add(producer.send(new ProducerRecord<>(topic, i % 2, null, event.apply(i))));
      }
      for (Future<RecordMetadata> each : sent) {
        each.get();
      }
    }
  }

  private PipelineUnderTest events(String schema, String servers, String topic, String more) {
    return new PipelineUnderTest(
        client,
        schema,
        Map.of("servers", servers, "topic", topic),
        """
        -- Events, and those that could not be parsed.
        CREATE OR REFRESH STREAMING TABLE events AS
        SELECT event.id, event._rescued_data, partition, `offset`
        FROM (
          SELECT from_json(CAST(value AS STRING), 'id INT, _rescued_data STRING',
            map('mode', 'PERMISSIVE', 'columnNameOfCorruptRecord', '_rescued_data')) AS event,
            partition, `offset`
          FROM STREAM read_kafka(bootstrapServers => '${servers}', subscribe => '${topic}',
            startingOffsets => 'earliest'%s));

        CREATE OR REFRESH STREAMING TABLE rescued AS
        SELECT _rescued_data AS event FROM STREAM(events) WHERE _rescued_data IS NOT NULL;
        """
            .formatted(more));
  }

  @Test
  void malformedEventsAreKept() throws Exception {
    List<String> values = List.of("{\"id\": 1}", "{\"id\": ", "no JSON", "{\"id\": \"x\"}");
    send("malformed", values.size(), values::get);
    PipelineUnderTest pipeline = events("malformed", broker().bootstrapServers(), "malformed", "");
    pipeline.update().isCompleted();
    assertThat(pipeline.select("count(*), count(id)", "events", ""))
        .containsExactly(List.of("4", "1"));
    assertThat(pipeline.select("event", "rescued", ""))
        .containsExactlyInAnyOrder(
            List.of("{\"id\": "), List.of("no JSON"), List.of("{\"id\": \"x\"}"));
  }

  @Test
  void aTopicThatIsNotThereIsNamed() {
    String servers = broker().bootstrapServers();
    assertThat(events("no_topic", servers, "nope", "").update().failed())
        .contains("flows.sql:2")
        .contains("'nope'")
        .contains("does not exist")
        .contains(servers)
        .contains("Create it");
    assertThatThrownBy(
            () ->
                client.sql(
                    "SELECT count(*) FROM read_kafka(bootstrapServers => '"
                        + servers
                        + "', subscribe => 'nope')"))
        .hasMessageContaining("'nope'")
        .hasMessageContaining("does not exist");
  }

  @Test
  void aBrokerThatIsNotThereIsNamed() throws IOException {
    String servers = nobody();
    assertThat(events("no_broker", servers, "events", "").update().failed())
        .contains("flows.sql:2")
        .contains("No Kafka broker answers")
        .contains(servers)
        .contains("bootstrapServers");
  }

  /** An address where nobody listens. */
  static String nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }

  @Test
  void aBrokerThatDiesInTheMiddleCostsNoEvent() throws Exception {
    Path own = folder.resolve("kafka");
    KafkaBroker dying = KafkaBroker.start(own);
    KafkaBroker shared = broker;
    try {
      broker = dying;
      send("dying", EVENTS, i -> "{\"id\": " + i + "}");
      PipelineUnderTest pipeline =
          events("dying", dying.bootstrapServers(), "dying", ", maxOffsetsPerTrigger => 500");
      String update = pipeline.start();
      await("the first events")
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> pipeline.rows(update) > 0);
      dying.killForcibly();
      tarn.assertServes();
      PipelineUnderTest.Outcome outcome = pipeline.follow(update);
      assertThat(outcome.failed())
          .contains("flows.sql:2")
          .contains("Kafka")
          .contains(dying.bootstrapServers());
      long before = Long.parseLong(pipeline.select("count(*)", "events", "").get(0).get(0));
      assertThat(before).isPositive().isLessThan(EVENTS);

      broker = KafkaBroker.start(own, dying.port());
      events("dying", broker.bootstrapServers(), "dying", "").update().isCompleted();
      assertThat(
              pipeline.select(
                  "count(*), count(DISTINCT partition, `offset`), count(DISTINCT id), max(id)",
                  "events",
                  ""))
          .containsExactly(List.of("20000", "20000", "20000", "19999"));
    } finally {
      broker.close();
      dying.close();
      broker = shared;
    }
  }
}
