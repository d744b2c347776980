package dev.tarn.ingest.kafka;

import dev.tarn.kernel.error.TarnException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which settings of Kafka's client a statement may make. The client can load classes, read files
 * and call addresses by its settings, so that a list of what is allowed is the only safe one.
 */
final class ClientSettings {
  private static final Set<String> ALLOWED =
      Set.of(
          "kafka.bootstrap.servers",
          "kafka.client.id",
          "kafka.client.rack",
          "kafka.isolation.level",
          "kafka.security.protocol",
          "kafka.sasl.mechanism",
          "kafka.sasl.jaas.config",
          "kafka.ssl.truststore.type",
          "kafka.ssl.truststore.certificates",
          "kafka.ssl.keystore.type",
          "kafka.ssl.keystore.certificate.chain",
          "kafka.ssl.keystore.key",
          "kafka.ssl.key.password",
          "kafka.ssl.endpoint.identification.algorithm",
          "kafka.request.timeout.ms",
          "kafka.default.api.timeout.ms",
          "kafka.session.timeout.ms",
          "kafka.heartbeat.interval.ms",
          "kafka.connections.max.idle.ms",
          "kafka.metadata.max.age.ms",
          "kafka.reconnect.backoff.ms",
          "kafka.retry.backoff.ms",
          "kafka.fetch.min.bytes",
          "kafka.fetch.max.bytes",
          "kafka.fetch.max.wait.ms",
          "kafka.max.partition.fetch.bytes",
          "kafka.max.poll.records",
          "kafka.receive.buffer.bytes");

  private static final List<String> LOGINS =
      List.of(
          "org.apache.kafka.common.security.plain.PlainLoginModule ",
          "org.apache.kafka.common.security.scram.ScramLoginModule ",
          "kafkashaded.org.apache.kafka.common.security.plain.PlainLoginModule ",
          "kafkashaded.org.apache.kafka.common.security.scram.ScramLoginModule ");

  private ClientSettings() {}

  static void check(Map<String, String> options) {
    options.forEach(
        (name, value) -> {
          if (name.startsWith("kafka.") && !ALLOWED.contains(name)) {
            throw TarnException.invalid(
                "read_kafka does not take the client setting '"
                    + name
                    + "'. It takes "
                    + String.join(", ", ALLOWED.stream().sorted().toList())
                    + ".");
          }
        });
    String login = options.get("kafka.sasl.jaas.config");
    if (login != null) {
      String config = login.strip();
      boolean one = config.indexOf(';') == config.length() - 1;
      if (!one || LOGINS.stream().noneMatch(config::startsWith)) {
        throw TarnException.invalid(
            "read_kafka takes a sasl.jaas.config with one login module, PlainLoginModule or"
                + " ScramLoginModule of Kafka, ended by a semicolon.");
      }
      options.put("kafka.sasl.jaas.config", config.replace("kafkashaded.", ""));
    }
  }
}
