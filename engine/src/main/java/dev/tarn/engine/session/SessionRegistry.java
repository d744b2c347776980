package dev.tarn.engine.session;

import java.security.SecureRandom;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.SparkSession;

/**
 * Who each Spark session acts for. Spark makes catalogs by class name and copies sessions for
 * streams, so the only thing that reaches both is a session setting: an unguessable key, looked up
 * here. Static, for want of any other way in.
 */
public final class SessionRegistry {
  /** The setting that holds the key; users can neither read nor write it. */
  public static final String SETTING = "spark.tarn.session";

  private static final Map<String, SessionContext> SESSIONS = new ConcurrentHashMap<>();

  /**
   * What closed sessions acted for, as long as Spark still has their settings and so may run
   * something in them. The keys are compared by value, but live as long as the settings' own text.
   */
  private static final Map<String, SessionContext> CLOSED =
      Collections.synchronizedMap(new WeakHashMap<>());

  private static final SecureRandom RANDOM = new SecureRandom();

  private SessionRegistry() {}

  /** Returns the key to put into the session's settings. */
  public static String register(SessionContext context) {
    byte[] key = new byte[16];
    RANDOM.nextBytes(key);
    String text = HexFormat.of().formatHex(key);
    SESSIONS.put(text, context);
    return text;
  }

  /**
   * @param key the text that {@link #register} returned
   */
  public static void unregister(String key) {
    SessionContext context = SESSIONS.remove(key);
    if (context != null) {
      CLOSED.put(key, context);
    }
  }

  /**
   * @throws IllegalStateException for a session that Tarn did not open, or has closed
   */
  public static SessionContext of(SparkSession spark) {
    return find(spark)
        .orElseThrow(
            () -> new IllegalStateException("This Spark session is closed or not one of Tarn's."));
  }

  /** Like {@link #find}, and for a closed session what it acted for. */
  public static Optional<SessionContext> findEvenClosed(SparkSession spark) {
    return find(spark).or(() -> Optional.ofNullable(CLOSED.get(spark.conf().get(SETTING, ""))));
  }

  /** Like {@link #of}, and for a closed session what it acted for. */
  public static SessionContext ofEvenClosed(SparkSession spark) {
    return findEvenClosed(spark)
        .orElseThrow(() -> new IllegalStateException("This Spark session is not one of Tarn's."));
  }

  /** Empty for Spark's own first session, which no statement runs in. */
  public static Optional<SessionContext> find(SparkSession spark) {
    return Optional.ofNullable(SESSIONS.get(spark.conf().get(SETTING, "")));
  }
}
