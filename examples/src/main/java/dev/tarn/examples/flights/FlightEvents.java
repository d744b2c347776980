package dev.tarn.examples.flights;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * The flights of a Parquet file as events in order of departure, with five malformed ones at fixed
 * places. The same file gives the same events every time: resuming rests on that.
 */
final class FlightEvents implements AutoCloseable {
  static final String MALFORMED_KEY = "malformed-on-purpose";
  static final int MALFORMED = 5;

  private final Connection connection;
  private final PreparedStatement statement;
  private final ResultSet flights;
  private final long total;
  private long next;

  private FlightEvents(
      Connection connection,
      PreparedStatement statement,
      ResultSet flights,
      long total,
      long next) {
    this.connection = connection;
    this.statement = statement;
    this.flights = flights;
    this.total = total;
    this.next = next;
  }

  /** Opens the events from the one at {@code first} on. */
  static FlightEvents open(Path parquet, long first) {
    try {
      Properties streaming = new Properties();
      streaming.setProperty("jdbc_stream_results", "true");
      Connection connection = DriverManager.getConnection("jdbc:duckdb:", streaming);
      try {
        long total = count(connection, parquet) + MALFORMED;
        // Rows that tie in all columns are equal, so that this order leaves nothing to chance.
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT strftime(date, '%Y-%m-%dT%H:%M:%S'), origin, destination, distance, delay"
                    + " FROM read_parquet('"
                    + parquet.toString().replace("'", "''")
                    + "') ORDER BY date, origin, destination, distance, delay OFFSET "
                    + (first - malformedBefore(first, total)));
        return new FlightEvents(connection, statement, statement.executeQuery(), total, first);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private static long count(Connection connection, Path parquet) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet count =
            statement.executeQuery(
                "SELECT count(*) FROM read_parquet('"
                    + parquet.toString().replace("'", "''")
                    + "')")) {
      count.next();
      return count.getLong(1);
    }
  }

  /** All events of the file, malformed ones included, from the first. */
  long total() {
    return total;
  }

  /** The next event, or null after the last. */
  FlightEvent next() {
    if (next >= total) {
      return null;
    }
    long index = next++;
    for (int kind = 0; kind < MALFORMED; kind++) {
      if (malformedAt(kind, total) == index) {
        return new FlightEvent(index, MALFORMED_KEY, malformed(kind, index));
      }
    }
    try {
      if (!flights.next()) {
        throw new TarnException(
            ErrorCode.INVALID_STATE,
            "The flights file changed while it was replayed. Run the demo again.");
      }
      String origin = flights.getString(2);
      return new FlightEvent(
          index,
          origin,
          "{\"id\":"
              + index
              + ",\"departed_at\":\""
              + flights.getString(1)
              + "\",\"origin\":\""
              + origin
              + "\",\"destination\":\""
              + flights.getString(3)
              + "\",\"distance_miles\":"
              + flights.getLong(4)
              + ",\"delay_minutes\":"
              + flights.getLong(5)
              + '}');
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private static long malformedAt(int kind, long total) {
    return (kind + 1) * total / (MALFORMED + 1);
  }

  private static int malformedBefore(long index, long total) {
    int count = 0;
    while (count < MALFORMED && malformedAt(count, total) < index) {
      count++;
    }
    return count;
  }

  private static String malformed(int kind, long index) {
    return switch (kind) {
      case 0 -> "{\"id\":" + index + ",\"departed_at\":\"2001-0";
      case 1 -> "malformed on purpose: this is no JSON";
      case 2 ->
          "{\"id\":"
              + index
              + ",\"departed_at\":\"2001-03-20T12:00:00\",\"origin\":\"SEA\",\"destination\":\"PDX\","
              + "\"distance_miles\":129,\"delay_minutes\":\"late\"}";
      case 3 -> "[\"malformed on purpose: not an object\"]";
      default -> "";
    };
  }

  private static TarnException unreadable(SQLException e) {
    return new TarnException(
        ErrorCode.INVALID_STATE,
        "The flights file can't be read: "
            + e.getMessage()
            + ". Delete it from the data folder and run the demo again.",
        e);
  }

  @Override
  public void close() {
    try (connection;
        statement;
        flights) {
      next = total;
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }
}
