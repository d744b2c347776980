package dev.tarn.server.health;

import java.util.Optional;

/** What the server still waits for before statements can run. */
@FunctionalInterface
public interface Readiness {

  /**
   * @param reason a few words for people
   * @param failed whether waiting is in vain
   */
  record Waiting(String reason, boolean failed) {}

  /** Empty once statements can run. */
  Optional<Waiting> waiting();
}
