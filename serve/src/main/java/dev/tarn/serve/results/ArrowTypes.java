package dev.tarn.serve.results;

/**
 * Which SQL types travel as Arrow's own types; the others travel as text, the same as in other
 * formats, but for timestamps, which are as SQL casts them to STRING. The choices are those that
 * clients make in Thrift ({@code useArrowNativeTypes}).
 *
 * <p>A VARIANT is always text, and so is an array, map or struct that holds one: Arrow has no type
 * for it, and no client reads Spark's encoding.
 *
 * @param timestamps TIMESTAMP and TIMESTAMP_NTZ
 * @param decimals DECIMAL
 * @param complexTypes ARRAY, MAP and STRUCT
 * @param intervals INTERVAL of both kinds
 * @param nulls VOID
 */
public record ArrowTypes(
    boolean timestamps, boolean decimals, boolean complexTypes, boolean intervals, boolean nulls) {

  /** What clients get that make no choice: nested values as JSON, as the drivers expect them. */
  public static final ArrowTypes DEFAULT = new ArrowTypes(true, true, false, true, true);
}
