package dev.tarn.ingest.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.lineage.LineageEvent;
import dev.tarn.ingest.IngestUnderTest;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** In {@link FilesIT}. */
abstract class CopyIntoSteps {
  private static final Principal LOADER = Principal.user("loader");

  private static IngestUnderTest tarn;
  private static Path landing;

  @BeforeAll
  static void land() throws IOException {
    tarn = FilesIT.tarn();
    tarn.sql("CREATE SCHEMA main.loads");
    landing = tarn.volume("main.loads", "landing");
  }

  private static void land(String name, String text) throws IOException {
    Path file = landing.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static List<String> rows(String table) {
    return tarn.sql("SELECT * FROM main.loads." + table + " ORDER BY ALL");
  }

  private static List<String> copy(String table, String from, String rest) {
    return tarn.sql(
        "COPY INTO main.loads."
            + table
            + " FROM '/Volumes/main/loads/landing/"
            + from
            + "' "
            + rest);
  }

  @Test
  void eachFileIsLoadedOnce() throws Exception {
    tarn.sql("CREATE TABLE main.loads.once (id BIGINT, name STRING)");
    land("once/a.json", "{\"id\": 1, \"name\": \"one\"}\n{\"id\": 2}\n");
    assertThat(copy("once", "once", "FILEFORMAT = JSON")).containsExactly("2|2|0");
    land("once/b.json", "{\"name\": \"three\", \"id\": 3}");
    land("once/a.json", "{\"id\": 9, \"name\": \"changed\"}");
    assertThat(copy("once", "once/", "FILEFORMAT = json")).containsExactly("1|1|0");
    assertThat(rows("once")).containsExactly("1|one", "2|null", "3|three");
    assertThat(copy("once", "once", "FILEFORMAT = JSON COPY_OPTIONS ('force' = 'true')"))
        .containsExactly("2|2|0");
    assertThat(rows("once")).containsExactly("1|one", "2|null", "3|three", "3|three", "9|changed");
    assertThat(tarn.sql("DESCRIBE HISTORY main.loads.once"))
        .anyMatch(version -> version.contains("|COPY INTO|"));
    // What takes the name of a table is another, to which nothing has been loaded.
    tarn.sql("CREATE OR REPLACE TABLE main.loads.once (id BIGINT, name STRING)");
    assertThat(copy("once", "once", "FILEFORMAT = JSON")).containsExactly("2|2|0");
  }

  @Test
  void twoAtOnceLoadAFileOnce() throws Exception {
    tarn.sql("CREATE TABLE main.loads.race (id BIGINT)");
    for (int i = 0; i < 4; i++) {
      land("race/" + i + ".json", "{\"id\": " + i + "}");
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Callable<List<String>>> loads = new ArrayList<>();
      for (String from : List.of("race", "race/*.json")) {
        loads.add(() -> copy("race", from, "FILEFORMAT = JSON"));
      }
      List<String> counts = new ArrayList<>();
      for (Future<List<String>> load : threads.invokeAll(loads)) {
        counts.addAll(load.get());
      }
      assertThat(counts).containsExactlyInAnyOrder("4|4|0", "0|0|0");
    } finally {
      threads.shutdownNow();
    }
    assertThat(rows("race")).containsExactly("0", "1", "2", "3");
  }

  @Test
  void whatFailsLeavesNothingAndIsLoadedWhenItIsRepaired() throws Exception {
    tarn.sql("CREATE TABLE main.loads.strict (id BIGINT NOT NULL, n INT)");
    tarn.sql("ALTER TABLE main.loads.strict ADD CONSTRAINT small CHECK (n < 10)");
    land("strict/a.json", "{\"id\": 1, \"n\": 1}");
    land("strict/b.json", "{\"id\": 2, \"n\": 20}");
    String copy = "FILEFORMAT = JSON";
    assertThatThrownBy(() -> copy("strict", "strict", copy)).hasMessageContaining("small");
    assertThat(rows("strict")).isEmpty();
    assertThatThrownBy(() -> copy("strict", "strict", copy + " VALIDATE"))
        .hasMessageContaining("small");
    assertThat(copy("strict", "strict", copy + " VALIDATE 5 ROWS FILES = ('a.json')"))
        .containsExactly("1|1");
    assertThat(rows("strict")).isEmpty();
    land("strict/b.json", "{\"n\": 2}");
    assertThatThrownBy(() -> copy("strict", "strict/b.json", copy)).hasMessageContaining("id");
    land("strict/b.json", "{\"id\": 2, \"n\": 2}");
    assertThat(copy("strict", "strict", copy)).containsExactly("2|2|0");
  }

  @Test
  void filesAreChosenByNameByPatternAndByTheirFolder() throws Exception {
    tarn.sql("CREATE TABLE main.loads.chosen (v STRING)");
    for (String name : List.of("a1", "a2", "b1", "in/a3", "in/deep/a4", "_a5", "a[6]")) {
      land("chosen/" + name + ".txt", name);
    }
    assertThatThrownBy(
            () -> copy("chosen", "chosen", "FILEFORMAT = TEXT FILES = ('a1.txt', 'no.txt')"))
        .hasMessageContaining("no.txt");
    assertThat(chosen("FILES = ('a1.txt', 'in/a3.txt', 'a[6].txt')"))
        .containsExactly("a1", "a[6]", "in/a3");
    assertThat(chosen("PATTERN = 'a*.txt'")).containsExactly("a2");
    assertThat(chosen("PATTERN = 'in/{deep,x}/*'")).containsExactly("in/deep/a4");
    assertThat(chosen("FORMAT_OPTIONS ('pathGlobFilter' = 'a*')")).isEmpty();
    assertThat(chosen("FORMAT_OPTIONS ('recursiveFileLookup' = 'true')")).containsExactly("b1");
    for (String out : List.of("../*", "in/../../x", "{..,in}/*")) {
      assertThatThrownBy(() -> chosen("PATTERN = '" + out + "'")).isInstanceOf(TarnException.class);
      assertThatThrownBy(() -> chosen("FILES = ('" + out + "')")).isInstanceOf(TarnException.class);
    }
  }

  /** Loads, and says what came in. */
  private static List<String> chosen(String rest) {
    List<String> before = rows("chosen");
    tarn.sql(
        "COPY INTO main.loads.chosen FROM (SELECT value AS v FROM '/Volumes/main/loads/landing/chosen')"
            + " FILEFORMAT = TEXT "
            + rest);
    List<String> after = new ArrayList<>(rows("chosen"));
    before.forEach(after::remove);
    return after;
  }

  @Test
  void noFileCountsAsLoadedThatIsNotRead() throws Exception {
    tarn.sql("CREATE TABLE main.loads.whole (id INT, day INT)");
    land("whole/x.json", "{\"id\": 1, \"day\": 0}");
    land("whole/day=1/a.json", "{\"id\": 2}");
    land("whole/day=2/in/b.json", "{\"id\": 3, \"day\": 9}");
    land("whole/day=2/_c.json", "{\"id\": 4, \"day\": 9}");
    assertThatThrownBy(() -> copy("whole", "whole", "FILEFORMAT = JSON"))
        .hasMessageContaining("x.json")
        .hasMessageContaining("statement of its own");
    assertThatThrownBy(() -> copy("whole", "whole/day=2/_c.json", "FILEFORMAT = JSON"))
        .hasMessageContaining("_c.json");
    assertThat(rows("whole")).isEmpty();
    assertThat(copy("whole", "whole/x.json", "FILEFORMAT = JSON")).containsExactly("1|1|0");
    String deep = "FILEFORMAT = JSON FORMAT_OPTIONS ('recursiveFileLookup' = 'true')";
    assertThat(copy("whole", "whole/day=2", deep)).containsExactly("1|1|0");
    assertThat(rows("whole")).containsExactly("1|0", "3|9");
  }

  @Test
  void columnsAreMatchedByNameAndExpressionsMakeOthers() throws Exception {
    tarn.sql(
        "CREATE TABLE main.loads.named (id INT, name STRING, day DATE, file STRING,"
            + " twice INT GENERATED ALWAYS AS (id * 2))");
    land("named/a.csv", "name;id\nann;1\n'b;o''b';2\n");
    assertThatThrownBy(
            () ->
                copy(
                    "named",
                    "named",
                    "FILEFORMAT = CSV FORMAT_OPTIONS ('header' = 'true', 'sep' = ';', 'quote' = '\\'')"))
        .hasMessageContaining("id");
    assertThat(
            tarn.sql(
                """
                COPY INTO main.loads.named -- a comment
                FROM (SELECT CAST(id AS INT) AS id, upper(name) AS NAME, DATE'2026-01-01' AS day,
                        _metadata.file_name AS file
                      FROM '/Volumes/main/loads/landing/named')
                FILEFORMAT = CSV
                FORMAT_OPTIONS ('header' = 'true', 'sep' = ';', 'quote' = '\\'', 'escape' = '\\'');
                """))
        .containsExactly("2|2|0");
    assertThat(rows("named")).containsExactly("1|ANN|20454|a.csv|2", "2|B;O'B|20454|a.csv|4");
  }

  @Test
  void withoutAHeaderColumnsAreMatchedByPosition() throws Exception {
    tarn.sql(
        "CREATE TABLE main.loads.placed (a INT, b STRING DEFAULT 'none', c DATE) TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')");
    land("placed/a.csv", "1,x,2026-01-02\n");
    land("placed/b.csv", "2026-01-03,7\n");
    assertThat(
            tarn.sql(
                "COPY INTO main.loads.placed BY POSITION FROM '/Volumes/main/loads/landing/placed/a.csv'"
                    + " FILEFORMAT = CSV"))
        .containsExactly("1|1|0");
    assertThat(
            tarn.sql(
                "COPY INTO main.loads.placed (c, a) FROM `/Volumes/main/loads/landing/placed/`"
                    + " FILEFORMAT = CSV"))
        .containsExactly("1|1|0");
    assertThat(rows("placed")).containsExactly("1|x|20455", "7|none|20456");
    land("placed/c.csv", "1\n");
    assertThatThrownBy(
            () ->
                tarn.sql(
                    "COPY INTO main.loads.placed BY POSITION FROM '/Volumes/main/loads/landing/placed/'"
                        + " FILEFORMAT = CSV"))
        .hasMessageContaining("COPY_INTO_COLUMN_ARITY_MISMATCH");
  }

  @Test
  void newColumnsAreTakenInWhereThatIsSaid() throws Exception {
    tarn.sql("CREATE TABLE main.loads.grows");
    land("grows/1.json", "{\"id\": 1, \"in\": {\"a\": 1}}");
    assertThatThrownBy(() -> copy("grows", "grows", "FILEFORMAT = JSON"))
        .hasMessageContaining("COPY_INTO_SCHEMA_MISMATCH_WITH_TARGET_TABLE")
        .hasMessageContaining("mergeSchema");
    String merging = "FILEFORMAT = JSON COPY_OPTIONS ('mergeSchema' = 'true')";
    assertThat(copy("grows", "grows", merging)).containsExactly("1|1|0");
    land("grows/2.json", "{\"in\": {\"b\": 2, \"a\": 3}, \"new\": \"x\", \"id\": 2}");
    assertThat(copy("grows", "grows", merging)).containsExactly("1|1|0");
    assertThat(tarn.sql("SELECT id, in.a, in.b, new FROM main.loads.grows ORDER BY id"))
        .containsExactly("1|1|null|null", "2|3|2|x");
    assertThat(tarn.govern.tables().find(new EntityName("main", "loads", "grows")))
        .get()
        .satisfies(
            t ->
                assertThat(t.columns())
                    .extracting(ColumnInfo::name)
                    .containsExactly("id", "in", "new"));
  }

  @Test
  void whoMayNotReadOrWriteLoadsNothing() throws Exception {
    tarn.sql("CREATE TABLE main.loads.closed (id BIGINT)");
    land("closed/a.json", "{\"id\": 1}");
    String sql =
        "COPY INTO main.loads.closed FROM '/Volumes/main/loads/landing/closed' FILEFORMAT = JSON";
    tarn.sql("GRANT USE CATALOG ON CATALOG main TO loader");
    tarn.sql("GRANT USE SCHEMA ON SCHEMA main.loads TO loader");
    for (String grant :
        List.of(
            "SELECT ON TABLE main.loads.closed",
            "MODIFY ON TABLE main.loads.closed",
            "READ VOLUME ON VOLUME main.loads.landing")) {
      assertThatThrownBy(() -> tarn.sql(LOADER, sql))
          .isInstanceOfSatisfying(
              TarnException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
      tarn.sql("GRANT " + grant + " TO loader");
    }
    assertThatThrownBy(
            () ->
                tarn.sql(
                    LOADER, sql.replace("/Volumes/main/loads/landing/closed", landing + "/closed")))
        .isInstanceOf(TarnException.class);
    tarn.sql("CREATE TABLE main.loads.secret AS SELECT 7L AS id");
    assertThatThrownBy(
            () ->
                tarn.sql(
                    LOADER,
                    "COPY INTO main.loads.closed FROM (SELECT (SELECT max(id) FROM main.loads.secret) AS id"
                        + " FROM '/Volumes/main/loads/landing/closed') FILEFORMAT = JSON"))
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
    tarn.events.clear();
    assertThat(tarn.sql(LOADER, sql)).containsExactly("1|1|0");
    assertThat(tarn.events).extracting(LineageEvent::toString).anyMatch(e -> e.contains("closed"));
  }

  @Test
  void whatCannotBeReadIsNamed() throws Exception {
    tarn.sql("CREATE TABLE main.loads.bad (id BIGINT)");
    land("bad/empty.json", "");
    assertThatThrownBy(() -> copy("bad", "bad", "FILEFORMAT = JSON"))
        .hasMessageContaining("COPY_INTO_SOURCE_SCHEMA_INFERENCE_FAILED")
        .hasMessageContaining("/Volumes/main/loads/landing/bad");
    assertThatThrownBy(
            () ->
                copy(
                    "bad",
                    "bad",
                    "FILEFORMAT = JSON FORMAT_OPTIONS ('ignoreCorruptFiles' = 'true')"))
        .hasMessageContaining("count as loaded");
    assertThatThrownBy(() -> copy("bad", "nowhere", "FILEFORMAT = JSON"))
        .hasMessageContaining("nowhere");
    assertThatThrownBy(() -> copy("bad", "bad", "FILEFORMAT = delta"))
        .hasMessageContaining("delta");
    assertThatThrownBy(
            () ->
                tarn.sql(
                    "COPY INTO main.loads.bad FROM 's3://b/p' WITH (CREDENTIAL (AWS_ACCESS_KEY = 'x'))"
                        + " FILEFORMAT = CSV"))
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.sqlState()).contains("0A000"))
        .hasMessageNotContaining("'x'");
    assertThatThrownBy(() -> tarn.sql("COPY INTO main.loads.bad FROM '/Volumes/x'"))
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.sqlState()).contains("42601"));
    // Both files hold the same columns, in another order.
    tarn.sql("CREATE TABLE main.loads.headed (a STRING, b STRING)");
    land("headed/1.csv", "a,b\n1,2\n");
    land("headed/2.csv", "b,a\n2,1\n");
    assertThatThrownBy(
            () -> copy("headed", "headed", "FILEFORMAT = CSV FORMAT_OPTIONS ('header' = 'true')"))
        .hasMessageContaining("CSV header does not conform")
        .hasMessageContaining(".csv");
  }
}
