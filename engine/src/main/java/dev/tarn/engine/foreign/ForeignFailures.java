package dev.tarn.engine.foreign;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;

/**
 * What a driver says of a failure, without its words: they may hold passwords, addresses and values
 * of rows. It is no cause either, since causes are logged.
 */
final class ForeignFailures {
  private ForeignFailures() {}

  static TarnException of(String connection, SQLException failure) {
    String state = failure.getSQLState();
    if (state == null || state.length() != 5) {
      state = failure instanceof SQLTimeoutException ? "57014" : "HY000";
    }
    String system = "The system that connection '" + connection + "' leads to ";
    return switch (state.substring(0, 2)) {
      case "08", "HY" ->
          said(
              state,
              system
                  + "cannot be reached, or did not answer in time. Check its host and port, and"
                  + " whether it runs; other tables are not affected.");
      case "28" ->
          said(state, system + "does not accept its user and password. Its owner can change them.");
      case "3D" ->
          said(state, system + "has no such database. Check the option 'database' of the catalog.");
      case "42", "3F" ->
          said(
              state,
              state.equals("42501")
                  ? system + "does not let its user read this table. Grant it there."
                  : system
                      + "does not know a table or column that it had a moment ago, or does not"
                      + " understand what it is asked. Try again in half a minute.");
      case "53", "57" ->
          said(
              state,
              system
                  + (state.equals("57014")
                      ? "stopped the query, or did not finish it in time. Ask for less of it."
                      : "is shutting down, or has no room for another session. Try again."));
      default ->
          said(
              state,
              system
                  + "failed on the query with SQLSTATE "
                  + state
                  + ". EXPLAIN shows what it is asked.");
    };
  }

  /** Not under 503, which Databricks' SDKs try again for minutes, and then say nothing of it. */
  private static TarnException said(String state, String message) {
    return new TarnException(ErrorCode.BAD_REQUEST, state, message, null);
  }

  /** Of a value that no value here equals. */
  static TarnException value(String connection, String column, String type, String what) {
    return new TarnException(
        ErrorCode.BAD_REQUEST,
        "22003",
        "Column '"
            + column
            + "' of type "
            + type
            + ", read over connection '"
            + connection
            + "', holds "
            + what
            + ". Leave such rows out, or the column.",
        null);
  }
}
