package dev.tarn.store.delta;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.kernel.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What a writer noted about a file: its rows, and for columns their least and greatest value and
 * how many are null. Held as bytes with a number for each column, a third of the JSON they come
 * from.
 *
 * @see <a
 *     href="https://github.com/delta-io/delta/blob/master/PROTOCOL.md#per-file-statistics">Delta
 *     protocol, per-file statistics</a>
 */
final class FileStatistics {
  static final FileStatistics NONE = new FileStatistics(-1, new byte[0]);

  private static final int MIN = 0;
  private static final int MAX = 1;
  private static final int NULLS = 2;

  /** Longer values are as good as none. */
  private static final int LONGEST = 512;

  /** So many columns that queries filter by are kept decoded. */
  private static final int MOST_DECODED = 8;

  private final long rows;
  private final byte[] values;

  /** What threads write at once may be lost and is then decoded again. */
  private Decoded decoded;

  private FileStatistics(long rows, byte[] values) {
    this.rows = rows;
    this.values = values;
  }

  /**
   * A column that was asked for.
   *
   * @param type as which; may be null
   * @param next one that was asked for before, or null
   */
  private record Decoded(int number, ValueType type, KnownValues known, Decoded next, int length) {}

  /** -1 if unknown. */
  long rows() {
    return rows;
  }

  /**
   * @param json null, or not even JSON, is as good as no statistics
   */
  static FileStatistics parse(String json, StatisticsLayout layout) {
    if (json == null || json.isEmpty()) {
      return NONE;
    }
    try (JsonParser parser = Json.mapper().createParser(json)) {
      long rows = -1;
      ByteArrayOutputStream values = new ByteArrayOutputStream(256);
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return NONE;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (field) {
          case "numRecords" -> rows = value == JsonToken.VALUE_NUMBER_INT ? positive(parser) : -1;
          case "minValues" -> read(parser, layout.root(), MIN, values);
          case "maxValues" -> read(parser, layout.root(), MAX, values);
          case "nullCount" -> read(parser, layout.root(), NULLS, values);
          default -> parser.skipChildren();
        }
      }
      return new FileStatistics(rows, values.toByteArray());
    } catch (IOException e) {
      return NONE;
    }
  }

  /**
   * What is known of a column.
   *
   * @param type of the column now; null if its bounds are not to be used
   */
  KnownValues known(int number, ValueType type) {
    Decoded first = decoded;
    for (Decoded at = first; at != null; at = at.next) {
      if (at.number == number && at.type == type) {
        return at.known;
      }
    }
    KnownValues known = decode(number, type);
    Decoded rest = first == null || first.length >= MOST_DECODED ? null : first;
    decoded = new Decoded(number, type, known, rest, rest == null ? 1 : rest.length + 1);
    return known;
  }

  private KnownValues decode(int number, ValueType type) {
    Object lower = null;
    Object upper = null;
    long nulls = -1;
    int[] at = {0};
    while (at[0] < values.length) {
      long key = readNumber(at);
      int kind = (int) key & 3;
      boolean wanted = key >>> 2 == number;
      long value = readNumber(at);
      if (kind == NULLS) {
        nulls = wanted ? value : nulls;
        continue;
      }
      int from = at[0];
      at[0] += (int) value;
      if (wanted && type != null) {
        String text = new String(values, from, (int) value, StandardCharsets.UTF_8);
        lower = kind == MIN ? type.lowerBound(text) : lower;
        upper = kind == MAX ? type.upperBound(text) : upper;
      }
    }
    return new KnownValues(
        lower,
        upper,
        type != null && type.hasExactBounds(),
        type == null || type.hidesNaN(),
        nulls != 0,
        nulls < 0 || nulls != rows);
  }

  private static void read(
      JsonParser parser, StatisticsLayout.Node node, int kind, ByteArrayOutputStream values)
      throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      StatisticsLayout.Node child = node.fields().get(parser.currentName());
      JsonToken token = parser.nextToken();
      if (child == null) {
        parser.skipChildren();
      } else if (child.number() < 0) {
        read(parser, child, kind, values);
      } else if (!token.isScalarValue()) {
        parser.skipChildren();
      } else if (kind == NULLS) {
        long nulls = token == JsonToken.VALUE_NUMBER_INT ? positive(parser) : -1;
        if (nulls >= 0) {
          writeNumber((long) child.number() << 2 | kind, values);
          writeNumber(nulls, values);
        }
      } else if (token != JsonToken.VALUE_NULL) {
        write((long) child.number() << 2 | kind, parser.getText(), values);
      }
    }
  }

  private static void write(long key, String text, ByteArrayOutputStream values) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= LONGEST && !isDamaged(text)) {
      writeNumber(key, values);
      writeNumber(bytes.length, values);
      values.writeBytes(bytes);
    }
  }

  /** What writers put for bytes that are not UTF-8 has another place in the order. */
  private static boolean isDamaged(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0xFFFD) {
        return true;
      }
      if (Character.isSurrogate(c)) {
        boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
        if (!pair) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  private static long positive(JsonParser parser) throws IOException {
    return Math.max(-1, parser.getLongValue());
  }

  private static void writeNumber(long number, ByteArrayOutputStream to) {
    long rest = number;
    while (rest > 127) {
      to.write((int) (rest & 127 | 128));
      rest >>>= 7;
    }
    to.write((int) rest);
  }

  private long readNumber(int[] at) {
    long number = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = values[at[0]++];
      number |= (next & 127L) << shift;
      if (next >= 0) {
        return number;
      }
    }
  }
}
