package dev.tarn.engine.session;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import org.apache.spark.SparkException;
import org.apache.spark.SparkThrowable;

/** Turns what Spark throws into what users get. */
public final class SparkErrors {
  private SparkErrors() {}

  /**
   * The most telling exception of the chain: ours if there is one, else the innermost that carries
   * an error class of Spark's, else the outermost.
   */
  public static TarnException toTarn(Throwable failure) {
    return toTarn(failure, false);
  }

  /**
   * As {@link #toTarn(Throwable)}.
   *
   * @param hidesValues whether the message may name no value of a row
   */
  public static TarnException toTarn(Throwable failure, boolean hidesValues) {
    Throwable telling = null;
    boolean diskFull = false;
    boolean memoryOut = false;
    boolean cancelled = false;
    for (Throwable t = failure; t != null; t = next(t)) {
      if (t instanceof TarnException tarn) {
        return tarn.sqlState().isPresent()
            ? tarn
            : new TarnException(tarn.code(), "22023", tarn.getMessage(), tarn);
      }
      String said = String.valueOf(t.getMessage());
      diskFull |= said.contains("No space left on device");
      memoryOut |=
          isOutOfMemory(t) || Arrays.stream(t.getSuppressed()).anyMatch(SparkErrors::isOutOfMemory);
      cancelled |= t instanceof CancellationException || t instanceof InterruptedException;
      if (t instanceof SparkThrowable s && s.getCondition() != null) {
        cancelled |= s.getCondition().startsWith("SPARK_JOB_CANCELLED");
        if (!(t instanceof SparkException) || telling == null) {
          telling = t;
        }
      }
    }
    if (diskFull) {
      return new TarnException(
          ErrorCode.RESOURCE_EXHAUSTED,
          "53100",
          "[DISK_FULL] No space left on device: the disk of the data folder or of the storage root is"
              + " full. Nothing of this statement was kept. Make room, for example by dropping tables,"
              + " and run it again.",
          failure);
    }
    if (memoryOut) {
      return new TarnException(
          ErrorCode.RESOURCE_EXHAUSTED,
          "53200",
          "The statement needs more memory than the server has. Read less, or give it more heap with"
              + " TARN_JAVA_OPTS=-Xmx….",
          failure);
    }
    if (cancelled) {
      return cancelled(failure);
    }
    if (innermost(failure) instanceof StackOverflowError) {
      return new TarnException(
          ErrorCode.BAD_REQUEST,
          "54001",
          "The statement is nested too deeply. Split it, or put its parts into views.",
          failure);
    }
    Throwable shown = telling == null ? innermost(failure) : telling;
    if (hidesValues && ValuelessErrors.tells(shown)) {
      return ValuelessErrors.of(shown, failure);
    }
    String sqlState = shown instanceof SparkThrowable s ? s.getSqlState() : null;
    String message = shown.getMessage() == null ? shown.toString() : shown.getMessage();
    return new TarnException(
        ErrorCode.BAD_REQUEST, sqlState == null ? "XX000" : sqlState, firstPart(message), failure);
  }

  public static TarnException cancelled(Throwable cause) {
    return new TarnException(ErrorCode.CANCELLED, "57014", "The statement was cancelled.", cause);
  }

  private static boolean isOutOfMemory(Throwable t) {
    String said = String.valueOf(t.getMessage());
    return t instanceof OutOfMemoryError
        || said.contains("java.lang.OutOfMemoryError")
        || said.contains("SparkOutOfMemoryError")
        || said.contains("spark.driver.maxResultSize")
        || said.contains("Cannot broadcast the table")
        || said.contains("Not enough memory to build and broadcast");
  }

  private static Throwable next(Throwable t) {
    return t.getCause() == t ? null : t.getCause();
  }

  private static Throwable innermost(Throwable t) {
    Throwable inner = t;
    while (next(inner) != null) {
      inner = next(inner);
    }
    return inner;
  }

  /** Spark appends plans and stack traces; a user has no use for them. */
  private static String firstPart(String message) {
    int end = message.length();
    for (String marker : new String[] {"\n\nDriver stacktrace:", "\n\tat ", ";\n'", ";\n+-"}) {
      int at = message.indexOf(marker);
      if (at >= 0) {
        end = Math.min(end, at);
      }
    }
    return message.substring(0, end).strip();
  }
}
