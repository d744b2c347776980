package dev.tarn.ingest.loader;

import dev.tarn.kernel.error.TarnException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Option;

/**
 * How a stream chooses its files. Names and meanings are Auto Loader's.
 *
 * @param modifiedAfter in milliseconds since 1970, not itself included
 * @param modifiedBefore in milliseconds since 1970, not itself included
 * @see <a
 *     href="https://docs.databricks.com/aws/en/ingestion/cloud-object-storage/auto-loader/options">Auto
 *     Loader options</a>
 */
public record LoaderOptions(
    int maxFiles,
    OptionalLong maxBytes,
    boolean allowOverwrites,
    boolean includeExistingFiles,
    OptionalLong modifiedAfter,
    OptionalLong modifiedBefore,
    Optional<String> pathGlobFilter) {
  private static final int DEFAULT_FILES = 1_000;
  private static final long MICROS = 1_000;

  /** Lower-case names of the options that are the stream's, and no reader's. */
  public static final Set<String> NAMES =
      Set.of(
          "maxfilespertrigger",
          "maxbytespertrigger",
          "allowoverwrites",
          "includeexistingfiles",
          "modifiedafter",
          "modifiedbefore",
          "pathglobfilter");

  /**
   * @param options by lower-case name
   * @throws TarnException INVALID_PARAMETER_VALUE
   */
  public static LoaderOptions of(Map<String, String> options, ZoneId zone) {
    Map<String, String> all = new HashMap<>();
    options.forEach((name, value) -> all.put(name.toLowerCase(Locale.ROOT), value));
    return new LoaderOptions(
        files(all.get("maxfilespertrigger")).orElse(DEFAULT_FILES),
        bytes(all.get("maxbytespertrigger")),
        flag(all, "allowoverwrites", false),
        flag(all, "includeexistingfiles", true),
        time(all, "modifiedafter", zone),
        time(all, "modifiedbefore", zone),
        Optional.ofNullable(all.get("pathglobfilter")));
  }

  private static OptionalInt files(String text) {
    if (text == null) {
      return OptionalInt.empty();
    }
    try {
      int files = Integer.parseInt(text.strip());
      if (files > 0) {
        return OptionalInt.of(files);
      }
    } catch (NumberFormatException e) {
      throw wrong("maxFilesPerTrigger", text, "a number above 0, such as 1000");
    }
    throw wrong("maxFilesPerTrigger", text, "a number above 0, such as 1000");
  }

  private static OptionalLong bytes(String text) {
    if (text == null) {
      return OptionalLong.empty();
    }
    try {
      long bytes = JavaUtils.byteStringAsBytes(text);
      if (bytes > 0) {
        return OptionalLong.of(bytes);
      }
    } catch (NumberFormatException e) {
      throw wrong("maxBytesPerTrigger", text, "a size above 0, such as 10g");
    }
    throw wrong("maxBytesPerTrigger", text, "a size above 0, such as 10g");
  }

  private static boolean flag(Map<String, String> options, String name, boolean otherwise) {
    String text = options.get(name);
    if (text == null) {
      return otherwise;
    }
    if (!List.of("true", "false").contains(text.toLowerCase(Locale.ROOT))) {
      throw wrong(name, text, "true or false");
    }
    return Boolean.parseBoolean(text);
  }

  private static OptionalLong time(Map<String, String> options, String name, ZoneId zone) {
    String text = options.get(name);
    if (text == null) {
      return OptionalLong.empty();
    }
    Option<Object> micros = DateTimeUtils.stringToTimestamp(UTF8String.fromString(text), zone);
    if (micros.isEmpty()) {
      throw wrong(name, text, "a timestamp, such as 2026-01-01T00:00:00.000000 UTC+0");
    }
    return OptionalLong.of(Math.floorDiv((Long) micros.get(), MICROS));
  }

  private static TarnException wrong(String name, String value, String expected) {
    return TarnException.invalid(
        "The option " + name + " is '" + value + "', and must be " + expected + ".");
  }

  boolean inTime(long modified) {
    return (modifiedAfter.isEmpty() || modified > modifiedAfter.getAsLong())
        && (modifiedBefore.isEmpty() || modified < modifiedBefore.getAsLong());
  }
}
