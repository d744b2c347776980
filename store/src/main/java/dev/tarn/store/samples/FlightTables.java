package dev.tarn.store.samples;

import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * {@code samples.flights}: the real data of the flights example, out of files that are part of this
 * build. Where they come from stands in the example's README.
 */
final class FlightTables {
  static final String SCHEMA = "flights";

  private FlightTables() {}

  static List<SampleTable> all() {
    List<SampleTable.Column> flights =
        SampleTable.columns(
            "date timestamp_ntz, delay smallint, distance smallint, origin string, destination"
                + " string");
    return List.of(
        new SampleTable(
            SCHEMA,
            "flights",
            "Real flights in the United States on 14 days of January to June 2001 that were not"
                + " cancelled: local time of departure, minutes late on arrival, miles. Source:"
                + " Bureau of Transportation Statistics, through vega-datasets",
            flights,
            FlightTables::flights),
        csv(
            "airports",
            "airports.csv",
            "Real airports of the United States by IATA code. Source: Data.gov, through"
                + " vega-datasets",
            "iata string, name string, city string, state string, country string, latitude double,"
                + " longitude double"),
        csv(
            "bird_strikes",
            "birdstrikes.csv",
            "Real reports of wildlife strikes, 1990 to 2002; costs in dollars, speed in knots."
                + " Source: FAA Wildlife Strike Database, through vega-datasets",
            "airport_name string, aircraft string, damage string, flight_date date, operator"
                + " string, state string, phase_of_flight string, wildlife_size string, species"
                + " string, time_of_day string, cost_other bigint, cost_repair bigint, cost_total"
                + " bigint, speed_knots int"));
  }

  private static SampleTable csv(String name, String file, String comment, String columns) {
    List<SampleTable.Column> typed = SampleTable.columns(columns);
    return new SampleTable(SCHEMA, name, comment, typed, () -> csvRows(file, typed));
  }

  private static Iterator<Object[]> csvRows(String file, List<SampleTable.Column> columns)
      throws IOException {
    List<Object[]> rows = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(resource(file), StandardCharsets.UTF_8))) {
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        List<String> texts = values(line);
        Object[] row = new Object[columns.size()];
        for (int i = 0; i < row.length; i++) {
          row[i] = value(columns.get(i).type(), texts.get(i));
        }
        rows.add(row);
      }
    }
    return rows.iterator();
  }

  /** The values of a line; no value of these files has a line break in it. */
  static List<String> values(String line) {
    List<String> values = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        value.append(line.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        values.add(value.toString());
        value.setLength(0);
      } else {
        value.append(c);
      }
    }
    values.add(value.toString());
    return values;
  }

  private static Object value(SampleTable.Type type, String text) {
    if (text.isEmpty() || text.equals("NA")) {
      return null;
    }
    return switch (type) {
      case BIGINT -> Long.valueOf(text);
      case INT -> Integer.valueOf(text);
      case DOUBLE -> Double.valueOf(text);
      case DATE -> (int) LocalDate.parse(text).toEpochDay();
      default -> text;
    };
  }

  private static Iterator<Object[]> flights() throws IOException {
    SampleTable table = all().get(0);
    List<Object[]> rows = new ArrayList<>();
    Path file = Files.createTempFile("flights", ".parquet");
    try {
      try (InputStream in = resource("flights.parquet")) {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      }
      FileStatus status = FileStatus.of(file.toUri().toString(), Files.size(file), 0);
      try (CloseableIterator<FileReadResult> batches =
          DefaultEngine.create(new Configuration())
              .getParquetHandler()
              .readParquetFiles(
                  Utils.singletonCloseableIterator(status),
                  table.deltaSchema(),
                  Optional.empty())) {
        while (batches.hasNext()) {
          try (CloseableIterator<Row> read = batches.next().getData().getRows()) {
            while (read.hasNext()) {
              rows.add(flight(read.next()));
            }
          }
        }
      }
    } finally {
      Files.delete(file);
    }
    return rows.iterator();
  }

  private static Object[] flight(Row row) {
    return new Object[] {
      row.getLong(0), row.getShort(1), row.getShort(2), row.getString(3), row.getString(4)
    };
  }

  private static InputStream resource(String name) {
    InputStream in = FlightTables.class.getResourceAsStream("flights/" + name);
    if (in == null) {
      throw new UncheckedIOException(
          new IOException("The sample data '" + name + "' is not in this build"));
    }
    return in;
  }
}
