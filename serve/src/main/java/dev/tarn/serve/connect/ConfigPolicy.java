package dev.tarn.serve.connect;

import dev.tarn.engine.policy.PlanPolicy;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.List;
import java.util.Locale;
import org.apache.spark.connect.proto.ConfigRequest;
import org.apache.spark.connect.proto.ConfigResponse;
import org.apache.spark.connect.proto.KeyValue;

/** Which settings of a session its own client sees and changes. */
final class ConfigPolicy {
  /** What changes how rows look or how a statement is read; no places, no keys, no classes. */
  private static final List<String> READABLE =
      List.of(
          "spark.sql.adaptive.",
          "spark.sql.analyzer.",
          "spark.sql.ansi.",
          "spark.sql.autobroadcastjointhreshold",
          "spark.sql.casesensitive",
          "spark.sql.connect.",
          "spark.sql.execution.arrow.",
          "spark.sql.execution.pandas.",
          "spark.sql.execution.python",
          "spark.sql.legacy.",
          "spark.sql.mapkeydeduppolicy",
          "spark.sql.pyspark.",
          "spark.sql.repl.",
          "spark.sql.session.",
          "spark.sql.shuffle.partitions",
          "spark.sql.sources.default",
          "spark.sql.timestamptype",
          "spark.sql.variable.substitute",
          "spark.connect.session.",
          "spark.databricks.delta.schema.automerge.enabled",
          "pipelines.");

  private ConfigPolicy() {}

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE for a setting that is not the session's to see or
   *     change
   */
  static void check(ConfigRequest.Operation operation) {
    operation.getSet().getPairsList().forEach(pair -> PlanPolicy.checkSetting(pair.getKey()));
    operation.getUnset().getKeysList().forEach(PlanPolicy::checkSetting);
    operation.getGet().getKeysList().forEach(ConfigPolicy::checkReadable);
    operation.getGetOption().getKeysList().forEach(ConfigPolicy::checkReadable);
    operation.getIsModifiable().getKeysList().forEach(ConfigPolicy::checkReadable);
    operation.getGetWithDefault().getPairsList().forEach(pair -> checkReadable(pair.getKey()));
  }

  /** Takes out of a listing what is not the client's to see. */
  static ConfigResponse visible(ConfigRequest.Operation operation, ConfigResponse response) {
    if (!operation.hasGetAll()) {
      return response;
    }
    // Spark answers a listing with a prefix by what follows it.
    String prefix = operation.getGetAll().getPrefix();
    List<KeyValue> kept =
        response.getPairsList().stream().filter(pair -> readable(prefix + pair.getKey())).toList();
    return response.toBuilder().clearPairs().clearWarnings().addAllPairs(kept).build();
  }

  private static void checkReadable(String key) {
    if (!readable(key)) {
      throw new TarnException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "42K0I",
          "[CONFIG_NOT_AVAILABLE] The setting '" + key + "' is not a session's to see.",
          null);
    }
  }

  private static boolean readable(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return READABLE.stream().anyMatch(s -> s.endsWith(".") ? lower.startsWith(s) : lower.equals(s));
  }
}
