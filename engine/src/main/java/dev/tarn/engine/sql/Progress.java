package dev.tarn.engine.sql;

/**
 * How far a running statement is, as what runs it counts.
 *
 * @param unit what is counted: {@code rows} that the native executor scans, {@code tasks} of Spark
 * @param total as far as known now; Spark finds more on the way
 * @param fraction of all its work, 0 to 1
 */
public record Progress(String unit, long done, long total, double fraction) {
  public Progress {
    fraction = Math.max(0, Math.min(1, fraction));
  }
}
