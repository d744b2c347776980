package dev.tarn.serve.history;

import dev.tarn.engine.sql.Profile;
import java.util.List;

/**
 * One query as it is or was. Times are milliseconds since 1970, durations milliseconds.
 *
 * @param sessionId null outside a session
 * @param text cut off after 64 Ki characters
 * @param queuedMillis waited for its turn
 * @param planMillis analysed and planned
 * @param runMillis ran until its first rows were there
 * @param fetchMillis ran on until its whole result was kept
 * @param executor what ran it, such as {@code spark}
 */
public record Query(
    String id,
    String userName,
    String warehouseId,
    String sessionId,
    String text,
    QueryClient client,
    QueryStatus status,
    long startedAt,
    Long endedAt,
    long queuedMillis,
    long planMillis,
    long runMillis,
    long fetchMillis,
    long rows,
    long bytes,
    String executor,
    String error,
    String sqlState,
    List<QueryTag> tags,
    Profile profile) {
  public static final int LONGEST_TEXT = 64 * 1024;
  private static final int LONGEST_ERROR = 4 * 1024;
  private static final long OPERATOR_WEIGHT = 120;

  public Query {
    text = cut(text, LONGEST_TEXT);
    error = cut(error, LONGEST_ERROR);
    // What was written before there were any has none.
    tags = tags == null ? List.of() : List.copyOf(tags);
    profile = profile == null ? Profile.NONE : profile;
  }

  private static String cut(String text, int longest) {
    return text != null && text.length() > longest ? text.substring(0, longest - 1) + '…' : text;
  }

  /** About how many bytes of memory it takes. */
  long weight() {
    return 1_000L
        + 2L * text.length()
        + (error == null ? 0 : 2L * error.length())
        + 2L * profile.refusal().length()
        + OPERATOR_WEIGHT * profile.operators().size();
  }

  Query lost(long now) {
    return new Query(
        id,
        userName,
        warehouseId,
        sessionId,
        text,
        client,
        QueryStatus.FAILED,
        startedAt,
        now,
        queuedMillis,
        planMillis,
        runMillis,
        fetchMillis,
        rows,
        bytes,
        executor,
        "The server restarted while the query ran. Run it again.",
        "57P01",
        tags,
        profile);
  }
}
