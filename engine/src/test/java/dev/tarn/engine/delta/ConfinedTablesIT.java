package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.store.delta.DeltaSnapshots;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tables whose files and logs others write, who would read what only the server may. */
class ConfinedTablesIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();
  private static final String ELSEWHERE = "names a file of another folder";
  private static final String LINK = "symbolic link";
  private static final List<String> EXECUTORS = List.of("native", "spark");

  private static Path secret;

  @BeforeAll
  static void victim() throws IOException {
    TARN.sql("CREATE SCHEMA main.confined");
    TARN.govern
        .externalLocations()
        .create(
            EngineUnderTest.ADMIN,
            "confined",
            TARN.folder.resolve("outside").toString(),
            null,
            false);
    TARN.sql("CREATE TABLE main.confined.victim AS SELECT /*+ COALESCE(1) */ 42L AS n");
    secret = dataFiles(folder("victim")).get(0);
  }

  @AfterAll
  static void drop() {
    TARN.sql("DROP SCHEMA main.confined CASCADE");
    TARN.govern.externalLocations().delete(EngineUnderTest.ADMIN, "confined", true);
  }

  private static Path folder(String table) {
    return Path.of(
        URI.create(
            TARN.govern
                .tables()
                .find(new EntityName("main", "confined", table))
                .orElseThrow()
                .storageLocation()));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<Path> dataFiles(Path folder) throws IOException {
    return list(folder).stream().filter(file -> file.toString().endsWith(".parquet")).toList();
  }

  private static List<String> run(String executor, String sql) {
    Map<String, String> settings = Map.of("tarn.executor", executor, "use_cached_result", "false");
    try (SqlSession session =
        TARN.engine.openSession(
            EngineUnderTest.ADMIN,
            new SessionDefaults(Optional.empty(), Optional.empty(), settings))) {
      return EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
    }
  }

  private static void assertRows(String sql, String... rows) {
    for (String executor : EXECUTORS) {
      assertThat(run(executor, sql)).as(executor).containsExactly(rows);
    }
  }

  private static void assertRefused(String sql, String why) {
    for (String executor : EXECUTORS) {
      assertThatThrownBy(() -> run(executor, sql))
          .as(executor + ": " + sql)
          .isInstanceOf(TarnException.class)
          .hasMessageContaining(why);
    }
  }

  /** An external table with version 0 without rows and row 1 in version 1. */
  private static Path external(String table, String properties) {
    Path folder = TARN.folder.resolve("outside").resolve(table);
    TARN.sql(
        "CREATE TABLE main.confined."
            + table
            + " (n BIGINT) LOCATION '"
            + folder
            + "' TBLPROPERTIES ('a' = 'b'"
            + properties
            + ")");
    TARN.sql("INSERT INTO main.confined." + table + " SELECT /*+ COALESCE(1) */ 1L");
    return folder;
  }

  private static void commit(Path table, long version, String actions) throws IOException {
    Files.writeString(
        table.resolve("_delta_log").resolve("%020d.json".formatted(version)), actions);
  }

  private static String add(String path) throws IOException {
    return "{\"add\":{\"path\":\""
        + path
        + "\",\"partitionValues\":{},\"size\":"
        + Files.size(secret)
        + ",\"modificationTime\":1,\"dataChange\":true}}\n";
  }

  private static String remove(String path) {
    return "{\"remove\":{\"path\":\""
        + path
        + "\",\"deletionTimestamp\":1,\"dataChange\":true,\"extendedFileMetadata\":true,"
        + "\"partitionValues\":{},\"size\":1}}\n";
  }

  @Test
  void filesOfOthersAreNotRead() throws IOException {
    Path table = external("greedy", "");
    String up = "../../storage/" + "tables/" + folder("victim").getFileName() + "/";
    long version = 2;
    for (String path : List.of(secret.toUri().toString(), up + secret.getFileName())) {
      commit(table, version++, add(path));
      assertRefused("SELECT n FROM main.confined.greedy", ELSEWHERE);
      commit(table, version++, remove(path));
      assertRows("SELECT n FROM main.confined.greedy", "1");
    }
    assertRefused("SELECT n FROM main.confined.greedy VERSION AS OF 2", ELSEWHERE);
    assertRefused(
        "CREATE TABLE main.confined.laundered SHALLOW CLONE main.confined.greedy VERSION AS OF 2",
        ELSEWHERE);
    TARN.sql("RESTORE TABLE main.confined.greedy TO VERSION AS OF 2");
    assertRefused("SELECT n FROM main.confined.greedy", ELSEWHERE);
    for (String change :
        List.of(
            "UPDATE main.confined.greedy SET n = n + 1",
            "DELETE FROM main.confined.greedy WHERE n = 42",
            "OPTIMIZE main.confined.greedy")) {
      assertThatThrownBy(() -> run("spark", change))
          .as(change)
          .isInstanceOf(TarnException.class)
          .hasMessageContaining(ELSEWHERE);
    }
    TARN.sql("RESTORE TABLE main.confined.greedy TO VERSION AS OF 1");
    assertRows("SELECT n FROM main.confined.greedy", "1");
  }

  @Test
  void managedTablesAreConfinedToo() throws IOException {
    TARN.sql("CREATE TABLE main.confined.kept AS SELECT 7L AS n");
    commit(folder("kept"), 1, add(secret.toUri().toString()));
    assertRefused("SELECT n FROM main.confined.kept", ELSEWHERE);
  }

  @Test
  void changesAndDeletedRowsOfOthersAreNotRead() throws IOException {
    Path table = external("curious", ", 'delta.enableChangeDataFeed' = 'true'");
    commit(
        table,
        2,
        add(dataFiles(table).get(0).getFileName().toString())
            + "{\"cdc\":{\"path\":\""
            + secret.toUri()
            + "\",\"partitionValues\":{},\"size\":"
            + Files.size(secret)
            + ",\"dataChange\":false}}\n");
    assertThatThrownBy(
            () -> run("spark", "SELECT n FROM table_changes('main.confined.curious', 2, 2)"))
        .hasMessageContaining(ELSEWHERE);
    Path marked = external("marked", ", 'delta.enableDeletionVectors' = 'true'");
    String own = dataFiles(marked).get(0).getFileName().toString();
    commit(
        marked,
        2,
        remove(own)
            + add(own)
                .replace(
                    "}}\n",
                    ",\"deletionVector\":{\"storageType\":\"p\",\"pathOrInlineDv\":\""
                        + secret.toUri()
                        + "\",\"offset\":1,\"sizeInBytes\":34,\"cardinality\":1}}}\n"));
    assertRefused("SELECT n FROM main.confined.marked", ELSEWHERE);
    assertThatThrownBy(() -> run("spark", "DELETE FROM main.confined.marked WHERE n = 1"))
        .hasMessageContaining(ELSEWHERE);
  }

  @Test
  void checkpointsGoOnInTheirOwnFolder() throws IOException {
    String properties = ", 'delta.checkpointPolicy' = 'v2', 'delta.checkpointInterval' = '1'";
    Path robbed = external("robbed", properties);
    Path sidecar;
    try (Stream<Path> sidecars = Files.list(robbed.resolve("_delta_log/_sidecars"))) {
      sidecar = sidecars.findFirst().orElseThrow();
    }
    Path table = external("sidecars", properties);
    assertRows("SELECT n FROM main.confined.sidecars", "1");
    Path log = table.resolve("_delta_log");
    Path first = log.resolve("%020d.json".formatted(0));
    String own =
        Files.readAllLines(first).stream()
            .filter(line -> line.startsWith("{\"metaData\"") || line.startsWith("{\"protocol\""))
            .collect(Collectors.joining("\n", "", "\n"));
    for (Path file : list(log)) {
      String name = file.getFileName().toString();
      if (name.contains("checkpoint") || name.endsWith(".crc") || file.equals(first)) {
        Files.delete(file);
      }
    }
    commit(table, 2, "");
    Path checkpoint = log.resolve("%020d.checkpoint.%s.json".formatted(1, UUID.randomUUID()));
    for (String path :
        List.of(
            "../../../robbed/_delta_log/_sidecars/" + sidecar.getFileName(),
            sidecar.toUri().toString())) {
      Files.writeString(
          checkpoint,
          "{\"checkpointMetadata\":{\"version\":1}}\n"
              + own
              + "{\"sidecar\":{\"path\":\""
              + path
              + "\",\"sizeInBytes\":"
              + Files.size(sidecar)
              + ",\"modificationTime\":1}}\n");
      DeltaLog.clearCache();
      assertThatThrownBy(() -> new DeltaSnapshots(Map.of()).latest(table.toString()))
          .as(path)
          .isInstanceOf(TarnException.class);
      for (String sql :
          List.of(
              "SELECT count(*) FROM main.confined.sidecars",
              "SELECT * FROM main.confined.sidecars VERSION AS OF 1",
              "DESCRIBE DETAIL main.confined.sidecars")) {
        assertThatThrownBy(() -> run("spark", sql))
            .as(sql + ": " + path)
            .isInstanceOf(TarnException.class)
            .hasMessageContaining("goes on in a file of another folder");
      }
    }
  }

  @Test
  void symbolicLinksAreNotFollowed() throws IOException {
    Path table = external("linked", "");
    Path own = dataFiles(table).get(0);
    assertRows("SELECT n FROM main.confined.linked", "1");
    // After a plan was kept, and after Spark has listed the files.
    Files.delete(own);
    Files.createSymbolicLink(own, secret);
    assertRefused("SELECT n FROM main.confined.linked", LINK);
    assertThatThrownBy(() -> run("spark", "VACUUM main.confined.linked"))
        .hasMessageContaining(LINK);

    Path history = external("historian", "");
    Path commit = history.resolve("_delta_log/%020d.json".formatted(2));
    Files.createSymbolicLink(
        commit, folder("victim").resolve("_delta_log/%020d.json".formatted(0)));
    for (String sql :
        List.of(
            "SELECT * FROM main.confined.historian", "DESCRIBE HISTORY main.confined.historian")) {
      assertThatThrownBy(() -> run("spark", sql)).as(sql).isInstanceOf(TarnException.class);
    }
    assertThatThrownBy(() -> run("native", "SELECT * FROM main.confined.historian"))
        .isInstanceOf(TarnException.class);

    Path whole = external("whole", "");
    Files.move(whole, whole.resolveSibling("moved"));
    Files.createSymbolicLink(whole, folder("victim"));
    for (String executor : EXECUTORS) {
      assertThatThrownBy(() -> run(executor, "SELECT * FROM main.confined.whole"))
          .as(executor)
          .isInstanceOf(TarnException.class);
    }
  }

  @Test
  void clonesNameWhatTheyWereClonedOfAndNothingElse() throws IOException {
    TARN.sql("CREATE TABLE main.confined.source AS SELECT /*+ COALESCE(1) */ 5L AS n");
    Path clone = TARN.folder.resolve("outside").resolve("clone");
    TARN.sql(
        "CREATE TABLE main.confined.clone SHALLOW CLONE main.confined.source LOCATION '"
            + clone
            + "'");
    TARN.sql("CREATE TABLE main.confined.again SHALLOW CLONE main.confined.clone");
    assertRows("SELECT n FROM main.confined.clone", "5");
    TARN.sql("INSERT INTO main.confined.clone VALUES (6)");
    TARN.sql("DROP TABLE main.confined.clone");
    TARN.sql("UNDROP TABLE main.confined.clone");
    assertRows("SELECT n FROM main.confined.clone ORDER BY n", "5", "6");
    assertRows("SELECT n FROM main.confined.again", "5");
    // What came into the source later is not the clone's.
    TARN.sql("INSERT OVERWRITE main.confined.source SELECT /*+ COALESCE(1) */ 99L");
    List<Path> files = dataFiles(folder("source"));
    assertThat(files).hasSize(2);
    int refused = 0;
    long version = 2;
    for (Path file : files) {
      commit(clone, version++, add(file.toUri().toString()));
      for (String executor : EXECUTORS) {
        try {
          run(executor, "SELECT n FROM main.confined.clone");
        } catch (TarnException e) {
          assertThat(e).hasMessageContaining(ELSEWHERE);
          refused++;
        }
      }
      commit(clone, version++, remove(file.toUri().toString()));
    }
    assertThat(refused).as("one of the files, by both executors").isEqualTo(2);
    TARN.sql("CREATE OR REPLACE TABLE main.confined.empty AS SELECT 0L AS n WHERE false");
    TARN.sql("CREATE OR REPLACE TABLE main.confined.empty SHALLOW CLONE main.confined.source");
    assertRows("SELECT n FROM main.confined.empty", "99");
  }

  @Test
  void vacuumDeletesNothingOfOthers() throws IOException {
    Path table =
        external("vacuumed", ", 'delta.deletedFileRetentionDuration' = 'interval 0 hours'");
    commit(table, 2, remove(table.relativize(secret).toString()));
    for (String vacuum :
        List.of(
            "VACUUM main.confined.vacuumed LITE",
            "VACUUM main.confined.vacuumed USING INVENTORY (SELECT 'x' AS path, 1L AS length, false"
                + " AS isDir, 1L AS modificationTime)")) {
      assertThatThrownBy(() -> run("spark", vacuum))
          .isInstanceOf(TarnException.class)
          .hasMessageContaining("not available");
    }
    run("spark", "VACUUM main.confined.vacuumed");
    assertThat(secret).exists();
  }
}
