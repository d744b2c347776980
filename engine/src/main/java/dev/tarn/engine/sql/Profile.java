package dev.tarn.engine.sql;

import java.util.List;

/**
 * What is told of how a statement ran, beside its rows.
 *
 * @param fromCache whether the rows are those that the same query gave before, and nothing ran
 * @param refusal why the native executor did not run it; empty if it did, or if nobody asked it
 * @param files of tables, that it read and that it need not read; null if nobody counted
 * @param rowsRead of all scans
 * @param spilledBytes at most, at one time
 * @param taskMillis that all its threads worked
 * @param operators of the plan, the one that gives the result first; empty if nobody measured
 */
public record Profile(
    boolean fromCache,
    String refusal,
    Files files,
    long rowsRead,
    long spilledBytes,
    long taskMillis,
    List<Operator> operators) {
  /** Of what tells nothing. */
  public static final Profile NONE = new Profile(false, "", null, 0, 0, 0, List.of());

  private static final int LONGEST_REFUSAL = 500;

  public Profile {
    refusal = refusal == null ? "" : refusal;
    refusal = refusal.length() > LONGEST_REFUSAL ? refusal.substring(0, LONGEST_REFUSAL) : refusal;
    operators = operators == null ? List.of() : List.copyOf(operators);
  }

  /**
   * @param bytes of the files read, whole
   * @param pruned files that cannot hold a row that was asked for
   */
  public record Files(long read, long bytes, long pruned, long prunedBytes) {}

  /**
   * @param name such as {@code HASH_JOIN}
   * @param depth of the root 0, of its inputs 1; an operator's inputs follow it
   * @param rows that it gave
   * @param micros that all threads worked in it
   */
  public record Operator(String name, int depth, long rows, long micros) {}

  public Profile refused(String reason) {
    return new Profile(fromCache, reason, files, rowsRead, spilledBytes, taskMillis, operators);
  }
}
