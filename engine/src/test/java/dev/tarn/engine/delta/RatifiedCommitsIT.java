package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.commits.CommitRequest;
import dev.tarn.govern.commits.Commits;
import dev.tarn.govern.commits.ManagedLog;
import dev.tarn.govern.commits.RatifiedCommit;
import dev.tarn.govern.commits.StagingTable;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tables whose commits the catalog ratifies, read and written by both executors in here. */
class RatifiedCommitsIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();
  private static final SchemaName SCHEMA = new SchemaName("main", "ratified");
  private static final Commits COMMITS = TARN.govern.commits();

  @BeforeAll
  static void schema() {
    TARN.sql("CREATE SCHEMA main.ratified");
    TARN.govern.metastore().update(EngineUnderTest.ADMIN, Optional.empty(), Optional.of(true));
    TARN.govern
        .grants()
        .grant(
            EngineUnderTest.ADMIN,
            Securable.schema(SCHEMA),
            "admin",
            Set.of(Privilege.EXTERNAL_USE_SCHEMA));
  }

  @AfterAll
  static void drop() {
    TARN.govern.metastore().update(EngineUnderTest.ADMIN, Optional.empty(), Optional.of(false));
    TARN.sql("DROP SCHEMA main.ratified CASCADE");
  }

  /** As a writer outside would make it: {@code (n BIGINT)}. */
  private record Made(String id, String name, Path folder) {
    Path log() {
      return folder.resolve("_delta_log");
    }
  }

  private static Made table(String name) throws IOException {
    return table(name, "appendOnly", "delta.appendOnly", "false");
  }

  private static Made tableWithChanges(String name) throws IOException {
    return table(name, "changeDataFeed", "delta.enableChangeDataFeed", "true");
  }

  private static Made table(String name, String feature, String property, String value)
      throws IOException {
    EntityName entity = SCHEMA.child(name);
    StagingTable staged = COMMITS.stage(EngineUnderTest.ADMIN, entity);
    Path folder = Path.of(URI.create(staged.location()));
    Made made = new Made(staged.tableId(), entity.fullName(), folder);
    Files.createDirectories(made.log().resolve("_staged_commits"));
    String properties =
        "\"delta.enableInCommitTimestamps\":\"true\",\"io.unitycatalog.tableId\":\""
            + staged.tableId()
            + "\",\""
            + property
            + "\":\""
            + value
            + "\"";
    Files.writeString(
        made.log().resolve("00000000000000000000.json"),
        commitInfo(1)
            + "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":"
            + "[\"catalogManaged\",\"vacuumProtocolCheck\"],\"writerFeatures\":[\"catalogManaged\","
            + "\"inCommitTimestamp\",\"vacuumProtocolCheck\",\""
            + feature
            + "\",\"invariants\"]}}\n"
            + "{\"metaData\":{\"id\":\""
            + UUID.randomUUID()
            + "\",\"format\":{\"provider\":\"parquet\",\"options\":{}},\"schemaString\":"
            + "\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[{\\\"name\\\":\\\"n\\\",\\\"type\\\":"
            + "\\\"long\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}}]}\",\"partitionColumns\":[],"
            + "\"configuration\":{"
            + properties
            + "},\"createdTime\":1}}\n");
    COMMITS.create(
        EngineUnderTest.ADMIN,
        new NewTable(
            entity,
            TableType.MANAGED,
            "DELTA",
            staged.location(),
            null,
            List.of(new ColumnInfo("n", "bigint", "\"long\"", 0, true, null)),
            Map.of(Commits.FEATURE, "supported", Commits.TABLE_ID, staged.tableId()),
            null),
        TARN.store.stagedLogs());
    return made;
  }

  private static String commitInfo(long time) {
    return "{\"commitInfo\":{\"inCommitTimestamp\":"
        + time
        + ",\"timestamp\":"
        + time
        + ",\"operation\":\"WRITE\",\"operationParameters\":{},\"txnId\":\""
        + UUID.randomUUID()
        + "\"}}\n";
  }

  private static String add(String path, long size) {
    return "{\"add\":{\"path\":\""
        + path
        + "\",\"partitionValues\":{},\"size\":"
        + size
        + ",\"modificationTime\":1,\"dataChange\":true}}\n";
  }

  /** A commit as a writer outside stages it. */
  private static RatifiedCommit staged(Made table, long version, String actions)
      throws IOException {
    String name = String.format("%020d.%s.json", version, UUID.randomUUID());
    long time = System.currentTimeMillis();
    Path file = table.log().resolve("_staged_commits").resolve(name);
    Files.writeString(file, commitInfo(time) + actions);
    return new RatifiedCommit(version, time, name, Files.size(file), time);
  }

  private static void ratify(Made table, RatifiedCommit commit) {
    COMMITS.commit(
        EngineUnderTest.ADMIN,
        table.id(),
        new CommitRequest(
            null, Optional.of(commit), Optional.empty(), Optional.empty(), Optional.empty()),
        (info, staged) -> {});
  }

  /** A data file of {@code n} values, in the table's folder. */
  private static String file(Made table, String name, String values) throws IOException {
    TARN.sql("CREATE OR REPLACE TABLE main.ratified.donor AS SELECT " + values + " AS n");
    Path donor =
        Path.of(
            URI.create(
                TARN.govern.tables().find(SCHEMA.child("donor")).orElseThrow().storageLocation()));
    try (Stream<Path> files = Files.list(donor)) {
      Path newest =
          files
              .filter(each -> each.toString().endsWith(".parquet"))
              .max((a, b) -> Long.compare(a.toFile().lastModified(), b.toFile().lastModified()))
              .orElseThrow();
      Path copy = table.folder().resolve(name);
      Files.copy(newest, copy, StandardCopyOption.REPLACE_EXISTING);
      return add(name, Files.size(copy));
    }
  }

  private static List<String> run(String executor, String sql) {
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN, executor)) {
      return EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
    }
  }

  private static void assertRows(Made table, String... rows) {
    for (String executor : List.of("native", "spark")) {
      assertThat(run(executor, "SELECT n FROM " + table.name() + " ORDER BY n"))
          .as(executor)
          .containsExactly(rows);
    }
  }

  private static List<String> changes(Made table, String versions) {
    return run("spark", "SELECT n FROM table_changes('" + table.name() + "', " + versions + ")");
  }

  private static ManagedLog log(Made table) {
    return COMMITS.logOwn(table.id(), null, 0, Optional.empty());
  }

  @Test
  void commitsAreVisibleOnceTheyAreRatifiedAndNotBefore() throws IOException {
    Made table = table("outside");
    assertRows(table);
    RatifiedCommit one = staged(table, 1, file(table, "one.parquet", "1L"));
    assertRows(table);
    ratify(table, one);
    assertRows(table, "1");
    RatifiedCommit lost = staged(table, 2, file(table, "lost.parquet", "99L"));
    ratify(table, staged(table, 2, file(table, "two.parquet", "2L")));
    assertThatThrownBy(() -> ratify(table, lost)).hasMessageContaining("another writer");
    assertRows(table, "1", "2");
    // A commit in the log itself that nobody ratified.
    Files.writeString(
        table.log().resolve("00000000000000000003.json"),
        commitInfo(System.currentTimeMillis()) + file(table, "rogue.parquet", "98L"));
    assertThat(run("native", "SELECT n FROM " + table.name() + " ORDER BY n"))
        .containsExactly("1", "2");
    Files.delete(table.log().resolve("00000000000000000003.json"));
    assertThat(run("native", "SELECT n FROM " + table.name() + " VERSION AS OF 1"))
        .containsExactly("1");
    assertThat(run("spark", "SELECT n FROM " + table.name() + " VERSION AS OF 1"))
        .containsExactly("1");
  }

  @Test
  void statementsCommitThroughTheCatalogToo() throws IOException {
    Made table = table("inside");
    ratify(table, staged(table, 1, file(table, "one.parquet", "1L")));
    TARN.sql("INSERT INTO " + table.name() + " VALUES (2), (3)");
    assertThat(log(table).latestVersion()).isEqualTo(2);
    assertRows(table, "1", "2", "3");
    TARN.sql("UPDATE " + table.name() + " SET n = n + 10 WHERE n = 2");
    TARN.sql("DELETE FROM " + table.name() + " WHERE n = 3");
    TARN.sql(
        "MERGE INTO "
            + table.name()
            + " t USING (SELECT 7L AS n) s ON t.n = s.n WHEN NOT MATCHED THEN INSERT *");
    assertThat(log(table).latestVersion()).isEqualTo(5);
    assertRows(table, "1", "7", "12");
    // And writers outside go on from there.
    ratify(table, staged(table, 6, file(table, "six.parquet", "6L")));
    assertRows(table, "1", "6", "7", "12");
    assertThat(run("spark", "DESCRIBE HISTORY " + table.name())).hasSize(7);
  }

  @Test
  void theyAreAlteredRenamedAndDroppedAsOthersAre() throws IOException {
    Made table = table("kept");
    TARN.sql("INSERT INTO " + table.name() + " VALUES (1)");
    TARN.sql("INSERT INTO " + table.name() + " VALUES (2)");
    for (String maintenance : List.of("OPTIMIZE ", "VACUUM ")) {
      assertThatThrownBy(() -> TARN.sql(maintenance + table.name()))
          .hasMessageContaining("blocked by the catalog for Catalog-Managed tables");
    }
    TARN.sql("ALTER TABLE " + table.name() + " ADD COLUMN m STRING");
    TARN.sql("INSERT INTO " + table.name() + " VALUES (3, 'three')");
    TARN.sql("ALTER TABLE " + table.name() + " RENAME TO main.ratified.renamed");
    Made renamed = new Made(table.id(), "main.ratified.renamed", table.folder());
    TARN.sql("INSERT INTO " + renamed.name() + " VALUES (4, 'four')");
    for (String executor : List.of("native", "spark")) {
      assertThat(run(executor, "SELECT n, m FROM " + renamed.name() + " ORDER BY n"))
          .containsExactly("1|null", "2|null", "3|three", "4|four");
    }
    long latest = log(renamed).latestVersion();
    TARN.sql("DROP TABLE " + renamed.name());
    TARN.sql("UNDROP TABLE " + renamed.name());
    TARN.sql("INSERT INTO " + renamed.name() + " VALUES (5, 'five')");
    assertThat(log(renamed).latestVersion()).isEqualTo(latest + 1);
    assertRows(renamed, "1", "2", "3", "4", "5");
  }

  @Test
  void logsThatNameFilesOfOthersAreRefused() throws IOException {
    Made table = table("greedy");
    Made victim = table("victim");
    file(victim, "secret.parquet", "42L");
    Path secret = victim.folder().resolve("secret.parquet");
    ratify(table, staged(table, 1, add(secret.toUri().toString(), Files.size(secret))));
    for (String executor : List.of("native", "spark")) {
      assertThatThrownBy(() -> run(executor, "SELECT n FROM " + table.name()))
          .as(executor)
          .isInstanceOf(TarnException.class)
          .hasMessageContaining("names a file of another folder");
    }
    Made other = table("upward");
    String up = "../" + victim.folder().getFileName() + "/secret.parquet";
    ratify(other, staged(other, 1, add(up, Files.size(secret))));
    for (String executor : List.of("native", "spark")) {
      assertThatThrownBy(() -> run(executor, "SELECT n FROM " + other.name()))
          .as(executor)
          .hasMessageContaining("names a file of another folder");
    }
  }

  /** Which only looking at what is read finds: the latest version is in order. */
  @Test
  void versionsAndChangesThatNameFilesOfOthersAreRefused() throws IOException {
    Made victim = table("robbed");
    file(victim, "secret.parquet", "42L");
    Path secret = victim.folder().resolve("secret.parquet");
    String foreign = secret.toUri().toString();
    Made table = tableWithChanges("past");
    ratify(table, staged(table, 1, add(foreign, Files.size(secret))));
    ratify(
        table,
        staged(
            table,
            2,
            "{\"remove\":{\"path\":\""
                + foreign
                + "\",\"deletionTimestamp\":1,\"dataChange\":true,\"extendedFileMetadata\":true,"
                + "\"partitionValues\":{},\"size\":"
                + Files.size(secret)
                + "}}\n"));
    for (String executor : List.of("native", "spark")) {
      assertThat(run(executor, "SELECT n FROM " + table.name())).as(executor).isEmpty();
      for (String past :
          List.of(
              " VERSION AS OF 1",
              " TIMESTAMP AS OF '"
                  + Instant.ofEpochMilli(log(table).commits().get(0).timestamp())
                  + "'")) {
        assertThatThrownBy(() -> run(executor, "SELECT n FROM " + table.name() + past))
            .as(executor + past)
            .isInstanceOf(TarnException.class)
            .hasMessageContaining("names a file of another folder");
      }
    }
    for (String changes : List.of("1, 1", "2, 2")) {
      assertThatThrownBy(() -> changes(table, changes))
          .as(changes)
          .isInstanceOf(TarnException.class)
          .hasMessageContaining("names a file of another folder");
    }
  }

  @Test
  void changesOfOthersAndTheirDeletedRowsAreRefused() throws IOException {
    Made victim = table("watched");
    file(victim, "secret.parquet", "42L");
    Path secret = victim.folder().resolve("secret.parquet");
    Made table = tableWithChanges("curious");
    ratify(
        table,
        staged(
            table,
            1,
            file(table, "one.parquet", "1L")
                + "{\"cdc\":{\"path\":\""
                + secret.toUri()
                + "\",\"partitionValues\":{},\"size\":"
                + Files.size(secret)
                + ",\"dataChange\":false}}\n"));
    assertRows(table, "1");
    assertThatThrownBy(() -> changes(table, "1, 1"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("names a file of another folder");
    ratify(table, staged(table, 2, file(table, "two.parquet", "2L")));
    assertThat(changes(table, "2, 2")).containsExactly("2");
    Made other = table("marked");
    String marked = file(other, "one.parquet", "1L");
    ratify(
        other,
        staged(
            other,
            1,
            marked.replace(
                "}}\n",
                ",\"deletionVector\":{\"storageType\":\"p\",\"pathOrInlineDv\":\""
                    + secret.toUri()
                    + "\",\"offset\":1,\"sizeInBytes\":34,\"cardinality\":1}}}\n")));
    for (String executor : List.of("native", "spark")) {
      assertThatThrownBy(() -> run(executor, "SELECT n FROM " + other.name()))
          .as(executor)
          .hasMessageContaining("names a file of another folder");
    }
  }

  @Test
  void shallowClonesAreOfFilesOfOthers() {
    TARN.sql("CREATE TABLE main.ratified.original AS SELECT 5L AS n");
    TARN.sql("CREATE TABLE main.ratified.copy SHALLOW CLONE main.ratified.original");
    for (String executor : List.of("native", "spark")) {
      assertThat(run(executor, "SELECT n FROM main.ratified.copy")).containsExactly("5");
    }
  }

  @Test
  void logsThatSayTheyAreOfAnotherTableCommitNothingToIt() throws IOException {
    Made victim = table("target");
    Made table = table("liar");
    Path first = table.log().resolve("00000000000000000000.json");
    Files.writeString(first, Files.readString(first).replace(table.id(), victim.id()));
    assertThatThrownBy(() -> TARN.sql("INSERT INTO " + table.name() + " VALUES (1)"))
        .hasMessageContaining("does not lie at");
    assertThat(log(victim).latestVersion()).isZero();
    assertRows(victim);
  }

  @Test
  void statementsDoNotMakeReplaceOrTurnTablesIntoSuch() throws IOException {
    assertThatThrownBy(
            () ->
                TARN.sql(
                    "CREATE TABLE main.ratified.own (n BIGINT) TBLPROPERTIES"
                        + " ('delta.feature.catalogManaged' = 'supported')"))
        .hasMessageContaining("cannot be made with property");
    Made table = table("replaced");
    assertThatThrownBy(
            () -> TARN.sql("CREATE OR REPLACE TABLE " + table.name() + " AS SELECT 1 AS n"))
        .hasMessageContaining("cannot be replaced");
    TARN.sql("CREATE TABLE main.ratified.plain (n BIGINT)");
    assertThatThrownBy(
            () ->
                TARN.sql(
                    "ALTER TABLE main.ratified.plain SET TBLPROPERTIES"
                        + " ('delta.feature.catalogManaged' = 'supported')"))
        .isInstanceOf(TarnException.class);
    TARN.sql("INSERT INTO main.ratified.plain VALUES (1)");
    assertThat(TARN.sql("SELECT n FROM main.ratified.plain")).containsExactly("1");
  }
}
