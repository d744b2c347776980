package dev.tarn.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightDataTest {
  private static final Map<String, String> SHA_256 =
      Map.of(
          "flights.parquet",
          "a89e2272d4a64015a5c247d951457b4e6ad44828371ff6e7651cb5c650b2ac02",
          "airports.csv",
          "903c7169e6d558eefb95295fe2947ec8503135fbb855ea5c737cf4a90ea603ad",
          "birdstrikes.csv",
          "45777edf69984b37599e73dbfb34dbc976055243547407214261a4fcb9466462",
          "seattle-weather-hourly-normals.csv",
          "3433511ab963755ec1a573420af962e713e66691c07c068f5a247e6891912311");

  @TempDir Path folder;

  @Test
  void unpacksTheVendoredFilesUnchangedWithinFiveMegabytes() throws Exception {
    FlightData data = FlightData.unpack(folder);
    long bytes = 0;
    for (Map.Entry<String, String> file : SHA_256.entrySet()) {
      byte[] content = Files.readAllBytes(data.folder().resolve(file.getKey()));
      bytes += content.length;
      assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)))
          .as(file.getKey())
          .isEqualTo(file.getValue());
    }
    assertThat(bytes).isLessThan(5_000_000);
    try (Stream<Path> files = Files.list(data.folder())) {
      assertThat(files).hasSize(SHA_256.size());
    }
  }

  @Test
  void mendsAFileThatIsHalfThere() throws Exception {
    Path file = FlightData.unpack(folder).folder().resolve("airports.csv");
    Files.writeString(file, "iata,na");
    FlightData.unpack(folder);
    assertThat(file).hasSize(210_365);
  }

  @Test
  void holdsEveryFlightOfFourteenWholeDays() throws Exception {
    String flights = FlightData.unpack(folder).flights().toString();
    assertThat(query("SELECT count(*) FROM '" + flights + "'")).isEqualTo("230096");
    assertThat(query("SELECT count(DISTINCT CAST(date AS DATE)) FROM '" + flights + "'"))
        .isEqualTo("14");
    assertThat(query("SELECT count(DISTINCT dayofweek(date)) FROM '" + flights + "'"))
        .isEqualTo("7");
    assertThat(
            query(
                "SELECT min(c) > 14000 FROM (SELECT count(*) AS c FROM '"
                    + flights
                    + "' GROUP BY CAST(date AS DATE))"))
        .isEqualTo("true");
  }

  private static String query(String sql) throws SQLException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }
}
