package dev.tarn.serve.statements;

import java.time.Duration;

/**
 * Section {@code statements}.
 *
 * @param maxRunning statements that run at once on one warehouse, whatever its size; 64 by default
 * @param maxQueued statements that may wait for their turn on one warehouse; 1000 by default
 * @param keepSeconds how long a finished statement's result is kept; 3600 by default. The statement
 *     itself is remembered for 12 hours
 * @param unaskedSeconds after which a statement is stopped for whose end nobody has asked; 900 by
 *     default
 */
public record StatementsConfig(
    Integer maxRunning, Integer maxQueued, Integer keepSeconds, Integer unaskedSeconds) {
  public static final StatementsConfig DEFAULT = new StatementsConfig(null, null, null, null);

  public StatementsConfig {
    maxRunning = maxRunning == null ? 64 : maxRunning;
    maxQueued = maxQueued == null ? 1000 : maxQueued;
    keepSeconds = keepSeconds == null ? 3600 : keepSeconds;
    unaskedSeconds = unaskedSeconds == null ? 900 : unaskedSeconds;
  }

  Duration unasked() {
    return Duration.ofSeconds(unaskedSeconds);
  }

  /** How often is looked for what is to be stopped or deleted. */
  Duration sweep() {
    return Duration.ofSeconds(Math.max(1, Math.min(30, unaskedSeconds)));
  }

  Duration keep() {
    return Duration.ofSeconds(keepSeconds);
  }
}
