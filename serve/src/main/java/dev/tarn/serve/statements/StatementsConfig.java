package dev.tarn.serve.statements;

import java.time.Duration;

/**
 * Section {@code statements}.
 *
 * @param maxRunning statements that run at once on one warehouse, whatever its size; 64 by default
 * @param maxQueued statements that may wait for their turn on one warehouse; 1000 by default
 * @param keepSeconds how long a finished statement's result is kept; 3600 by default. The statement
 *     itself is remembered for 12 hours
 */
public record StatementsConfig(Integer maxRunning, Integer maxQueued, Integer keepSeconds) {
  public static final StatementsConfig DEFAULT = new StatementsConfig(null, null, null);

  public StatementsConfig {
    maxRunning = maxRunning == null ? 64 : maxRunning;
    maxQueued = maxQueued == null ? 1000 : maxQueued;
    keepSeconds = keepSeconds == null ? 3600 : keepSeconds;
  }

  Duration keep() {
    return Duration.ofSeconds(keepSeconds);
  }
}
