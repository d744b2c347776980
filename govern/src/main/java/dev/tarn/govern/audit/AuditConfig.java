package dev.tarn.govern.audit;

import dev.tarn.kernel.error.TarnException;
import java.time.Duration;

/**
 * Section {@code audit}.
 *
 * @param retentionDays how long a record is kept; 365 by default, as at Databricks
 * @param moveSeconds how often records move from the journal into the table at the latest; 60 by
 *     default. Reading the table moves them at once
 * @param sync whether an answer waits until its record would survive the machine losing power. By
 *     default it waits until the record survives the end of the process, and is on disk within
 *     milliseconds
 */
public record AuditConfig(Integer retentionDays, Integer moveSeconds, Boolean sync) {
  public static final AuditConfig DEFAULT = new AuditConfig(null, null, null);

  public AuditConfig {
    retentionDays = retentionDays == null ? 365 : retentionDays;
    moveSeconds = moveSeconds == null ? 60 : moveSeconds;
    sync = sync != null && sync;
    if (retentionDays < 1 || moveSeconds < 1) {
      throw TarnException.invalid("audit.retention_days and audit.move_seconds must be 1 or more.");
    }
  }

  public Duration move() {
    return Duration.ofSeconds(moveSeconds);
  }
}
