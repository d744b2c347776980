package dev.tarn.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.testkit.kafka.KafkaBroker;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightProducerIT {
  @TempDir Path folder;

  @Test
  void killsOfProducerAndBrokerLoseNothingAndSendNothingTwice() throws Exception {
    Path flights = FlightData.unpack(folder).flights();
    KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"));
    broker.ensureTopic(FlightProducer.TOPIC, FlightProducer.PARTITIONS);

    replayAndKillAfter(broker, flights, 10_000);
    replayAndKillAfter(broker, flights, 60_000);

    // Now the broker dies in the middle, and the producer must say so.
    KafkaBroker dying = broker;
    assertThatThrownBy(
            () ->
                FlightProducer.replay(
                    dying.bootstrapServers(),
                    flights,
                    Duration.ofSeconds(4),
                    (acknowledged, total, rate) -> {
                      if (acknowledged > 120_000 && dying.isRunning()) {
                        dying.killForcibly();
                      }
                    }))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("run again to continue");

    broker = KafkaBroker.start(folder.resolve("kafka"));
    try {
      List<String> progress = new ArrayList<>();
      FlightProducer.Replay rest =
          FlightProducer.replay(
              broker.bootstrapServers(),
              flights,
              (sent, total, rate) -> progress.add(sent + "/" + total));
      assertThat(rest.before()).isGreaterThan(120_000);
      assertThat(rest.before() + rest.sent()).isEqualTo(230_101);
      assertThat(progress).last().isEqualTo("230101/230101");

      FlightProducer.Replay again =
          FlightProducer.replay(broker.bootstrapServers(), flights, (sent, total, rate) -> {});
      assertThat(again).isEqualTo(new FlightProducer.Replay(230_101, 0));

      try (FlightEvents events = FlightEvents.open(flights, 0)) {
        List<List<String>> topic = List.of(values(broker, 0), values(broker, 1));
        assertThat(topic.get(0).size() + topic.get(1).size()).isEqualTo(230_101);
        for (FlightEvent event = events.next(); event != null; event = events.next()) {
          if (!topic.get(event.partition()).get((int) event.offset()).equals(event.value())) {
            assertThat(topic.get(event.partition()).get((int) event.offset()))
                .as("event " + event.index())
                .isEqualTo(event.value());
          }
        }
      }
    } finally {
      broker.close();
    }
  }

  /** A producer as a program of its own; says how far it is. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      FlightProducer.replay(
          args[0], Path.of(args[1]), (sent, total, rate) -> System.out.println("sent " + sent));
    }
  }

  private void replayAndKillAfter(KafkaBroker broker, Path flights, long events) throws Exception {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                broker.bootstrapServers(),
                flights.toString())
            .redirectError(folder.resolve("program.log").toFile())
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8))) {
      String line = out.readLine();
      while (line != null
          && (!line.startsWith("sent ") || Long.parseLong(line.substring(5)) < events)) {
        line = out.readLine();
      }
      assertThat(line).as(Files.readString(folder.resolve("program.log"))).isNotNull();
      program.destroyForcibly().waitFor();
    }
  }

  private static List<String> values(KafkaBroker broker, int partition) {
    TopicPartition topic = new TopicPartition(FlightProducer.TOPIC, partition);
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(topic));
      consumer.seekToBeginning(List.of(topic));
      long end = consumer.endOffsets(List.of(topic)).get(topic);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(r -> values.add(r.value()));
                return values.size() >= end;
              });
    }
    return values;
  }
}
