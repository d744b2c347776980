package dev.tarn.store.delta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.kernel.json.Json;
import dev.tarn.store.delta.ColumnFilter.Comparison;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A file that holds a row that meets the filter is never left out. */
class FileSkippingPropertyTest {
  private static final Comparator<Object> BYTES =
      (a, b) ->
          Arrays.compareUnsigned(
              ((String) a).getBytes(StandardCharsets.UTF_8),
              ((String) b).getBytes(StandardCharsets.UTF_8));

  /**
   * @param rows of column c; null for NULL
   * @param value that they are compared with
   * @param order Spark's
   * @param json how Delta's writer notes a least and a greatest
   */
  record Case(
      String type,
      List<Object> rows,
      Object value,
      Comparator<Object> order,
      Function<Object, String> least,
      Function<Object, String> greatest) {
    @Override
    public String toString() {
      return type + " " + rows + " against " + value;
    }
  }

  @Property(tries = 3000, seed = "1")
  void neverLeavesOutARowThatMatches(@ForAll("cases") Case c, @ForAll Comparison comparison) {
    LoggedFile file = LoggedFile.withStatistics(LoggedFile.field("c", c.type), statistics(c));
    ColumnFilter filter = new ColumnFilter.Compare(List.of("c"), comparison, c.value);
    boolean matches =
        c.rows.stream()
            .filter(Objects::nonNull)
            .anyMatch(row -> holds(comparison, c.order.compare(row, c.value)));
    if (matches) {
      assertThat(file.mayHold(filter)).isTrue();
    }
    if (comparison == Comparison.EQUAL && matches) {
      assertThat(file.mayHold(new ColumnFilter.OneOf(List.of("c"), List.of(c.value)))).isTrue();
    }
    if (c.value instanceof String prefix
        && c.rows.stream().anyMatch(row -> row != null && ((String) row).startsWith(prefix))) {
      assertThat(file.mayHold(new ColumnFilter.StartsWith(List.of("c"), prefix))).isTrue();
    }
    assertThat(file.mayHold(new ColumnFilter.IsNull(List.of("c"))))
        .isEqualTo(c.rows.contains(null));
    assertThat(file.mayHold(new ColumnFilter.IsNotNull(List.of("c"))))
        .isEqualTo(c.rows.stream().anyMatch(Objects::nonNull));
  }

  private static boolean holds(Comparison comparison, int order) {
    return switch (comparison) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
    };
  }

  private static String statistics(Case c) {
    List<Object> values = c.rows.stream().filter(Objects::nonNull).toList();
    ObjectNode json = Json.mapper().createObjectNode().put("numRecords", c.rows.size());
    ObjectNode least = json.putObject("minValues");
    ObjectNode greatest = json.putObject("maxValues");
    if (!values.isEmpty()) {
      least.set("c", Json.tree(c.least.apply(values.stream().min(c.order).orElseThrow())));
      greatest.set("c", Json.tree(c.greatest.apply(values.stream().max(c.order).orElseThrow())));
    }
    json.putObject("nullCount").put("c", c.rows.size() - values.size());
    return json.toString();
  }

  @Provide
  Arbitrary<Case> cases() {
    return Arbitraries.oneOf(longs(), doubles(), decimals(), strings(), dates(), timestamps());
  }

  private static <T> Arbitrary<Case> cases(
      String type,
      Arbitrary<T> values,
      Comparator<Object> order,
      Function<Object, String> least,
      Function<Object, String> greatest) {
    Arbitrary<List<Object>> rows =
        values.<Object>map(v -> v).injectNull(0.2).list().ofMinSize(1).ofMaxSize(5);
    return Combinators.combine(rows, values)
        .as((r, v) -> new Case(type, r, v, order, least, greatest));
  }

  private static Arbitrary<Case> longs() {
    Arbitrary<Long> values =
        Arbitraries.oneOf(Arbitraries.longs(), Arbitraries.longs().between(-3, 3));
    return cases("long", values, natural(Long.class), String::valueOf, String::valueOf);
  }

  private static Arbitrary<Case> doubles() {
    Arbitrary<Double> values =
        Arbitraries.oneOf(
            Arbitraries.of(
                0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1.5),
            Arbitraries.doubles());
    Comparator<Object> order =
        (a, b) ->
            ((Double) a).equals(b) || (double) a == (double) b
                ? 0
                : Double.compare((double) a, (double) b);
    Function<Object, String> json =
        v -> Double.isFinite((double) v) ? String.valueOf(v) : "\"" + v + "\"";
    return cases("double", values, order, json, json);
  }

  private static Arbitrary<Case> decimals() {
    Arbitrary<BigDecimal> values =
        Arbitraries.oneOf(
            Arbitraries.bigDecimals().ofScale(2),
            Arbitraries.integers().between(-3, 3).map(BigDecimal::valueOf));
    // A writer that goes through doubles, and one that does not.
    return Arbitraries.of(true, false)
        .flatMap(
            exact -> {
              Function<Object, String> json =
                  v -> exact ? v.toString() : String.valueOf(((BigDecimal) v).doubleValue());
              return cases("decimal(38,2)", values, natural(BigDecimal.class), json, json);
            });
  }

  private static Arbitrary<Case> strings() {
    Arbitrary<String> character =
        Arbitraries.of("a", "b", "~", "é", "雪", "\uFF5E", "😀", "\uDBFF\uDFFF");
    Arbitrary<String> values =
        Arbitraries.oneOf(
            character.list().ofMaxSize(3).map(parts -> String.join("", parts)),
            character.list().ofMinSize(30).ofMaxSize(40).map(parts -> String.join("", parts)),
            Arbitraries.of("a".repeat(31), "a".repeat(32), "a".repeat(33), "a".repeat(50)));
    return cases(
        "string",
        values,
        BYTES,
        v -> Json.string(cut((String) v)),
        v -> Json.string(cut((String) v) + (cut((String) v).equals(v) ? "" : "\uDBFF\uDFFF")));
  }

  private static String cut(String text) {
    int points = Math.min(32, text.codePointCount(0, text.length()));
    return text.substring(0, text.offsetByCodePoints(0, points));
  }

  private static Arbitrary<Case> dates() {
    Arbitrary<LocalDate> values =
        Arbitraries.longs().between(-800_000, 100_000).map(LocalDate::ofEpochDay);
    Function<Object, String> json = v -> "\"" + v + "\"";
    return cases("date", values, natural(LocalDate.class), json, json);
  }

  private static Arbitrary<Case> timestamps() {
    Arbitrary<Instant> values =
        Arbitraries.oneOf(
            Arbitraries.longs()
                .between(-5_000_000_000L, 5_000_000_000L)
                .map(s -> Instant.ofEpochSecond(s)),
            Arbitraries.longs()
                .between(0, 3000)
                .map(us -> Instant.EPOCH.plus(us, ChronoUnit.MICROS)));
    Function<Object, String> json = v -> "\"" + ((Instant) v).truncatedTo(ChronoUnit.MILLIS) + "\"";
    return cases("timestamp", values, natural(Instant.class), json, json);
  }

  private static <T extends Comparable<? super T>> Comparator<Object> natural(Class<T> type) {
    return (a, b) -> type.cast(a).compareTo(type.cast(b));
  }
}
