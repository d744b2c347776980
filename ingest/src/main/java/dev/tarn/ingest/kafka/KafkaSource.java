package dev.tarn.ingest.kafka;

import dev.tarn.engine.source.Source;
import dev.tarn.engine.source.SourceCall;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.streaming.StreamingRelationV2;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.streaming.DataStreamReader;

/**
 * {@code read_kafka}: topics of Apache Kafka and whatever speaks its protocol, as rows of {@code
 * key, value, topic, partition, offset, timestamp, timestampType}.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/functions/read_kafka">read_kafka</a>
 */
public final class KafkaSource implements Source {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Set<String> SUBSCRIPTIONS =
      Set.of("subscribe", "subscribepattern", "assign");

  /** By default Spark waits minutes for a broker that is gone before it says so. */
  private static final Map<String, String> PATIENT_ENOUGH =
      Map.of(
          "kafka.default.api.timeout.ms",
          "15000",
          "kafka.request.timeout.ms",
          "10000",
          "kafkaConsumer.pollTimeoutMs",
          "30000",
          "fetchOffset.numRetries",
          "2");

  /** Arguments in the spelling that Spark's connector wants. */
  private static final Map<String, String> OPTIONS =
      options(
          "subscribe",
          "subscribePattern",
          "assign",
          "startingOffsets",
          "endingOffsets",
          "startingTimestamp",
          "endingTimestamp",
          "startingOffsetsByTimestamp",
          "endingOffsetsByTimestamp",
          "failOnDataLoss",
          "minPartitions",
          "maxOffsetsPerTrigger",
          "includeHeaders",
          "groupIdPrefix");

  private final ClientSecrets secrets = new ClientSecrets();

  private static Map<String, String> options(String... names) {
    Map<String, String> options = new TreeMap<>();
    for (String name : names) {
      options.put(name.toLowerCase(Locale.ROOT), name);
    }
    return options;
  }

  @Override
  public String function() {
    return "read_kafka";
  }

  @Override
  public LogicalPlan read(SourceCall call) {
    Map<String, String> options = new LinkedHashMap<>();
    call.named().forEach((name, value) -> options.put(option(name), value));
    if (!options.containsKey("kafka.bootstrap.servers")) {
      throw TarnException.invalid(
          "read_kafka needs bootstrapServers => 'host:port', the brokers to ask first.");
    }
    if (options.keySet().stream()
            .filter(o -> SUBSCRIPTIONS.contains(o.toLowerCase(Locale.ROOT)))
            .count()
        != 1) {
      throw TarnException.invalid(
          "read_kafka needs exactly one of subscribe => 'topic,…', subscribePattern and assign.");
    }
    ClientSettings.check(options);
    PATIENT_ENOUGH.forEach(options::putIfAbsent);
    if (call.streaming()) {
      DataStreamReader reader = call.spark().readStream().format("kafka").options(options);
      return ((Dataset<?>) reader.load()).queryExecution().analyzed();
    }
    check(options);
    DataFrameReader reader = call.spark().read().format("kafka").options(options);
    return ((Dataset<?>) reader.load()).queryExecution().analyzed();
  }

  private static String option(String name) {
    if (name.equals("bootstrapservers")) {
      return "kafka.bootstrap.servers";
    }
    if (name.startsWith("kafka.")) {
      return name;
    }
    String option = OPTIONS.get(name);
    if (option == null) {
      throw TarnException.invalid(
          "read_kafka has no argument '"
              + name
              + "'. It takes bootstrapServers, "
              + String.join(", ", OPTIONS.values())
              + " and `kafka.…` settings of the client.");
    }
    return option;
  }

  @Override
  public Optional<Map<String, String>> describe(LogicalPlan leaf) {
    if (leaf instanceof StreamingRelationV2 relation && relation.sourceName().equals("kafka")) {
      Map<String, String> description = new TreeMap<>();
      relation
          .extraOptions()
          .asCaseSensitiveMap()
          .forEach(
              (name, value) -> {
                if (name.startsWith("kafka.")
                    || SUBSCRIPTIONS.contains(name.toLowerCase(Locale.ROOT))) {
                  description.put(name, value);
                }
              });
      return Optional.of(secrets.hidden(description));
    }
    return Optional.empty();
  }

  /** The end of every partition. */
  @Override
  public String position(Map<String, String> description) {
    return check(secrets.shown(description)).toString();
  }

  private static Map<String, Long> check(Map<String, String> options) {
    String servers = options.get("kafka.bootstrap.servers");
    try (Admin admin = Admin.create(client(options))) {
      Map<TopicPartition, OffsetSpec> wanted = new LinkedHashMap<>();
      for (TopicDescription topic :
          admin
              .describeTopics(topics(admin, options))
              .allTopicNames()
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
              .values()) {
        topic
            .partitions()
            .forEach(
                p ->
                    wanted.put(
                        new TopicPartition(topic.name(), p.partition()), OffsetSpec.latest()));
      }
      Map<String, Long> ends = new TreeMap<>();
      for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
          admin
              .listOffsets(wanted)
              .all()
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
              .entrySet()) {
        ends.put(end.getKey().toString(), end.getValue().offset());
      }
      return ends;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        throw new TarnException(
            ErrorCode.RESOURCE_DOES_NOT_EXIST,
            "42K03",
            "[KAFKA_TOPIC_NOT_FOUND] The topic '"
                + options.getOrDefault("subscribe", options.get("assign"))
                + "' does not exist on the Kafka broker "
                + servers
                + ". Create it, or correct subscribe.",
            e.getCause());
      }
      throw unreachable(servers, e.getCause());
    } catch (TimeoutException | RuntimeException e) {
      if (e instanceof TarnException tarn) {
        throw tarn;
      }
      throw unreachable(servers, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TarnException(ErrorCode.CANCELLED, "57014", "Cancelled while asking Kafka.", e);
    }
  }

  private static Set<String> topics(Admin admin, Map<String, String> options)
      throws ExecutionException, InterruptedException, TimeoutException {
    if (options.containsKey("subscribe")) {
      return Set.of(options.get("subscribe").split("\\s*,\\s*"));
    }
    if (options.containsKey("subscribePattern")) {
      Pattern pattern = Pattern.compile(options.get("subscribePattern"));
      return Set.copyOf(
          admin.listTopics().names().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).stream()
              .filter(topic -> pattern.matcher(topic).matches())
              .toList());
    }
    List<String> names = new java.util.ArrayList<>();
    dev.tarn.kernel.json.Json.tree(options.get("assign")).fieldNames().forEachRemaining(names::add);
    return Set.copyOf(names);
  }

  private static Properties client(Map<String, String> options) {
    Properties client = new Properties();
    options.forEach(
        (name, value) -> {
          if (name.startsWith("kafka.")) {
            client.put(name.substring("kafka.".length()), value);
          }
        });
    client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis() / 2);
    return client;
  }

  private static TarnException unreachable(String servers, Throwable cause) {
    return new TarnException(
        ErrorCode.TEMPORARILY_UNAVAILABLE,
        "08001",
        "[KAFKA_UNREACHABLE] No Kafka broker answers at "
            + servers
            + " within "
            + PATIENCE.toSeconds()
            + " s. Check that it runs and that bootstrapServers names it. What was read so far is"
            + " safe; the next update goes on from there.",
        cause);
  }
}
