package dev.tarn.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.TarnException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientSettingsTest {
  private static final String PLAIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username='u' password='p';";

  private static void check(String name, String value) {
    ClientSettings.check(new HashMap<>(Map.of("kafka.bootstrap.servers", "b:9092", name, value)));
  }

  @ParameterizedTest
  @CsvSource({
    "kafka.config.providers, d",
    "kafka.config.providers.d.class, org.apache.kafka.common.config.provider.DirectoryConfigProvider",
    "kafka.metric.reporters, x.Y",
    "kafka.interceptor.classes, x.Y",
    "kafka.ssl.truststore.location, /etc/passwd",
    "kafka.sasl.oauthbearer.token.endpoint.url, http://x",
    "kafka.sasl.login.callback.handler.class, x.Y",
    "kafka.key.deserializer, x.Y",
  })
  void whatLoadsClassesOrReadsFilesIsRefused(String name, String value) {
    assertThatThrownBy(() -> check(name, value))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.sun.security.auth.module.JndiLoginModule required user.provider.url='ldap://x';",
        "org.apache.kafka.common.security.plain.PlainLoginModule required; x.Y required;",
        "org.apache.kafka.common.security.plain.PlainLoginModule required",
        "",
      })
  void otherLoginModulesAreRefused(String jaas) {
    assertThatThrownBy(() -> check("kafka.sasl.jaas.config", jaas))
        .isInstanceOf(TarnException.class);
  }

  @Test
  void ordinaryLoginsPass() {
    assertThatCode(() -> check("kafka.sasl.jaas.config", PLAIN)).doesNotThrowAnyException();
    assertThatCode(() -> check("kafka.security.protocol", "SASL_SSL")).doesNotThrowAnyException();
  }

  @Test
  void secretsAreKeptOutOfWhatIsStored() {
    ClientSecrets secrets = new ClientSecrets();
    Map<String, String> options = Map.of("kafka.sasl.jaas.config", PLAIN, "subscribe", "t");
    Map<String, String> hidden = secrets.hidden(options);
    assertThat(hidden.toString()).doesNotContain("password");
    assertThat(hidden).containsEntry("subscribe", "t");
    assertThat(secrets.shown(hidden)).isEqualTo(options);
    assertThatThrownBy(() -> new ClientSecrets().shown(hidden)).isInstanceOf(TarnException.class);
  }
}
