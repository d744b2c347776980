package dev.tarn.store.delta;

import static dev.tarn.store.delta.LoggedFile.field;
import static dev.tarn.store.delta.LoggedFile.ofPartition;
import static dev.tarn.store.delta.LoggedFile.withStatistics;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.store.delta.ColumnFilter.AllOf;
import dev.tarn.store.delta.ColumnFilter.AnyOf;
import dev.tarn.store.delta.ColumnFilter.Compare;
import dev.tarn.store.delta.ColumnFilter.Comparison;
import dev.tarn.store.delta.ColumnFilter.IsNotNull;
import dev.tarn.store.delta.ColumnFilter.IsNull;
import dev.tarn.store.delta.ColumnFilter.OneOf;
import dev.tarn.store.delta.ColumnFilter.StartsWith;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSkippingTest {
  private static Compare compare(Comparison comparison, Object value) {
    return new Compare(List.of("c"), comparison, value);
  }

  private static Compare equal(Object value) {
    return compare(Comparison.EQUAL, value);
  }

  private static Compare less(Object value) {
    return compare(Comparison.LESS, value);
  }

  private static Compare greater(Object value) {
    return compare(Comparison.GREATER, value);
  }

  /** A file of ten rows, none null. */
  private static LoggedFile bounds(String type, String min, String max) {
    return bounds(field("c", type), min, max, 0);
  }

  private static LoggedFile bounds(String field, String min, String max, long nulls) {
    return withStatistics(
        field,
        "{\"numRecords\":10,\"minValues\":{\"c\":%s},\"maxValues\":{\"c\":%s},\"nullCount\":{\"c\":%d}}"
            .formatted(min, max, nulls));
  }

  @ParameterizedTest
  @ValueSource(strings = {"byte", "short", "integer", "long"})
  void wholeNumbers(String type) {
    LoggedFile file = bounds(type, "-3", "7");
    assertThat(file.mayHold(equal(-3))).isTrue();
    assertThat(file.mayHold(equal(7L))).isTrue();
    assertThat(file.mayHold(equal(8L))).isFalse();
    assertThat(file.mayHold(equal((short) -4))).isFalse();
    assertThat(file.mayHold(less(-3))).isFalse();
    assertThat(file.mayHold(compare(Comparison.LESS_OR_EQUAL, -3))).isTrue();
    assertThat(file.mayHold(greater(7))).isFalse();
    assertThat(file.mayHold(compare(Comparison.GREATER_OR_EQUAL, 7))).isTrue();
    assertThat(file.mayHold(new OneOf(List.of("c"), List.of(-9, 9)))).isFalse();
    assertThat(file.mayHold(new OneOf(List.of("c"), List.of(-9, 0, 9)))).isTrue();
    assertThat(file.mayHold(compare(Comparison.NOT_EQUAL, 7))).isTrue();
    assertThat(bounds(type, "7", "7").mayHold(compare(Comparison.NOT_EQUAL, 7))).isFalse();
    assertThat(bounds(type, "7", "7").mayHold(compare(Comparison.NOT_EQUAL, 6))).isTrue();
  }

  @Test
  void extremesOfLongsAreExact() {
    LoggedFile file = bounds("long", "9223372036854775806", "9223372036854775807");
    assertThat(file.mayHold(equal(9223372036854775805L))).isFalse();
    assertThat(file.mayHold(equal(Long.MAX_VALUE))).isTrue();
  }

  @Test
  void aNaNMayHideAboveTheGreatest() {
    LoggedFile file = bounds("double", "-0.0", "3.5");
    assertThat(file.mayHold(greater(1e300))).isTrue();
    assertThat(file.mayHold(equal(Double.NaN))).isTrue();
    assertThat(file.mayHold(equal(3.6))).isFalse();
    assertThat(file.mayHold(less(0.0))).isFalse();
    assertThat(file.mayHold(equal(0.0))).isTrue();
    assertThat(bounds("double", "\"NaN\"", "\"NaN\"").mayHold(equal(1.0))).isTrue();
    assertThat(bounds("double", "\"-Infinity\"", "\"Infinity\"").mayHold(equal(1.0))).isTrue();
    assertThat(bounds("float", "1.1", "1.1").mayHold(equal(1.1f))).isTrue();
    assertThat(bounds("float", "1.1", "1.1").mayHold(equal(1.2f))).isFalse();
  }

  @Test
  void decimals() {
    LoggedFile file = bounds("decimal(10,2)", "1.50", "9.99");
    assertThat(file.mayHold(equal(new BigDecimal("1.5")))).isTrue();
    assertThat(file.mayHold(equal(new BigDecimal("1.49")))).isFalse();
    // As a writer notes 12345678901234567890.12 that goes through a double.
    LoggedFile rounded = bounds("decimal(38,2)", "12345678901234567000", "12345678901234567000");
    assertThat(rounded.mayHold(equal(new BigDecimal("12345678901234567890.12")))).isTrue();
    assertThat(rounded.mayHold(equal(new BigDecimal("12345678901235567890.12")))).isFalse();
  }

  @Test
  void stringsCompareAsUtf8() {
    LoggedFile file = bounds("string", "\"b\"", "\"\uFF5E\"");
    assertThat(file.mayHold(equal("a"))).isFalse();
    assertThat(file.mayHold(equal("B"))).isFalse();
    assertThat(file.mayHold(equal("雪"))).isTrue();
    // Greater in UTF-8, less in UTF-16.
    assertThat(file.mayHold(equal("😀"))).isFalse();
    assertThat(bounds("string", "\"😀\"", "\"😂\"").mayHold(equal("\uFF5E"))).isFalse();
    assertThat(file.mayHold(new StartsWith(List.of("c"), "a"))).isFalse();
    assertThat(file.mayHold(new StartsWith(List.of("c"), "bz"))).isTrue();
    LoggedFile long32 =
        bounds("string", "\"" + "a".repeat(32) + "\"", "\"" + "m".repeat(32) + "\"");
    assertThat(long32.mayHold(equal("m".repeat(40)))).isTrue();
    assertThat(long32.mayHold(equal("n"))).isFalse();
    assertThat(long32.mayHold(new StartsWith(List.of("c"), "a".repeat(40)))).isTrue();
  }

  @Test
  void damagedStringsAreNoBounds() {
    assertThat(bounds("string", "\"a\"", "\"\uFFFD\"").mayHold(equal("😀"))).isTrue();
    assertThat(bounds("string", "\"a\"", "\"\uFFFD\"").mayHold(equal("A"))).isFalse();
    assertThat(bounds("string", "\"\\ud83d\"", "\"z\"").mayHold(equal("!"))).isTrue();
  }

  @Test
  void datesAndTimes() {
    LoggedFile dates = bounds("date", "\"2024-02-28\"", "\"2024-03-01\"");
    assertThat(dates.mayHold(equal(LocalDate.of(2024, 2, 29)))).isTrue();
    assertThat(dates.mayHold(equal(LocalDate.of(2024, 3, 2)))).isFalse();
    LoggedFile old = bounds("date", "\"1200-01-01\"", "\"1300-01-01\"");
    assertThat(old.mayHold(equal(LocalDate.of(1999, 1, 1)))).as("calendars differ").isTrue();

    LoggedFile times =
        bounds("timestamp", "\"2024-01-01T00:00:00.123Z\"", "\"2024-01-01T02:00:00.456+02:00\"");
    assertThat(times.mayHold(equal(Instant.parse("2024-01-01T00:00:00.456999Z")))).isTrue();
    assertThat(times.mayHold(equal(Instant.parse("2024-01-01T00:00:00.123Z")))).isTrue();
    assertThat(times.mayHold(equal(Instant.parse("2024-01-01T00:00:00.458Z")))).isFalse();
    assertThat(times.mayHold(equal(Instant.parse("2024-01-01T00:00:00.121Z")))).isFalse();
    LoggedFile local =
        bounds(
            "timestamp", "\"1885-01-01T00:00:00.000-07:52\"", "\"1885-01-01T00:00:00.000-07:52\"");
    assertThat(local.mayHold(equal(Instant.parse("2000-01-01T00:00:00Z")))).isTrue();

    LoggedFile ntz =
        bounds("timestamp_ntz", "\"2024-01-01T00:00:00.123\"", "\"2024-01-01T00:00:01\"");
    assertThat(ntz.mayHold(equal(LocalDateTime.parse("2024-01-01T00:00:01.000999")))).isTrue();
    assertThat(ntz.mayHold(equal(LocalDateTime.parse("2024-01-01T00:00:02")))).isFalse();
  }

  @Test
  void nulls() {
    IsNull isNull = new IsNull(List.of("c"));
    IsNotNull notNull = new IsNotNull(List.of("c"));
    for (String type : List.of("integer", "binary", "boolean")) {
      assertThat(bounds(field("c", type), "null", "null", 10).mayHold(isNull)).isTrue();
      assertThat(bounds(field("c", type), "null", "null", 10).mayHold(notNull)).isFalse();
      assertThat(bounds(field("c", type), "null", "null", 0).mayHold(isNull)).isFalse();
      assertThat(bounds(field("c", type), "null", "null", 3).mayHold(isNull)).isTrue();
      assertThat(bounds(field("c", type), "null", "null", 3).mayHold(notNull)).isTrue();
    }
    assertThat(bounds(field("c", "integer"), "null", "null", 10).mayHold(equal(1))).isFalse();
    assertThat(bounds(field("c", "integer"), "1", "1", 3).mayHold(equal(1))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "not json",
        "{\"numRecords\":10",
        "{\"numRecords\":10,\"minValues\":{\"c\":{\"d\":1}},\"maxValues\":[1],\"nullCount\":{\"c\":\"x\"}}",
        "{\"numRecords\":10,\"minValues\":{\"c\":\"x\"},\"maxValues\":{\"c\":1e99999},\"nullCount\":{}}",
        "{\"numRecords\":-5,\"minValues\":5,\"nullCount\":{\"c\":-10}}",
        "[1]"
      })
  void withoutUsableStatisticsAFileStays(String statistics) {
    LoggedFile file = withStatistics(field("c", "integer"), statistics);
    assertThat(file.mayHold(equal(1))).isTrue();
    assertThat(file.mayHold(less(1))).isTrue();
    assertThat(file.mayHold(greater(1))).isTrue();
    assertThat(file.mayHold(new IsNull(List.of("c")))).isTrue();
    assertThat(file.mayHold(new IsNotNull(List.of("c")))).isTrue();
  }

  @Test
  void whatComparesOtherwiseThanItIsWrittenStays() {
    LoggedFile padded =
        bounds(
            field("c", "string", "{\"__CHAR_VARCHAR_TYPE_STRING\":\"char(5)\"}"),
            "\"a\"",
            "\"a\"",
            0);
    assertThat(padded.mayHold(equal("a    "))).isTrue();
    LoggedFile collated =
        bounds(
            field("c", "string", "{\"__COLLATIONS\":{\"c\":\"spark.UTF8_LCASE\"}}"),
            "\"a\"",
            "\"a\"",
            0);
    assertThat(collated.mayHold(equal("A"))).isTrue();
    LoggedFile widened =
        bounds(
            field(
                "c",
                "double",
                "{\"delta.typeChanges\":[{\"fromType\":\"float\",\"toType\":\"double\"}]}"),
            "1.1",
            "1.1",
            0);
    assertThat(widened.mayHold(equal((double) 1.1f))).isTrue();
    assertThat(bounds("integer", "1", "1").mayHold(equal("2"))).isTrue();
    assertThat(bounds("integer", "1", "1").mayHold(equal(null))).isTrue();
    assertThat(bounds("integer", "1", "1").mayHold(new Compare(List.of("x"), Comparison.EQUAL, 2)))
        .isTrue();
  }

  @Test
  void fieldsOfStructsAreFoundByTheirPhysicalNames() {
    String struct =
        "{\"type\":\"struct\",\"fields\":["
            + field("d.e", "integer", "{\"delta.columnMapping.physicalName\":\"col-2\"}")
            + "]}";
    LoggedFile file =
        withStatistics(
            field("c", struct, "{\"delta.columnMapping.physicalName\":\"col-1\"}"),
            "{\"numRecords\":3,\"minValues\":{\"col-1\":{\"col-2\":5}},\"maxValues\":{\"col-1\":{\"col-2\":6}},"
                + "\"nullCount\":{\"col-1\":{\"col-2\":0}}}");
    assertThat(file.mayHold(new Compare(List.of("c", "d.e"), Comparison.EQUAL, 5))).isTrue();
    assertThat(file.mayHold(new Compare(List.of("C", "D.E"), Comparison.EQUAL, 7))).isFalse();
    assertThat(file.mayHold(new IsNull(List.of("c", "d.e")))).as("its parent may be").isTrue();
    assertThat(file.mayHold(new IsNull(List.of("c")))).isTrue();
  }

  @Test
  void partitionValues() {
    Map<String, String> unset = new HashMap<>();
    unset.put("c", null);
    LoggedFile none = ofPartition(field("c", "string"), "c", unset);
    assertThat(none.mayHold(equal("a"))).isFalse();
    assertThat(none.mayHold(new IsNull(List.of("c")))).isTrue();
    assertThat(none.mayHold(new IsNotNull(List.of("c")))).isFalse();
    LoggedFile a = ofPartition(field("c", "string"), "c", Map.of("c", "a"));
    assertThat(a.mayHold(equal("a"))).isTrue();
    assertThat(a.mayHold(equal("A"))).isFalse();
    assertThat(a.mayHold(compare(Comparison.NOT_EQUAL, "a"))).isFalse();
    assertThat(a.mayHold(new IsNull(List.of("c")))).isFalse();
    LoggedFile empty = ofPartition(field("c", "string"), "c", Map.of("c", ""));
    assertThat(empty.mayHold(equal("a"))).isTrue();
    assertThat(empty.mayHold(new IsNull(List.of("c")))).isTrue();

    assertThat(partition("double", "NaN").mayHold(equal(Double.NaN))).isTrue();
    assertThat(partition("double", "1.5").mayHold(equal(Double.NaN))).isFalse();
    assertThat(partition("double", "1.5").mayHold(greater(1.5))).isFalse();
    assertThat(partition("date", "2024-02-29").mayHold(equal(LocalDate.of(2024, 2, 28)))).isFalse();
    assertThat(partition("boolean", "true").mayHold(equal(false))).isFalse();
    assertThat(partition("timestamp", "2024-01-01 00:00:00").mayHold(equal(Instant.EPOCH)))
        .as("in a zone that nobody noted")
        .isTrue();
    assertThat(partition("timestamp", "2024-01-01T00:00:00.000001Z").mayHold(equal(Instant.EPOCH)))
        .isFalse();
    assertThat(
            partition("timestamp_ntz", "2024-01-01 00:00:00.5")
                .mayHold(equal(LocalDateTime.parse("2024-01-01T00:00:00.5"))))
        .isTrue();
    assertThat(partition("integer", "soon").mayHold(new IsNull(List.of("c")))).isTrue();
  }

  private static LoggedFile partition(String type, String value) {
    return ofPartition(field("c", type), "c", Map.of("c", value));
  }

  @Test
  void conditionsAreCombined() {
    LoggedFile file = bounds("integer", "1", "5");
    ColumnFilter in = equal(3);
    ColumnFilter out = equal(9);
    assertThat(file.mayHold(in, out)).isFalse();
    assertThat(file.mayHold(new AnyOf(List.of(in, out)))).isTrue();
    assertThat(file.mayHold(new AnyOf(List.of(out, out)))).isFalse();
    assertThat(file.mayHold(new AnyOf(List.of(out, new IsNull(List.of("unknown")))))).isTrue();
    assertThat(file.mayHold(new AllOf(List.of(in, out)))).isFalse();
    assertThat(file.mayHold(new OneOf(List.of("c"), Arrays.asList(9, null)))).isTrue();
    assertThat(file.mayHold()).isTrue();
  }
}
