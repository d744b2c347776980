package dev.tarn.store.volumes;

import dev.tarn.kernel.error.TarnException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a file is asked for (RFC 9110, 14.1.2).
 *
 * @param first offset of the first byte
 * @param length bytes
 * @param partial whether a range was asked for
 */
record ByteRange(long first, long length, boolean partial) {
  private static final Pattern ONE_RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /**
   * @param header the {@code Range} header; what is not one well-formed range is ignored, as the
   *     RFC allows
   * @throws TarnException INVALID_PARAMETER_VALUE if no byte of the file is in the range
   */
  static ByteRange of(Optional<String> header, long size) {
    Matcher range = ONE_RANGE.matcher(header.map(text -> text.replace(" ", "")).orElse(""));
    if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
      return new ByteRange(0, size, false);
    }
    long first;
    long last;
    if (range.group(1).isEmpty()) {
      first = Math.max(0, size - Long.parseLong(range.group(2)));
      last = size - 1;
    } else {
      first = Long.parseLong(range.group(1));
      last = range.group(2).isEmpty() ? size - 1 : Long.parseLong(range.group(2));
      if (last < first && !range.group(2).isEmpty()) {
        return new ByteRange(0, size, false);
      }
    }
    if (first >= size) {
      throw TarnException.invalid("The file has " + size + " bytes; the range begins after them.");
    }
    return new ByteRange(first, Math.min(last, size - 1) - first + 1, true);
  }

  long last() {
    return first + length - 1;
  }
}
