package dev.tarn.bench.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** One measured quantity over all rounds. */
public final class Samples {
  private final String what;
  private final String unit;
  private final List<Double> values = new ArrayList<>();

  /**
   * @param what such as {@code first update, Tarn}
   * @param unit of all values, such as {@code s}
   */
  public Samples(String what, String unit) {
    this.what = what;
    this.unit = unit;
  }

  public void add(double value) {
    values.add(value);
  }

  public String what() {
    return what;
  }

  /** What was added last, with its unit. */
  public String last() {
    return format(values.get(values.size() - 1)) + ' ' + unit;
  }

  public int count() {
    return values.size();
  }

  public double min() {
    return Collections.min(values);
  }

  public double max() {
    return Collections.max(values);
  }

  /** The middle value; of an even number, the mean of the two in the middle. */
  public double median() {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** Figures without the name: {@code 2.01 / 2.10 / 2.45 s}. */
  public String figures() {
    return format(min()) + " / " + format(median()) + " / " + format(max()) + ' ' + unit;
  }

  /** A number with the digits that mean something. */
  static String format(double value) {
    String form = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, form, value);
  }
}
