package dev.tarn.engine.dialect;

/**
 * A rule that every row of a dataset should meet.
 *
 * @param condition a boolean SQL expression over the dataset's columns; NULL counts as a violation
 */
record Expectation(String name, String condition, Action action) {

  /** What happens to a row that violates the rule. */
  enum Action {
    WARN,
    DROP,
    FAIL
  }
}
