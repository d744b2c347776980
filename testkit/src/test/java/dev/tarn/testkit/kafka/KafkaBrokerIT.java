package dev.tarn.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tarn.kernel.error.TarnException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaBrokerIT {
  private static final TopicPartition EVENTS = new TopicPartition("events", 0);

  @TempDir Path folder;

  @Test
  void keepsAcknowledgedEventsThroughKillAndCleanRestart() throws Exception {
    KafkaBroker first = KafkaBroker.start(folder);
    int port = first.port();
    first.ensureTopic("events", 1);
    produce(first, 0, 1000);
    first.killForcibly();
    assertThat(first.isRunning()).isFalse();

    try (KafkaBroker second = KafkaBroker.start(folder)) {
      assertThat(second.port()).as("the same port again, as it is free").isEqualTo(port);
      second.ensureTopic("events", 1);
      assertThat(consume(second, 1000)).isEqualTo(numbers(0, 1000));
      produce(second, 1000, 1500);
    }

    // Somebody else has the old port now: the broker must move and still know its topics.
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        KafkaBroker third = KafkaBroker.start(folder)) {
      assertThat(third.port()).isNotEqualTo(taken.getLocalPort());
      assertThat(consume(third, 1500)).isEqualTo(numbers(0, 1500));
    }
  }

  @Test
  void saysWhichPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> KafkaBroker.start(folder, taken.getLocalPort()))
          .isInstanceOf(TarnException.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
          .hasMessageContaining("in use");
    }
  }

  @Test
  void endsWithItsParentEvenByKill() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                folder.toString())
            .redirectError(folder.resolve("parent.log").toFile())
            .start();
    long pid;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
      pid = Long.parseLong(out.readLine());
    }
    ProcessHandle broker = ProcessHandle.of(pid).orElseThrow();
    assertThat(broker.isAlive()).isTrue();
    parent.destroyForcibly().waitFor();
    await().atMost(Duration.ofSeconds(20)).until(() -> !broker.isAlive());
    assertThat(Files.readString(folder.resolve("parent.log"))).doesNotContain("Exception");
  }

  /** A program that starts a broker and then only waits. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws InterruptedException {
      KafkaBroker broker = KafkaBroker.start(Path.of(args[0]));
      System.out.println(broker.pid());
      Thread.currentThread().join();
    }
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }

  private static void produce(KafkaBroker broker, int from, int to) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all");
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      numbers(from, to)
          .forEach(n -> producer.send(new ProducerRecord<>(EVENTS.topic(), 0, null, n)));
      producer.flush();
    }
  }

  private static List<String> consume(KafkaBroker broker, int count) {
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(EVENTS));
      consumer.seekToBeginning(List.of(EVENTS));
      assertThat(consumer.endOffsets(List.of(EVENTS))).containsEntry(EVENTS, (long) count);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
                return values.size() >= count;
              });
    }
    return values;
  }
}
