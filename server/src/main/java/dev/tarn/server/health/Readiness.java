package dev.tarn.server.health;

import java.util.Optional;

/** What the server still waits for before statements can run. */
@FunctionalInterface
public interface Readiness {
  /** Empty once statements can run; else a few words for people. */
  Optional<String> waitingFor();
}
