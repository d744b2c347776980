package dev.tarn.platform.database;

/**
 * What a change was about, so that what was read of other things is kept.
 *
 * @param name a dotted name, such as {@code catalog.schema.table}
 * @param within whether also about everything inside it
 */
public record Touched(String name, boolean within) {
  /** The thing itself, and nothing inside it. */
  public static Touched only(String name) {
    return new Touched(name, false);
  }

  /** The thing and everything inside it. */
  public static Touched within(String name) {
    return new Touched(name, true);
  }
}
