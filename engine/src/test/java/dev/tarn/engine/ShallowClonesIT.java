package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.sql.SqlSession;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ShallowClonesIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();

  @BeforeAll
  static void schema() {
    TARN.sql("CREATE SCHEMA main.clones");
  }

  @AfterAll
  static void drop() {
    TARN.sql("DROP SCHEMA main.clones CASCADE");
  }

  private static Optional<TableInfo> info(String table) {
    return TARN.govern.tables().find(new EntityName("main", "clones", table));
  }

  private static List<String> run(String executor, String sql) {
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN, executor)) {
      return EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
    }
  }

  private static void assertRows(String table, String... rows) {
    String sql = "SELECT * FROM main.clones." + table + " ORDER BY ALL";
    assertThat(run("native", sql)).as("native").containsExactly(rows);
    assertThat(run("spark", sql)).as("Spark").containsExactly(rows);
  }

  @Test
  void aCloneAndItsSourceGoTheirOwnWays() throws IOException {
    TARN.sql(
        "CREATE TABLE main.clones.source (v INT COMMENT 'value', p STRING) PARTITIONED BY (p)"
            + " COMMENT 'the source' TBLPROPERTIES ('delta.enableDeletionVectors' = 'true', 'a' ="
            + " 'b')");
    TARN.sql(
        "INSERT INTO main.clones.source SELECT /*+ COALESCE(1) */ * FROM VALUES (1, 'a b'), (2,"
            + " '50%'), (3, NULL), (4, 'a b'), (5, 'a b')");
    TARN.sql("DELETE FROM main.clones.source WHERE v = 4");
    List<String> made =
        TARN.sql(
            "CREATE TABLE main.clones.copy SHALLOW CLONE main.clones.source TBLPROPERTIES ('c' ="
                + " 'd')");
    assertThat(made).hasSize(1);
    assertThat(made.get(0)).matches("\\d+\\|3\\|0\\|0\\|0\\|0");
    assertThat(info("copy"))
        .get()
        .satisfies(
            t -> {
              assertThat(t.tableType()).isEqualTo(TableType.MANAGED);
              assertThat(t.columns()).extracting(ColumnInfo::name).containsExactly("v", "p");
              assertThat(t.columns().get(0).comment()).isEqualTo("value");
              assertThat(t.tableId()).isNotEqualTo(info("source").orElseThrow().tableId());
              assertThat(Path.of(t.storageLocation().substring("file://".length())))
                  .isDirectoryNotContaining(file -> !file.endsWith("_delta_log"));
            });
    assertThat(TARN.sql("SHOW TBLPROPERTIES main.clones.copy")).contains("a|b", "c|d");
    assertRows("copy", "1|a b", "2|50%", "3|null", "5|a b");

    TARN.sql("UPDATE main.clones.source SET v = 20 WHERE v = 2");
    TARN.sql("DELETE FROM main.clones.source WHERE v = 5");
    TARN.sql("INSERT OVERWRITE main.clones.source VALUES (9, 'z')");
    assertRows("source", "9|z");
    assertRows("copy", "1|a b", "2|50%", "3|null", "5|a b");

    TARN.sql("DELETE FROM main.clones.copy WHERE v = 1");
    TARN.sql("INSERT INTO main.clones.copy VALUES (7, 'own')");
    TARN.sql("UPDATE main.clones.copy SET v = 30 WHERE v = 3");
    assertRows("copy", "2|50%", "5|a b", "7|own", "30|null");
    assertRows("source", "9|z");

    TARN.sql("CREATE TABLE main.clones.twice SHALLOW CLONE main.clones.copy");
    TARN.sql("OPTIMIZE main.clones.copy");
    TARN.sql("ALTER TABLE main.clones.copy ADD COLUMN w INT");
    assertRows("twice", "2|50%", "5|a b", "7|own", "30|null");

    TARN.sql("VACUUM main.clones.copy");
    assertThat(TARN.sql("SELECT count(*) FROM main.clones.source VERSION AS OF 2"))
        .containsExactly("4");
  }

  @Test
  void aCloneIsOfTheVersionThatIsMeant() {
    TARN.sql(
        "CREATE TABLE main.clones.versions TBLPROPERTIES ('delta.enableInCommitTimestamps' ="
            + " 'true') AS SELECT 1 AS v");
    TARN.sql("INSERT INTO main.clones.versions VALUES (2)");
    Instant second = Instant.now();
    LocalDateTime atFive = LocalDateTime.ofInstant(second, ZoneOffset.ofHours(5));
    TARN.sql("UPDATE main.clones.versions SET v = 10 WHERE v = 1");
    TARN.sql("CREATE TABLE main.clones.at0 SHALLOW CLONE main.clones.versions VERSION AS OF 0");
    assertRows("at0", "1");
    TARN.sql(
        "CREATE TABLE main.clones.at1 SHALLOW CLONE main.clones.versions TIMESTAMP AS OF '"
            + second
            + "'");
    assertRows("at1", "1", "2");
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN)) {
      for (String sql :
          List.of(
              "USE main.clones",
              "SET TIME ZONE 'Asia/Karachi'",
              "CREATE TABLE at2 SHALLOW CLONE versions TIMESTAMP AS OF '" + atFive + "'")) {
        EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
      }
      for (String executor : List.of("native", "spark")) {
        session.execute(UUID.randomUUID().toString(), "SET tarn.executor = " + executor, List.of());
        assertThat(
                EngineUnderTest.rows(
                    session.execute(
                        UUID.randomUUID().toString(),
                        "SELECT count(*), sum(v) FROM versions TIMESTAMP AS OF '" + atFive + "'",
                        List.of())))
            .as(executor)
            .containsExactly("2|3");
      }
    }
    assertRows("at2", "1", "2");
    assertThatThrownBy(
            () ->
                TARN.sql(
                    "CREATE TABLE main.clones.at9 SHALLOW CLONE main.clones.versions VERSION AS OF"
                        + " 9"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("9");
    assertThat(info("at9")).isEmpty();
  }

  @Test
  void columnsKeepTheirNamesInTheFiles() {
    TARN.sql(
        "CREATE TABLE main.clones.mapped (a INT, b STRING, gone INT) PARTITIONED BY (b)"
            + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
    TARN.sql("INSERT INTO main.clones.mapped VALUES (1, 'x', 1)");
    TARN.sql("ALTER TABLE main.clones.mapped RENAME COLUMN a TO b2");
    TARN.sql("ALTER TABLE main.clones.mapped DROP COLUMN gone");
    TARN.sql("CREATE TABLE main.clones.mapped_clone SHALLOW CLONE main.clones.mapped");
    TARN.sql("ALTER TABLE main.clones.mapped_clone RENAME COLUMN b2 TO a");
    TARN.sql("INSERT INTO main.clones.mapped_clone VALUES (2, 'y')");
    assertRows("mapped_clone", "1|x", "2|y");
    assertRows("mapped", "1|x");
  }

  @Test
  void theGrantsOnTheCloneDecideWhoReadsIt() {
    Principal maker = Principal.user("maker");
    Principal reader = Principal.user("cloned-reader");
    TARN.sql("CREATE TABLE main.clones.secret AS SELECT 42 AS answer");
    for (Principal each : List.of(maker, reader)) {
      TARN.sql("GRANT USE CATALOG ON CATALOG main TO `" + each.name() + "`");
      TARN.sql("GRANT USE SCHEMA ON SCHEMA main.clones TO `" + each.name() + "`");
    }
    String clone = "CREATE TABLE main.clones.public SHALLOW CLONE main.clones.secret";
    TARN.sql("GRANT CREATE TABLE ON SCHEMA main.clones TO maker");
    for (String sql :
        List.of(
            clone,
            clone + " VERSION AS OF 0",
            "CREATE OR REPLACE TABLE main.clones.public SHALLOW CLONE main.clones.secret")) {
      assertDenied(maker, sql, "SELECT");
    }
    TARN.sql("GRANT SELECT ON TABLE main.clones.secret TO maker");
    assertDenied(
        maker, clone + " LOCATION '" + TARN.folder.resolve("mine") + "'", "CREATE EXTERNAL TABLE");
    TARN.sql("REVOKE CREATE TABLE ON SCHEMA main.clones FROM maker");
    assertDenied(maker, clone, "CREATE TABLE");
    assertThat(info("public")).isEmpty();
    TARN.sql("GRANT CREATE TABLE ON SCHEMA main.clones TO maker");
    TARN.sql(maker, clone);
    assertThat(info("public").orElseThrow().owner()).isEqualTo("maker");
    assertThat(TARN.sql(maker, "SELECT * FROM main.clones.public")).containsExactly("42");

    assertDenied(reader, "SELECT * FROM main.clones.public", "SELECT");
    TARN.sql(maker, "GRANT SELECT ON TABLE main.clones.public TO `cloned-reader`");
    assertThat(TARN.sql(reader, "SELECT * FROM main.clones.public")).containsExactly("42");
    assertDenied(reader, "SELECT * FROM main.clones.secret", "SELECT");
    TARN.sql("REVOKE SELECT ON TABLE main.clones.secret FROM maker");
    assertThat(TARN.sql(maker, "SELECT * FROM main.clones.public")).containsExactly("42");
    assertDenied(
        maker, "CREATE OR REPLACE TABLE main.clones.public SHALLOW CLONE main.clones.secret", "");
  }

  private static void assertDenied(Principal who, String sql, String message) {
    assertThatThrownBy(() -> TARN.sql(who, sql))
        .as(sql)
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED))
        .hasMessageContaining(message);
  }

  @Test
  void aCloneTakesNoTablesPlaceUnasked() {
    TARN.sql("CREATE TABLE main.clones.from AS SELECT 1 AS v");
    TARN.sql("CREATE TABLE main.clones.there (v INT, w INT)");
    String location = info("there").orElseThrow().storageLocation();
    String clone = " main.clones.there SHALLOW CLONE main.clones.from";
    assertThatThrownBy(() -> TARN.sql("CREATE TABLE" + clone))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("ALREADY_EXISTS");
    assertThat(TARN.sql("CREATE TABLE IF NOT EXISTS" + clone)).isEmpty();
    assertRows("there");
    assertThat(TARN.sql("CREATE OR REPLACE TABLE" + clone)).hasSize(1);
    assertRows("there", "1");
    assertThat(info("there").orElseThrow().storageLocation()).isEqualTo(location);
    assertThat(info("there").orElseThrow().columns())
        .extracting(ColumnInfo::name)
        .containsExactly("v");
    assertThatThrownBy(() -> TARN.sql("CREATE OR REPLACE TABLE" + clone))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("DELTA_UNSUPPORTED_NON_EMPTY_CLONE");
    assertRows("there", "1");
    assertThatThrownBy(
            () -> TARN.sql("REPLACE TABLE main.clones.none SHALLOW CLONE main.clones.from"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("main.clones.none".substring(5));
  }

  @Test
  void whatIsKnownOfACloneDoesNotGrowByMakingItAgain() {
    TARN.sql("CREATE TABLE main.clones.again_source AS SELECT 1 AS v");
    for (int i = 0; i < 3; i++) {
      TARN.sql("CREATE OR REPLACE TABLE main.clones.again SHALLOW CLONE main.clones.again_source");
      assertRows("again", "1");
      TARN.sql("DELETE FROM main.clones.again");
      if (i == 1) {
        TARN.sql("INSERT OVERWRITE main.clones.again_source SELECT 1");
      }
    }
    assertThat(TARN.sql("SELECT v FROM main.clones.again VERSION AS OF 0")).containsExactly("1");
    assertThat(
            TARN.govern.facades().clones().at(info("again").orElseThrow().storageLocation()).size())
        .as("files of two versions of the source")
        .isEqualTo(2);
  }

  @Test
  void whatCannotBeClonedSaysSo() throws IOException {
    TARN.sql("CREATE TABLE main.clones.whole AS SELECT 1 AS v");
    for (String deep : List.of("CLONE", "DEEP CLONE")) {
      for (String create :
          List.of(
              "CREATE TABLE main.clones.deep ",
              "CREATE OR REPLACE TABLE `main` . clones.deep ".replace(" . ", "."),
              "CREATE TABLE IF NOT EXISTS main.clones.deep\n")) {
        assertThatThrownBy(() -> TARN.sql(create + deep + " main.clones.whole"))
            .isInstanceOf(TarnException.class)
            .hasMessageContaining("SHALLOW CLONE");
      }
    }
    long before = folders();
    for (String source :
        List.of(
            "main.information_schema.tables",
            "system.information_schema.tables",
            "main.clones.missing",
            "delta.`" + info("whole").orElseThrow().storageLocation() + "`",
            "parquet.`/tmp`")) {
      assertThatThrownBy(() -> TARN.sql("CREATE TABLE main.clones.never SHALLOW CLONE " + source))
          .as(source)
          .isInstanceOf(TarnException.class);
    }
    for (String target : List.of("system.information_schema.x", "delta.`/tmp/x`", "a.b.c.d")) {
      assertThatThrownBy(
              () -> TARN.sql("CREATE TABLE " + target + " SHALLOW CLONE main.clones.whole"))
          .as(target)
          .isInstanceOf(TarnException.class);
    }
    assertThat(info("never")).isEmpty();
    assertThat(folders()).as("folders of tables").isEqualTo(before);
  }

  private static long folders() throws IOException {
    try (var folders = Files.list(TARN.folder.resolve("storage/tables"))) {
      return folders.count();
    }
  }
}
