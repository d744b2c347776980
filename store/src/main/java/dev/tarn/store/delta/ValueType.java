package dev.tarn.store.delta;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The types whose values files can be told apart by. Null stands for what cannot be known from a
 * text.
 */
enum ValueType {
  INTEGRAL,
  FLOAT,
  DOUBLE,
  DECIMAL,
  /** With more digits than a double has, in which some writers note them. */
  LONG_DECIMAL,
  STRING,
  BOOLEAN,
  DATE,
  TIMESTAMP,
  TIMESTAMP_NTZ;

  private static final Pattern DECIMAL_TYPE = Pattern.compile("decimal\\((\\d+),-?\\d+\\)");
  private static final int DIGITS_OF_DOUBLE = 15;
  private static final BigDecimal ROUNDING = new BigDecimal("1e-15");

  /** From here on the calendars of all writers agree. */
  private static final LocalDate GREGORIAN = LocalDate.of(1583, 1, 1);

  /** Before, zones had offsets with seconds, which the offsets of timestamps in statistics lack. */
  private static final Instant WHOLE_OFFSETS = Instant.parse("1900-01-02T00:00:00Z");

  private static final Instant WHOLE_OFFSETS_EVERYWHERE = Instant.parse("1973-01-01T00:00:00Z");

  /** Statistics have milliseconds, timestamps microseconds. */
  private static final Duration TRUNCATED = Duration.ofMillis(1);

  /** Beyond this length a greatest string may have been cut without being made greater. */
  private static final int LONGEST_WHOLE_STRING = 31;

  private static final String GREATEST_CHARACTERS = Character.toString(0x10FFFF).repeat(8);

  static Optional<ValueType> of(String sparkType) {
    Matcher decimal = DECIMAL_TYPE.matcher(sparkType);
    if (decimal.matches()) {
      boolean isLong = Integer.parseInt(decimal.group(1)) > DIGITS_OF_DOUBLE;
      return Optional.of(isLong ? LONG_DECIMAL : DECIMAL);
    }
    return Optional.ofNullable(
        switch (sparkType) {
          case "byte", "short", "integer", "long" -> INTEGRAL;
          case "float" -> FLOAT;
          case "double" -> DOUBLE;
          case "string" -> STRING;
          case "boolean" -> BOOLEAN;
          case "date" -> DATE;
          case "timestamp" -> TIMESTAMP;
          case "timestamp_ntz" -> TIMESTAMP_NTZ;
          default -> null;
        });
  }

  /** The value of a filter in the form that is compared. */
  Object literal(Object value) {
    return switch (this) {
      case INTEGRAL -> isIntegral(value) ? Long.valueOf(((Number) value).longValue()) : null;
      case FLOAT -> value instanceof Float f ? number(f) : null;
      case DOUBLE ->
          value instanceof Float || value instanceof Double
              ? number(((Number) value).doubleValue())
              : null;
      case DECIMAL, LONG_DECIMAL -> value instanceof BigDecimal ? value : null;
      case STRING -> value instanceof String ? value : null;
      case BOOLEAN -> value instanceof Boolean ? value : null;
      case DATE -> value instanceof LocalDate ? value : null;
      case TIMESTAMP -> value instanceof Instant ? value : null;
      case TIMESTAMP_NTZ -> value instanceof LocalDateTime ? value : null;
    };
  }

  /** A partition value as the log has it, not empty. */
  Object partitionValue(String text) {
    return switch (this) {
      case STRING -> text;
      case BOOLEAN -> text.equals("true") || text.equals("false") ? Boolean.valueOf(text) : null;
      // One without a zone is in whichever zone its writer had.
      case TIMESTAMP -> text.endsWith("Z") ? parse(text) : null;
      case TIMESTAMP_NTZ -> parse(text.replace(' ', 'T'));
      default -> parse(text);
    };
  }

  /** What no value of the file is less than, by the statistics' least. */
  Object lowerBound(String text) {
    return bound(text, false);
  }

  /** What no value of the file is greater than, by the statistics' greatest; NaN aside. */
  Object upperBound(String text) {
    return bound(text, true);
  }

