package dev.tarn.acceptance.flights;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The flights example's gold computed a second time, by DuckDB straight from the source files: no
 * stream, no pipeline, no Spark, and written from the meaning of the tables, not from their SQL.
 */
public final class IndependentGold {

  /**
   * @param name of the gold table, without catalog and schema
   * @param rows values as text (decimals with their scale, SQL NULL as null), in {@link #sorted}
   *     order
   */
  public record Table(String name, List<String> columns, List<List<String>> rows) {}

  private static final Map<String, String> QUERIES = new LinkedHashMap<>();

  static {
    QUERIES.put(
        "on_time_by_airport_and_hour",
        "SELECT origin AS airport, any_value(name) AS airport_name, any_value(city) AS city,"
            + " any_value(state) AS state, hour(date) AS departure_hour, count(*) AS flights,"
            + " sum(on_time) AS on_time_flights, tenths(100 * sum(on_time), count(*)) AS"
            + " on_time_percent, tenths(sum(delay), count(*)) AS average_delay_minutes FROM flown"
            + " LEFT JOIN places ON iata = origin GROUP BY origin, hour(date)");
    QUERIES.put(
        "on_time_by_hour",
        "SELECT hour(date) AS departure_hour, count(*) AS flights, tenths(100 * sum(on_time),"
            + " count(*)) AS on_time_percent, tenths(sum(delay), count(*)) AS"
            + " average_delay_minutes FROM flown GROUP BY hour(date)");
    QUERIES.put(
        "busiest_airports",
        "WITH gone AS (SELECT origin AS airport, count(*) AS n, sum(on_time) AS punctual FROM flown"
            + " GROUP BY ALL), come AS (SELECT destination AS airport, count(*) AS n FROM flown"
            + " GROUP BY ALL), both_ways AS (SELECT airport, coalesce(gone.n, 0) AS departures,"
            + " coalesce(come.n, 0) AS arrivals, punctual FROM gone FULL JOIN come USING (airport))"
            + " SELECT 1 + (SELECT count(*) FROM both_ways o WHERE o.departures + o.arrivals >"
            + " b.departures + b.arrivals) AS rank, airport, name AS airport_name, city, state,"
            + " departures + arrivals AS flights, departures, arrivals, CASE WHEN departures > 0"
            + " THEN tenths(100 * punctual, departures) END AS departures_on_time_percent FROM"
            + " both_ways b LEFT JOIN places ON iata = airport");
    QUERIES.put(
        "worst_routes",
        "WITH routes AS (SELECT origin, destination, count(*) AS flights, count(*) - sum(on_time)"
            + " AS late, sum(delay) AS delays, max(delay) AS worst FROM flown GROUP BY ALL HAVING"
            + " count(*) >= 30), shares AS (SELECT *, tenths(100 * late, flights) AS percent FROM"
            + " routes), ranked AS (SELECT *, (SELECT 1 + count(*) FROM shares b WHERE (-b.percent,"
            + " -b.flights, b.origin, b.destination) < (-a.percent, -a.flights, a.origin,"
            + " a.destination)) AS rank FROM shares a) SELECT rank, origin, o.city AS origin_city,"
            + " destination, d.city AS destination_city, flights, late AS late_flights, percent AS"
            + " late_percent, tenths(delays, flights) AS average_delay_minutes, worst AS"
            + " worst_delay_minutes FROM ranked LEFT JOIN places o ON o.iata = origin LEFT JOIN"
            + " places d ON d.iata = destination WHERE rank <= 100");
    QUERIES.put(
        "seattle_delays_by_usual_weather",
        "SELECT 5 * CAST(floor(celsius / 5) AS INT) AS celsius_from, CAST(floor(wind) AS INT) AS"
            + " wind_metres_per_second_from, count(*) AS flights, tenths(100 * sum(on_time),"
            + " count(*)) AS on_time_percent, tenths(sum(delay), count(*)) AS"
            + " average_delay_minutes FROM flown JOIN usual_weather ON strftime(date, '%m-%d %H')"
            + " = hour_of_year WHERE origin = 'SEA' GROUP BY 1, 2");
    QUERIES.put(
        "bird_strikes_by_phase",
        "SELECT phase AS phase_of_flight, count(*) AS strikes, sum(damaging) AS damaging_strikes,"
            + " tenths(100 * sum(damaging), count(*)) AS damaging_percent, sum(cost) AS cost_usd"
            + " FROM strikes GROUP BY phase");
    QUERIES.put(
        "bird_strikes_by_airport_and_operator",
        "SELECT airport AS airport_name, state, operator, count(*) AS strikes, sum(damaging) AS"
            + " damaging_strikes, sum(cost) AS cost_usd FROM strikes GROUP BY ALL");
  }

