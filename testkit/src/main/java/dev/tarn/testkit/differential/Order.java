package dev.tarn.testkit.differential;

import java.util.List;

/**
 * What a statement says about the order of its rows.
 *
 * @param columns positions, from 0, of the result's columns that it orders by, the first first; up
 *     to the first key that is no column of the result. Rows that are equal in all of them may come
 *     in any order
 * @param offset whether it leaves out rows at the beginning, so that the first of equal rows are
 *     any of them
 * @param limit whether it leaves out rows at the end, likewise
 */
public record Order(List<Integer> columns, boolean offset, boolean limit) {
  /** Any order. */
  public static final Order NONE = new Order(List.of(), false, false);

  public Order {
    columns = List.copyOf(columns);
  }

  /** Ordered by some of the result's columns, with all rows. */
  public static Order by(Integer... columns) {
    return new Order(List.of(columns), false, false);
  }
}
