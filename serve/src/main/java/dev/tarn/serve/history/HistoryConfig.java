package dev.tarn.serve.history;

import java.time.Duration;

/**
 * Section {@code history}.
 *
 * @param keepDays how long a query is kept after it began; 30 by default
 * @param maxQueries how many are kept, the newest; 100 000 by default
 */
public record HistoryConfig(Integer keepDays, Integer maxQueries) {
  public static final HistoryConfig DEFAULT = new HistoryConfig(null, null);

  public HistoryConfig {
    keepDays = keepDays == null ? 30 : keepDays;
    maxQueries = maxQueries == null ? 100_000 : maxQueries;
  }

  Duration keep() {
    return Duration.ofDays(keepDays);
  }
}
