package dev.tarn.acceptance.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.server.client.TarnClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files that are wrong, half there or not there at all. */
@ExtendWith(TarnUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadFilesIT {
  private static final String LANDING = "/Volumes/main/bad_files/landing/";

  @TempDir Path folder;

  private final Tarn tarn;
  private final TarnClient client;

  BadFilesIT(Tarn tarn) {
    this.tarn = tarn;
    this.client = tarn.administrator();
    client.sql("CREATE SCHEMA IF NOT EXISTS main.bad_files");
    client.sql("CREATE VOLUME IF NOT EXISTS main.bad_files.landing");
  }

  @AfterEach
  void serves() {
    tarn.assertServes();
  }

  private void land(String path, String text) {
    client.putFile(LANDING + path, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Six lines below the headers, the last one cut where a copy broke off. */
  @Test
  void linesThatDoNotFitAreKeptWhole() {
    land("csv/a.csv", "id,name,n\n1,one,10\n2,two,20,EXTRA\n3\nfour,four,40\n");
    land("csv/b.csv", "id,name,n\n5,five,50\n6,\"si");
    String sql =
        """
        CREATE OR REFRESH STREAMING TABLE bad_lines AS
        SELECT id, name, n, _rescued_data FROM STREAM read_files('%scsv/', format => 'csv',
          header => true, schema => 'id INT, name STRING, n INT');
        """
            .formatted(LANDING);
    PipelineUnderTest pipeline = new PipelineUnderTest(client, "bad_lines", Map.of(), sql);
    pipeline.update().isCompleted();
    List<List<String>> rows =
        pipeline.select("coalesce(id, 4), _rescued_data", "bad_lines", "ORDER BY coalesce(id, 4)");
    assertThat(rows).extracting(r -> r.get(0)).containsExactly("1", "2", "3", "4", "5", "6");
    assertThat(rows.get(0).get(1)).isNull();
    assertThat(rows.get(1).get(1)).contains("2,two,20,EXTRA");
    assertThat(rows.get(2).get(1)).contains("3");
    assertThat(rows.get(3).get(1)).contains("four,four,40");
    assertThat(rows.get(4).get(1)).isNull();
    assertThat(rows.get(5).get(1)).contains("6,\"si");
    // Once is enough: a second update takes in neither file again.
    pipeline.update().isCompleted();
    assertThat(pipeline.select("count(*)", "bad_lines", "")).containsExactly(List.of("6"));
  }

  @Test
  void malformedJsonIsKeptWhole() {
    land("json/a.json", "{\"id\": 1}\n{\"id\": \"x\"}\n{\"id\":\nnot json\n{\"id\": 2}");
    assertThat(
            client
                .sql(
                    "SELECT id, _rescued_data FROM read_files('"
                        + LANDING
                        + "json/', schema => 'id INT') ORDER BY id, _rescued_data")
                .rows())
        .containsExactlyInAnyOrder(
            Arrays.asList(null, "not json"),
            Arrays.asList(null, "{\"id\":"),
            Arrays.asList(null, "{\"id\": \"x\"}"),
            Arrays.asList("1", null),
            Arrays.asList("2", null));
  }

  @Test
  void newColumnsAreTakenInWhileTheStreamGoesOn() {
    land("grows/json/1.json", "{\"id\": 1}\n");
    land("grows/csv/1.csv", "id\n1\n");
    String sql =
        """
        CREATE OR REFRESH STREAMING TABLE grown_json AS
        SELECT * FROM STREAM read_files('%1$sgrows/json/', maxFilesPerTrigger => 1);
        CREATE OR REFRESH STREAMING TABLE grown_csv AS
        SELECT * FROM STREAM read_files('%1$sgrows/csv/', header => true);
        CREATE OR REFRESH STREAMING TABLE grown_after AS SELECT * FROM STREAM(grown_json);
        """
            .formatted(LANDING);
    PipelineUnderTest pipeline = new PipelineUnderTest(client, "grows", Map.of(), sql);
    pipeline.update().isCompleted();
    land("grows/json/2.json", "{\"id\": 2, \"name\": \"two\"}\n{\"id\": \"x\"}\n");
    land("grows/json/3.json", "{\"id\": 3, \"day\": \"2026-01-01\"}\n");
    land("grows/csv/2.csv", "name,id\ntwo,2\n");
    pipeline.update().isCompleted();
    for (String table : List.of("grown_json", "grown_after")) {
      assertThat(pipeline.select("id, name, day", table, "ORDER BY coalesce(id, 9)"))
          .as(table)
          .containsExactly(
              Arrays.asList("1", null, null),
              Arrays.asList("2", "two", null),
              Arrays.asList("3", null, "2026-01-01"),
              Arrays.asList(null, null, null));
    }
    assertThat(pipeline.select("_rescued_data", "grown_json", "WHERE id IS NULL").get(0).get(0))
        .contains("\"id\":\"x\"")
        .contains("grows/json/2.json");
    assertThat(pipeline.select("id, name", "grown_csv", "ORDER BY id"))
        .containsExactly(Arrays.asList("1", null), List.of("2", "two"));
  }

  @Test
  void aHalfWrittenParquetFileIsNamedAndCanBeReplaced() throws Exception {
    Path whole = folder.resolve("b.parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT i::INT AS id, repeat('x', 100) || i AS text FROM range(1000) r(i)) TO '"
              + whole
              + "' (FORMAT parquet)");
    }
    byte[] content = Files.readAllBytes(whole);
    client.putFile(LANDING + "parquet/a.parquet", content);
    client.putFile(LANDING + "parquet/b.parquet", Arrays.copyOf(content, content.length / 2));
    PipelineUnderTest pipeline =
        new PipelineUnderTest(
            client,
            "half_parquet",
            Map.of(),
            "CREATE OR REFRESH STREAMING TABLE texts AS SELECT * FROM STREAM read_files('"
                + LANDING
                + "parquet/', format => 'parquet', schema => 'id INT, text STRING');");
    assertThat(pipeline.update().failed()).contains("parquet/b.parquet").contains("flows.sql:1");
    tarn.assertServes();
    assertThatThrownBy(
            () ->
                client.sql(
                    "SELECT count(text) FROM read_files('"
                        + LANDING
                        + "parquet/b.parquet', format => 'parquet')"))
        .hasMessageContaining("b.parquet");

    client.putFile(LANDING + "parquet/b.parquet", content);
    pipeline.update().isCompleted();
    assertThat(pipeline.select("count(*), count(DISTINCT id)", "texts", ""))
        .containsExactly(List.of("2000", "1000"));
  }

  @Test
  void anEmptyFolderIsNoMysteryAndNoErrorWhereTheSchemaIsGiven() {
    client.makeDirectory(LANDING + "empty");
    String place = LANDING + "empty/";
    assertThatThrownBy(
            () -> client.sql("SELECT * FROM read_files('" + place + "', format => 'csv')"))
        .hasMessageContaining(place)
        .hasMessageContaining("no files")
        .hasMessageContaining("schema =>");
    assertThatThrownBy(() -> client.sql("SELECT * FROM read_files('" + place + "')"))
        .hasMessageContaining(place)
        .hasMessageContaining("format =>");
    assertThat(
            client
                .sql(
                    "SELECT * FROM read_files('"
                        + place
                        + "', format => 'csv', schema => 'id INT')")
                .rows())
        .isEmpty();
    PipelineUnderTest pipeline =
        new PipelineUnderTest(
            client,
            "empty_folder",
            Map.of(),
            "CREATE OR REFRESH STREAMING TABLE rows AS SELECT * FROM STREAM read_files('"
                + place
                + "', format => 'csv', header => true, schema => 'id INT');");
    pipeline.update().isCompleted();
    assertThat(pipeline.select("count(*)", "rows", "")).containsExactly(List.of("0"));
    land("empty/first.csv", "id\n7\n");
    pipeline.update().isCompleted();
    assertThat(pipeline.select("id", "rows", "")).containsExactly(List.of("7"));
  }

  @Test
  void aPathThatIsNotThereIsNamed() {
    for (String path :
        List.of(LANDING + "nowhere/", "/Volumes/main/bad_files/nothing/", "/no/such/path")) {
      assertThatThrownBy(
              () -> client.sql("SELECT * FROM read_files('" + path + "', format => 'csv')"))
          .hasMessageContaining(path.contains("nothing") ? "main.bad_files.nothing" : path)
          .hasMessageContaining("does not exist");
    }
    PipelineUnderTest pipeline =
        new PipelineUnderTest(
            client,
            "no_path",
            Map.of(),
            "\n\nCREATE OR REFRESH STREAMING TABLE rows AS SELECT * FROM STREAM read_files('"
                + LANDING
                + "nowhere/', format => 'csv', schema => 'id INT');");
    assertThat(pipeline.update().failed())
        .contains("flows.sql:3")
        .contains(LANDING + "nowhere/")
        .contains("does not exist");
  }
}
