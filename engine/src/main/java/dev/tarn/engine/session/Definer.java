package dev.tarn.engine.session;

import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.json.Json;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.internal.SQLConf;

/**
 * Whose rights hold while the body of a view is analysed: its owner's. Spark analyses a body under
 * the settings that the view brings along, on the same thread; the owner is one of them, put there
 * by the catalog whenever it loads the view. Sessions cannot set it.
 */
public final class Definer {
  private static final String SETTING = "spark.tarn.definer";

  private Definer() {}

  /** Whether a setting is one of those that bodies bring along and sessions cannot set. */
  public static boolean owns(String setting) {
    return setting.startsWith("spark.tarn.");
  }

  /** Settings with the definer among them. */
  public static void put(Principal definer, Map<String, String> settings) {
    settings.put(SETTING, Json.string(definer));
  }

  /** The definer among the settings that a view brought along. */
  public static Optional<Principal> of(scala.collection.immutable.Map<String, String> settings) {
    return settings.contains(SETTING)
        ? Optional.of(read(settings.apply(SETTING)))
        : Optional.empty();
  }

  /** Of the body that this thread analyses; empty outside of any. */
  public static Optional<Principal> current() {
    String json = SQLConf.get().getConfString(SETTING, "");
    return json.isEmpty() ? Optional.empty() : Optional.of(read(json));
  }

  private static Principal read(String json) {
    return Json.read(json, Principal.class);
  }
}
