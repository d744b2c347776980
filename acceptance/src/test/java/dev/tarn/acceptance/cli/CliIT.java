package dev.tarn.acceptance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.acceptance.launcher.Launched;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.kernel.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's client verbs, as scripts use them. */
@ExtendWith(TarnUnderTest.class)
class CliIT {
  private static final String ROWS =
      "SELECT * FROM VALUES (1, 'a,\"b\"', 1.50), (2, NULL, -3.00) AS t(id, name, price) ORDER BY"
          + " id";

  @TempDir Path home;

  private final Tarn tarn;

  CliIT(Tarn tarn) {
    this.tarn = tarn;
  }

  private Launched tarn(String... arguments) {
    return Launched.run(
        home, Map.of("TARN_HOST", tarn.url(), "TARN_TOKEN", tarn.administratorToken()), arguments);
  }

  private static void assertExit(Launched run, int code) {
    assertThat(run.awaitExit(java.time.Duration.ZERO)).as(run.told()).isEqualTo(code);
    if (code == 0) {
      assertThat(run.err()).isEmpty();
    } else {
      assertThat(run.err()).isNotBlank().doesNotContain("\tat ");
    }
  }

  @Test
  void aTableForPeople() {
    Launched run = tarn("sql", ROWS);
    assertExit(run, 0);
    assertThat(run.out()).contains("id").contains("name").contains("a,\"b\"").contains("-3.00");
    assertThat(run.out().lines().filter(line -> line.contains("price")).count()).isOne();
  }

  @Test
  void jsonForPrograms() {
    Launched run = tarn("sql", "--format", "json", ROWS);
    assertExit(run, 0);
    JsonNode rows = Json.tree(run.out());
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).path("id").asInt()).isEqualTo(1);
    assertThat(rows.get(0).path("name").asText()).isEqualTo("a,\"b\"");
    assertThat(rows.get(1).path("name").isNull()).isTrue();
    assertThat(rows.get(1).path("price").decimalValue()).isEqualByComparingTo("-3.00");
  }

  @Test
  void csvForSpreadsheets() {
    Launched run = tarn("sql", "--format", "csv", ROWS);
    assertExit(run, 0);
    assertThat(run.out().lines())
        .containsExactly("id,name,price", "1,\"a,\"\"b\"\"\",1.50", "2,,-3.00");
  }

  @Test
  void aFileOfStatementsSharesOneSession() throws Exception {
    Path file =
        Files.writeString(
            home.resolve("all.sql"),
            """
            -- A comment; with a semicolon.
            CREATE SCHEMA IF NOT EXISTS cli;
            USE SCHEMA cli;
            CREATE OR REPLACE TABLE t AS SELECT 'a;b' AS text;
            SELECT text, current_schema() AS s FROM t;
            """);
    Launched run = tarn("sql", "--format", "csv", "-f", file.toString());
    assertExit(run, 0);
    assertThat(run.out()).contains("a;b,cli");
  }

  @Test
  void databricksVariablesAreTakenToo() {
    Launched run =
        Launched.run(
            home,
            Map.of("DATABRICKS_HOST", tarn.url(), "DATABRICKS_TOKEN", tarn.administratorToken()),
            "sql",
            "--format",
            "csv",
            "SELECT current_user() AS u");
    assertExit(run, 0);
    assertThat(run.out().lines()).containsExactly("u", "admin");
  }

  @Test
  void errorsGoToStderrWithTheirExitCode() throws Exception {
    Launched typo = tarn("sql", "SELEC 1");
    assertExit(typo, 1);
    assertThat(typo.out()).isEmpty();
    assertThat(typo.err()).contains("SELEC");

    Launched token =
        Launched.run(
            home,
            Map.of("TARN_HOST", tarn.url(), "TARN_TOKEN", "dapi0123456789abcdef0123456789abcdef"),
            "sql",
            "SELECT 1");
    assertExit(token, 3);
    assertThat(token.err()).contains("token").doesNotContain("dapi0123");

    Launched nobody =
        Launched.run(
            home, Map.of("TARN_HOST", "http://127.0.0.1:1", "TARN_TOKEN", "x"), "sql", "SELECT 1");
    assertExit(nobody, 3);
    assertThat(nobody.err()).contains("http://127.0.0.1:1").contains("tarn up");

    Launched verb = tarn("swim");
    assertExit(verb, 2);
    assertThat(verb.err()).contains("swim");

    Launched format = tarn("sql", "--format", "xml", "SELECT 1");
    assertExit(format, 2);
    assertThat(format.err()).contains("xml").contains("csv");
  }

  @Test
  void everyVerbHasHelp() {
    for (String[] help :
        new String[][] {{"--help"}, {"sql", "--help"}, {"up", "--help"}, {"pipeline", "--help"}}) {
      Launched run = tarn(help);
      assertExit(run, 0);
      assertThat(run.out()).contains("Usage: tarn").contains("Exit codes");
    }
  }

  @Test
  void aPipelineIsValidatedAndRun() throws Exception {
    tarn.administrator().sql("CREATE SCHEMA IF NOT EXISTS main.cli_numbers");
    Path folder = Files.createDirectory(home.resolve("numbers"));
    Path file = folder.resolve("views.sql");
    Files.writeString(
        file,
        """
        CREATE OR REFRESH MATERIALIZED VIEW numbers (
          CONSTRAINT small EXPECT (id < 8) ON VIOLATION DROP ROW
        ) AS SELECT id FROM range(10);

        CREATE OR REFRESH MATERIALIZED VIEW total AS SELEC sum(id) AS n FROM numbers;
        """);
    Launched typo = tarn("pipeline", "validate", folder.toString(), "--schema", "cli_numbers");
    assertExit(typo, 1);
    assertThat(typo.err()).contains(folder + "/views.sql:5").contains("not valid");

    Files.writeString(file, Files.readString(file).replace("SELEC ", "SELECT "));
    Launched valid = tarn("pipeline", "validate", folder.toString(), "--schema", "cli_numbers");
    assertExit(valid, 0);
    assertThat(valid.out()).contains("The pipeline is valid.");
    assertThat(tarn.administrator().sql("SHOW TABLES IN main.cli_numbers").rows()).isEmpty();

    Launched run = tarn("pipeline", "run", folder.toString(), "--schema", "cli_numbers");
    assertExit(run, 0);
    assertThat(run.out())
        .containsPattern("RUNNING +main.cli_numbers.numbers")
        .containsPattern("COMPLETED +main.cli_numbers.numbers.* 8 rows.*2 dropped.*small: 2")
        .containsPattern("COMPLETED +main.cli_numbers.total")
        .contains("Update completed");
    assertThat(tarn.administrator().sql("SELECT n FROM main.cli_numbers.total").rows())
        .containsExactly(java.util.List.of("28"));
  }
}
