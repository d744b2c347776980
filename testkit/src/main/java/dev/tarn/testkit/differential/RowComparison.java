package dev.tarn.testkit.differential;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares the rows of two answers in groups: rows that the statement's order holds for equal may
 * come in any order among themselves.
 */
final class RowComparison {
  private final String firstName;
  private final String secondName;
  private final Order order;
  private final double tolerance;

  RowComparison(String firstName, String secondName, Order order, double tolerance) {
    this.firstName = firstName;
    this.secondName = secondName;
    this.order = order;
    this.tolerance = tolerance;
  }

  Optional<String> difference(List<List<Object>> first, List<List<Object>> second) {
    int rows = Math.min(first.size(), second.size());
    for (int row = 0; row < rows; row++) {
      if (!sameKeys(first.get(row), second.get(row))) {
        return first.size() == second.size()
            ? Optional.of(
                "The order differs at row "
                    + row
                    + ".\n"
                    + both(List.of(first.get(row)), List.of(second.get(row))))
            : counts(first, second);
      }
    }
    if (first.size() != second.size()) {
      return counts(first, second);
    }
    for (int start = 0, end; start < rows; start = end) {
      end = start + 1;
      while (end < rows && sameKeys(first.get(start), first.get(end))) {
        end++;
      }
      if ((order.offset() && start == 0) || (order.limit() && end == rows)) {
        continue;
      }
      Optional<String> found = group(first.subList(start, end), second.subList(start, end));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<String> counts(List<List<Object>> first, List<List<Object>> second) {
    String counts =
        firstName + " has " + first.size() + " rows, " + secondName + " has " + second.size() + ".";
    return Optional.of(group(first, second).map(rows -> counts + "\n" + rows).orElse(counts));
  }

  private boolean sameKeys(List<Object> left, List<Object> right) {
    for (int column : order.columns()) {
      if (!Values.same(left.get(column), right.get(column), tolerance)) {
        return false;
      }
    }
    return true;
  }

  /** Compares without order. */
  private Optional<String> group(List<List<Object>> first, List<List<Object>> second) {
    // Buckets by all that must be equal to the last bit; within one, doubles decide.
    Map<String, List<List<Object>>> buckets = new HashMap<>();
    for (List<Object> row : second) {
      buckets.computeIfAbsent(Values.key(row), key -> new ArrayList<>()).add(row);
    }
    List<List<Object>> onlyFirst = new ArrayList<>();
    for (List<Object> row : first) {
      if (!take(buckets.get(Values.key(row)), row, 0)) {
        onlyFirst.add(row);
      }
    }
    if (tolerance > 0) {
      onlyFirst.removeIf(row -> take(buckets.get(Values.key(row)), row, tolerance));
    }
    List<List<Object>> onlySecond = buckets.values().stream().flatMap(List::stream).toList();
    return onlyFirst.isEmpty() && onlySecond.isEmpty()
        ? Optional.empty()
        : Optional.of("Rows differ.\n" + both(onlyFirst, onlySecond));
  }

  private static boolean take(List<List<Object>> from, List<Object> row, double tolerance) {
    if (from == null) {
      return false;
    }
    for (int i = 0; i < from.size(); i++) {
      if (Values.same(row, from.get(i), tolerance)) {
        from.remove(i);
        return true;
      }
    }
    return false;
  }

  private String both(List<List<Object>> first, List<List<Object>> second) {
    return only(firstName, first) + "\n" + only(secondName, second);
  }

  private static String only(String name, List<List<Object>> rows) {
    if (rows.isEmpty()) {
      return "no row only of " + name;
    }
    StringBuilder text = new StringBuilder(rows.size() + " only of " + name + ", the first:");
    rows.stream().limit(3).forEach(row -> text.append("\n  ").append(Values.text(row)));
    return text.toString();
  }
}
