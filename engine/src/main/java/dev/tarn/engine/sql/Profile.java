package dev.tarn.engine.sql;

/**
 * What is told of how a statement ran, beside its rows.
 *
 * @param fromCache whether the rows are those that the same query gave before, and nothing ran
 */
public record Profile(boolean fromCache) {
  /** Of what tells nothing. */
  public static final Profile NONE = new Profile(false);
}
