package dev.tarn.govern.lineage;

import dev.tarn.kernel.error.TarnException;
import java.time.Duration;

/**
 * Section {@code lineage}.
 *
 * @param retentionDays how long the rows of the lineage tables are kept; 365 by default
 * @param moveSeconds how often they move from the journal into the tables at the latest; 60 by
 *     default. Reading a table moves them at once
 * @param openlineage who else is told; nobody by default
 */
public record LineageConfig(
    Integer retentionDays, Integer moveSeconds, OpenLineageConfig openlineage) {
  public static final LineageConfig DEFAULT = new LineageConfig(null, null, null);

  public LineageConfig {
    retentionDays = retentionDays == null ? 365 : retentionDays;
    moveSeconds = moveSeconds == null ? 60 : moveSeconds;
    openlineage = openlineage == null ? OpenLineageConfig.NONE : openlineage;
    if (retentionDays < 1 || moveSeconds < 1) {
      throw TarnException.invalid(
          "lineage.retention_days and lineage.move_seconds must be 1 or more.");
    }
  }

  public Duration move() {
    return Duration.ofSeconds(moveSeconds);
  }
}