  private IndependentGold() {}

  /** The names of all gold tables. */
  public static List<String> names() {
    return List.copyOf(QUERIES.keySet());
  }

  /**
   * Computes every gold table.
   *
   * @param flights the replayed Parquet file: the extract or all 3,000,000
   * @param files folder with airports.csv, birdstrikes.csv and seattle-weather-hourly-normals.csv
   */
  public static List<Table> compute(Path flights, Path files) throws SQLException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
      prepare(duckdb, flights, files);
      List<Table> tables = new ArrayList<>();
      for (Map.Entry<String, String> query : QUERIES.entrySet()) {
        tables.add(read(duckdb, query.getKey(), query.getValue()));
      }
      return tables;
    }
  }

  /** Rows in one order for comparing, whatever order they arrived in. */
  public static List<List<String>> sorted(List<List<String>> rows) {
    return rows.stream().sorted(Comparator.comparing(Object::toString)).toList();
  }

  private static void prepare(Connection duckdb, Path flights, Path files) throws SQLException {
    List<String> statements =
        List.of(
            // n/d in tenths, rounded half away from zero, in integers only.
            "CREATE MACRO tenths(n, d) AS CAST(CAST(sign(n) * ((abs(n) * 20 + d) // (2 * d)) AS"
                + " DOUBLE) / 10 AS DECIMAL(18, 1))",
            "CREATE TABLE flown AS SELECT *, CASE WHEN delay < 15 THEN 1 ELSE 0 END AS on_time FROM"
                + " read_parquet("
                + literal(flights)
                + ") WHERE delay >= -60",
            "CREATE TABLE places AS SELECT iata, name, CASE WHEN city <> 'NA' THEN city END AS"
                + " city, CASE WHEN state <> 'NA' THEN state END AS state FROM read_csv("
                + literal(files.resolve("airports.csv"))
                + ", all_varchar = true) WHERE country = 'USA'",
            "CREATE TABLE usual_weather AS SELECT substr(replace(date, 'T', ' '), 6, 8) AS"
                + " hour_of_year, CAST(temperature AS DECIMAL(5, 1)) AS celsius, CAST(wind AS"
                + " DECIMAL(5, 1)) AS wind FROM read_csv("
                + literal(files.resolve("seattle-weather-hourly-normals.csv"))
                + ", all_varchar = true)",
            "CREATE TABLE strikes AS SELECT \"Airport Name\" AS airport, \"Origin State\" AS state,"
                + " regexp_replace(\"Aircraft Airline Operator\", '[*]+$', '') AS operator,"
                + " \"Phase of flight\" AS phase, CASE WHEN \"Effect Amount of damage\" <> 'None'"
                + " THEN 1 ELSE 0 END AS damaging, CAST(\"Cost Total $\" AS BIGINT) AS cost FROM"
                + " read_csv("
                + literal(files.resolve("birdstrikes.csv"))
                + ", all_varchar = true)");
    for (String sql : statements) {
      try (Statement statement = duckdb.createStatement()) {
        statement.execute(sql);
      }
    }
  }

  private static Table read(Connection duckdb, String name, String sql) throws SQLException {
    try (Statement statement = duckdb.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> columns = new ArrayList<>();
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        columns.add(result.getMetaData().getColumnName(i));
      }
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
          row.add(result.getString(i));
        }
        rows.add(row);
      }
      return new Table(name, columns, sorted(rows));
    }
  }

  private static String literal(Path file) {
    return '\'' + file.toString().replace("'", "''") + '\'';
  }
}