  /** Whether values that statistics do not count may be greater than their greatest. */
  boolean hidesNaN() {
    return this == FLOAT || this == DOUBLE;
  }

  /** Whether bounds are values of the file. */
  boolean hasExactBounds() {
    return this == INTEGRAL || this == DATE;
  }

  int compare(Object a, Object b) {
    return switch (this) {
      case STRING -> compareCodePoints((String) a, (String) b);
      case INTEGRAL -> Long.compare((Long) a, (Long) b);
      case FLOAT, DOUBLE -> Double.compare((Double) a, (Double) b);
      case DECIMAL, LONG_DECIMAL -> ((BigDecimal) a).compareTo((BigDecimal) b);
      case BOOLEAN -> Boolean.compare((Boolean) a, (Boolean) b);
      case DATE -> ((LocalDate) a).compareTo((LocalDate) b);
      case TIMESTAMP -> ((Instant) a).compareTo((Instant) b);
      case TIMESTAMP_NTZ -> ((LocalDateTime) a).compareTo((LocalDateTime) b);
    };
  }

  private Object bound(String text, boolean upper) {
    if (this == STRING) {
      return stringBound(text, upper);
    }
    Object value = parse(text);
    if (value == null) {
      return null;
    }
    return switch (this) {
      case FLOAT, DOUBLE -> ((Double) value).isNaN() ? null : value;
      case LONG_DECIMAL -> {
        BigDecimal rounding = ((BigDecimal) value).abs().multiply(ROUNDING);
        yield upper ? ((BigDecimal) value).add(rounding) : ((BigDecimal) value).subtract(rounding);
      }
      case DATE -> ((LocalDate) value).isBefore(GREGORIAN) ? null : value;
      case TIMESTAMP ->
          upper ? ((Instant) value).plus(TRUNCATED) : ((Instant) value).minus(TRUNCATED);
      case TIMESTAMP_NTZ ->
          ((LocalDateTime) value).toLocalDate().isBefore(GREGORIAN)
              ? null
              : upper
                  ? ((LocalDateTime) value).plus(TRUNCATED)
                  : ((LocalDateTime) value).minus(TRUNCATED);
      case BOOLEAN -> null;
      default -> value;
    };
  }

  private static String stringBound(String text, boolean upper) {
    boolean cut = upper && text.codePointCount(0, text.length()) > LONGEST_WHOLE_STRING;
    return cut ? text + GREATEST_CHARACTERS : text;
  }

  private Object parse(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 127) {
        return null;
      }
    }
    try {
      return switch (this) {
        case INTEGRAL ->
            text.length() < 19 && text.indexOf('.') < 0 && text.indexOf('E') < 0
                ? Long.parseLong(text)
                : new BigDecimal(text).longValueExact();
        case FLOAT -> number(Float.parseFloat(text));
        case DOUBLE -> number(Double.parseDouble(text));
        case DECIMAL, LONG_DECIMAL -> decimal(text);
        case DATE -> LocalDate.parse(text);
        case TIMESTAMP -> timestamp(text);
        case TIMESTAMP_NTZ -> LocalDateTime.parse(text);
        case STRING, BOOLEAN -> null;
      };
    } catch (ArithmeticException | NumberFormatException | DateTimeException e) {
      return null;
    }
  }

  private static BigDecimal decimal(String text) {
    BigDecimal value = new BigDecimal(text);
    return Math.abs((long) value.scale()) > 1000 ? null : value;
  }

  private static Instant timestamp(String text) {
    OffsetDateTime value = OffsetDateTime.parse(text);
    Instant instant = value.toInstant();
    boolean certain =
        value.getOffset().equals(ZoneOffset.UTC)
            ? !instant.isBefore(WHOLE_OFFSETS)
            : !instant.isBefore(WHOLE_OFFSETS_EVERYWHERE);
    return certain ? instant : null;
  }

  /** With one zero, as Spark compares. */
  private static Double number(double value) {
    return value == 0 ? 0.0 : value;
  }

  private static boolean isIntegral(Object value) {
    return value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte;
  }

  private static int compareCodePoints(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean bothAlike = Character.isSurrogate(x) == Character.isSurrogate(y);
        return bothAlike ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
