package dev.tarn.bench.tpch;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether engines answered the same. They give averages and quotients in types of different
 * precision, so numbers need to agree to a hundredth only; Tarn's exact types are compared with
 * Spark's in tests.
 */
final class SameRows {
  private static final BigDecimal NEAR = new BigDecimal("0.0101");

  private SameRows() {}

  /**
   * @throws IOException if the files of two engines differ, with the first row that does
   */
  static void check(String query, Path expected, Path actual, String engine) throws IOException {
    List<String> left = Files.readAllLines(expected.resolve(query + ".rows"));
    List<String> right = Files.readAllLines(actual.resolve(query + ".rows"));
    if (left.size() != right.size()) {
      throw new IOException(
          query + ": " + engine + " has " + right.size() + " rows instead of " + left.size() + ".");
    }
    for (int i = 0; i < left.size(); i++) {
      if (!same(left.get(i).split("\t", -1), right.get(i).split("\t", -1))) {
        throw new IOException(
            query + ", row " + i + " of " + engine + ":\n" + right.get(i) + "\n" + left.get(i));
      }
    }
  }

  static boolean same(String[] left, String[] right) {
    if (left.length != right.length) {
      return false;
    }
    for (int i = 0; i < left.length; i++) {
      if (!left[i].strip().equals(right[i].strip()) && !near(left[i], right[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean near(String left, String right) {
    try {
      return new BigDecimal(left).subtract(new BigDecimal(right)).abs().compareTo(NEAR) < 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
