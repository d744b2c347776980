package dev.tarn.serve.results;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.spark.sql.util.ArrowUtils;
import org.apache.spark.types.variant.Variant;

/**
 * Values as text: numbers in full, dates in ISO 8601, binary as Base64, intervals as {@code
 * years-months} and {@code days hours:minutes:seconds}, and arrays, maps, structs and variants as
 * JSON. Only timestamps differ between the protocols; all of them are in UTC.
 */
final class CellText {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();
  private static final DateTimeFormatter DATE =
      new DateTimeFormatterBuilder()
          .appendValue(ChronoField.YEAR, 4, 10, SignStyle.EXCEEDS_PAD)
          .appendPattern("-MM-dd")
          .toFormatter(Locale.ROOT);

  /** As JSON_ARRAY and CSV carry it: {@code 2001-02-03T04:05:06.000Z}. */
  static final CellText ISO = new CellText("'T'", 3, "Z");

  /** As SQL casts it to STRING, for the columns of Thrift: {@code 2001-02-03 04:05:06}. */
  static final CellText SQL = new CellText("' '", 0, "");

  private final DateTimeFormatter timestamp;
  private final String zone;

  private CellText(String separator, int fraction, String zone) {
    this.timestamp =
        new DateTimeFormatterBuilder()
            .append(DATE)
            .appendPattern(separator + "HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, fraction, 6, true)
            .toFormatter(Locale.ROOT);
    this.zone = zone;
  }

  /** The value's text, or null for NULL. */
  String of(FieldVector vector, int row) throws IOException {
    if (vector.isNull(row)) {
      return null;
    }
    if (vector instanceof ListVector || vector instanceof StructVector) {
      StringWriter text = new StringWriter();
      try (JsonGenerator json = JSON.createGenerator(text)) {
        writeJson(json, vector, row);
      }
      return text.toString();
    }
    return scalar(vector, row);
  }

  private String scalar(FieldVector vector, int row) {
    if (vector instanceof VarCharVector v) {
      return new String(v.get(row), StandardCharsets.UTF_8);
    } else if (vector instanceof LargeVarCharVector v) {
      return new String(v.get(row), StandardCharsets.UTF_8);
    } else if (vector instanceof BitVector v) {
      return v.get(row) == 0 ? "false" : "true";
    } else if (vector instanceof TinyIntVector v) {
      return Byte.toString(v.get(row));
    } else if (vector instanceof SmallIntVector v) {
      return Short.toString(v.get(row));
    } else if (vector instanceof IntVector v) {
      return Integer.toString(v.get(row));
    } else if (vector instanceof BigIntVector v) {
      return Long.toString(v.get(row));
    } else if (vector instanceof Float4Vector v) {
      return Float.toString(v.get(row));
    } else if (vector instanceof Float8Vector v) {
      return Double.toString(v.get(row));
    } else if (vector instanceof DecimalVector v) {
      return v.getObject(row).toPlainString();
    } else if (vector instanceof DateDayVector v) {
      return DATE.format(LocalDate.ofEpochDay(v.get(row)));
    } else if (vector instanceof TimeStampMicroTZVector v) {
      return timestamp(v.get(row)) + zone;
    } else if (vector instanceof TimeStampMicroVector v) {
      return timestamp(v.get(row));
    } else if (vector instanceof VarBinaryVector v) {
      return Base64.getEncoder().encodeToString(v.get(row));
    } else if (vector instanceof LargeVarBinaryVector v) {
      return Base64.getEncoder().encodeToString(v.get(row));
    } else if (vector instanceof IntervalYearVector v) {
      return yearMonth(v.getObject(row));
    } else if (vector instanceof DurationVector v) {
      return dayTime(DurationVector.get(v.getDataBuffer(), row));
    }
    return vector.getObject(row).toString();
  }

  private String timestamp(long micros) {
    return timestamp.format(
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L),
            (int) Math.floorMod(micros, 1_000_000L) * 1000,
            ZoneOffset.UTC));
  }

  private static String yearMonth(Period period) {
    long months = period.toTotalMonths();
    long size = Math.abs(months);
    return (months < 0 ? "-" : "") + size / 12 + '-' + size % 12;
  }

  /** Arrow's own Duration has nanoseconds and so ends at 292 years. */
  private static String dayTime(long micros) {
    Duration size = Duration.of(micros, ChronoUnit.MICROS).abs();
    return String.format(
        Locale.ROOT,
        "%s%d %02d:%02d:%02d.%09d",
        micros < 0 ? "-" : "",
        size.toDays(),
        size.toHoursPart(),
        size.toMinutesPart(),
        size.toSecondsPart(),
        size.toNanosPart());
  }

  private void writeJson(JsonGenerator json, FieldVector vector, int row) throws IOException {
    if (vector.isNull(row)) {
      json.writeNull();
    } else if (vector instanceof MapVector map) {
      StructVector entries = (StructVector) map.getDataVector();
      FieldVector keys = entries.getChildrenFromFields().get(0);
      FieldVector values = entries.getChildrenFromFields().get(1);
      json.writeStartObject();
      for (int i = map.getElementStartIndex(row); i < map.getElementEndIndex(row); i++) {
        json.writeFieldName(of(keys, i));
        writeJson(json, values, i);
      }
      json.writeEndObject();
    } else if (vector instanceof ListVector list) {
      json.writeStartArray();
      for (int i = list.getElementStartIndex(row); i < list.getElementEndIndex(row); i++) {
        writeJson(json, list.getDataVector(), i);
      }
      json.writeEndArray();
    } else if (vector instanceof StructVector variant
        && ArrowUtils.isVariantField(variant.getField())) {
      json.writeRawValue(variant(variant, row));
    } else if (vector instanceof StructVector struct) {
      json.writeStartObject();
      for (FieldVector child : struct.getChildrenFromFields()) {
        json.writeFieldName(child.getName());
        writeJson(json, child, row);
      }
      json.writeEndObject();
    } else {
      writeScalar(json, vector, row);
    }
  }

  /** A VARIANT travels as a struct of its two binaries. */
  private static String variant(StructVector vector, int row) {
    byte[] value = vector.getChild("value", VarBinaryVector.class).get(row);
    byte[] metadata = vector.getChild("metadata", VarBinaryVector.class).get(row);
    return new Variant(value, metadata).toJson(ZoneOffset.UTC);
  }

  private void writeScalar(JsonGenerator json, FieldVector vector, int row) throws IOException {
    String text = scalar(vector, row);
    boolean number =
        vector instanceof TinyIntVector
            || vector instanceof SmallIntVector
            || vector instanceof IntVector
            || vector instanceof BigIntVector;
    if (vector instanceof BitVector || number) {
      json.writeRawValue(text);
    } else if (vector instanceof DecimalVector) {
      json.writeNumber(new BigDecimal(text));
    } else if ((vector instanceof Float4Vector || vector instanceof Float8Vector)
        && Double.isFinite(Double.parseDouble(text))) {
      json.writeRawValue(text);
    } else {
      json.writeString(text);
    }
  }
}
