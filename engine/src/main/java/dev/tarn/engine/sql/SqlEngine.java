package dev.tarn.engine.sql;

import dev.tarn.kernel.identity.Principal;

/** Runs SQL for principals. Every protocol and every room enters SQL here, and nowhere else. */
public interface SqlEngine {
  /** Opens a session that acts as one principal until it is closed. Cheap. */
  SqlSession openSession(Principal principal, SessionDefaults defaults);

  /** Like {@link #openSession(Principal, SessionDefaults)}, within a share of the engine. */
  default SqlSession openSession(
      Principal principal, SessionDefaults defaults, ComputeShare share) {
    return openSession(principal, defaults);
  }

  /**
   * Lets go of what is kept for the statements of one pool, once those that still run have ended.
   *
   * @param pool of a {@link ComputeShare}
   */
  default void rest(String pool) {}

  /** Lets go of memory that only makes later statements faster: nobody works now. */
  default void rest() {}

  /** Whether a statement would start at once; false while the engine warms up. */
  boolean isReady();
}
