package dev.tarn.govern.catalog;

import dev.tarn.kernel.error.TarnException;
import java.time.Duration;

/**
 * Section {@code catalog}.
 *
 * @param undropDays how many days dropped tables can come back and their files stay; 0 for not at
 *     all; absent: 7
 */
public record CatalogConfig(Integer undropDays) {
  private static final int DEFAULT_DAYS = 7;
  private static final int MOST_DAYS = 3_650;

  public CatalogConfig {
    undropDays = undropDays == null ? DEFAULT_DAYS : undropDays;
    if (undropDays < 0 || undropDays > MOST_DAYS) {
      throw TarnException.invalid(
          "Setting 'catalog.undrop_days' must be between 0 and " + MOST_DAYS + ".");
    }
  }

  public static CatalogConfig defaults() {
    return new CatalogConfig(null);
  }

  public Duration keepDropped() {
    return Duration.ofDays(undropDays);
  }
}
