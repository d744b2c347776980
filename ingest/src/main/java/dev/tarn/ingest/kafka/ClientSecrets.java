package dev.tarn.ingest.kafka;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps passwords and keys in memory, and only their digests in what others store. */
final class ClientSecrets {
  private static final Set<String> SECRET =
      Set.of("kafka.sasl.jaas.config", "kafka.ssl.keystore.key", "kafka.ssl.key.password");
  private static final String MARK = "sha256:";

  private final Map<String, String> known = new ConcurrentHashMap<>();

  Map<String, String> hidden(Map<String, String> options) {
    Map<String, String> hidden = new TreeMap<>(options);
    for (String name : SECRET) {
      hidden.computeIfPresent(
          name,
          (n, value) -> {
            String digest = MARK + digest(value);
            known.put(digest, value);
            return digest;
          });
    }
    return hidden;
  }

  /**
   * @throws TarnException if the secrets are those of an earlier process
   */
  Map<String, String> shown(Map<String, String> options) {
    Map<String, String> shown = new TreeMap<>(options);
    for (String name : SECRET) {
      String value = shown.get(name);
      if (value != null && value.startsWith(MARK)) {
        String secret = known.get(value);
        if (secret == null) {
          throw new TarnException(
              ErrorCode.INVALID_STATE, "The credentials of the Kafka client are not known yet.");
        }
        shown.put(name, secret);
      }
    }
    return shown;
  }

  private static String digest(String value) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
