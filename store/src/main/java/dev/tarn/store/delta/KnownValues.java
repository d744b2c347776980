package dev.tarn.store.delta;

/**
 * What is known of a column's values in a file.
 *
 * @param lower no value is less; null if unknown
 * @param upper no value is greater; null if unknown
 * @param exact whether the bounds are themselves values of the file
 * @param aboveUpper whether a NaN may hide above the upper bound
 */
record KnownValues(
    Object lower,
    Object upper,
    boolean exact,
    boolean aboveUpper,
    boolean mayBeNull,
    boolean mayBeValue) {
  /** Nothing is known. */
  static final KnownValues ANY = new KnownValues(null, null, false, true, true, true);

  static final KnownValues NULL = new KnownValues(null, null, false, false, true, false);
}
