package dev.tarn.testkit.differential;

import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Equality of values, nested ones included. */
final class Values {
  private Values() {}

  /**
   * Equal in class and value: 1.0 is not 1.00, 0.0 is not -0.0, NaN is NaN.
   *
   * @param tolerance how far doubles may be apart, relative to the larger
   */
  static boolean same(Object left, Object right, double tolerance) {
    if (left instanceof Double l && right instanceof Double r) {
      // Zeros of either sign are numerically equal, and differ all the same.
      return l.equals(r)
          || (Double.isFinite(l)
              && Double.isFinite(r)
              && l.doubleValue() != r.doubleValue()
              && Math.abs(l - r) <= tolerance * Math.max(Math.abs(l), Math.abs(r)));
    }
    if (left instanceof List<?> l && right instanceof List<?> r) {
      Iterator<?> others = r.iterator();
      return l.size() == r.size()
          && l.stream().allMatch(value -> same(value, others.next(), tolerance));
    }
    if (left instanceof Map<?, ?> l && right instanceof Map<?, ?> r) {
      return same(List.copyOf(l.keySet()), List.copyOf(r.keySet()), 0)
          && same(l.values().stream().toList(), r.values().stream().toList(), tolerance);
    }
    return Objects.deepEquals(left, right);
  }

  /** Text that is equal for values that {@link #same} can hold for equal. */
  static String key(Object value) {
    return text(value, true);
  }

  /** For people; tells apart whatever {@link #same} tells apart, as far as types may differ. */
  static String text(Object value) {
    return text(value, false);
  }

  private static String text(Object value, boolean withoutDoubles) {
    if (value instanceof Double && withoutDoubles) {
      return "double";
    }
    if (value instanceof List<?> list) {
      return list.stream()
          .map(element -> text(element, withoutDoubles))
          .collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(e -> e.getKey() + ": " + text(e.getValue(), withoutDoubles))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof byte[] bytes) {
      return "X'" + HexFormat.of().formatHex(bytes) + "'";
    }
    if (value instanceof String text) {
      return "'" + text + "'";
    }
    return String.valueOf(value);
  }
}
