package dev.tarn.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns whose place in the files is another than their name says, or is not in the files. */
class DeltaColumnsIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();
  private static NativeAndSpark both;

  @BeforeAll
  static void open() {
    TARN.sql("CREATE SCHEMA main.placed");
    both = new NativeAndSpark(DeltaColumnsIT::session);
  }

  private static SqlSession session(Map<String, String> settings) {
    return TARN.engine.openSession(
        EngineUnderTest.ADMIN,
        new SessionDefaults(Optional.of("main"), Optional.of("placed"), settings));
  }

  @AfterAll
  static void close() {
    both.close();
    TARN.sql("DROP SCHEMA main.placed CASCADE");
  }

  private static void run(String... statements) {
    try (SqlSession session = session(Map.of())) {
      for (String sql : statements) {
        EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
      }
    }
  }

  private static void assertSameNatively(String... queries) {
    for (String sql : queries) {
      assertThat(both.compare(sql)).as(sql).isEmpty();
      assertThat(both.refusal()).as(sql).isEmpty();
    }
  }

  private static void assertSameThroughSpark(String sql, String refusal) {
    assertThat(both.compare(sql)).as(sql).isEmpty();
    assertThat(both.refusal()).as(sql).get().asString().contains(refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "id"})
  void columnsAreRenamedDroppedAndAddedAgain(String mode) {
    String t = "by_" + mode;
    run(
        "CREATE TABLE "
            + t
            + " (a INT, b STRING NOT NULL, c DOUBLE, `d e` DATE, p STRING) PARTITIONED BY (p)"
            + " TBLPROPERTIES ('delta.columnMapping.mode' = '"
            + mode
            + "', 'delta.enableDeletionVectors' = 'true', 'delta.enableTypeWidening' = 'true')",
        "INSERT INTO "
            + t
            + " VALUES (1, 'one', 1.5, DATE '2024-02-29', 'x'), (2, 'two', NULL, NULL, NULL),"
            + " (NULL, '', double('NaN'), DATE '0001-01-01', 'y')",
        "ALTER TABLE " + t + " RENAME COLUMN a TO first",
        "ALTER TABLE " + t + " RENAME COLUMN `d e` TO a",
        "ALTER TABLE " + t + " RENAME COLUMN p TO `P.q`",
        "ALTER TABLE " + t + " DROP COLUMN c",
        "INSERT INTO " + t + " VALUES (3, 'three', DATE '2024-03-01', 'x')",
        "ALTER TABLE " + t + " ADD COLUMN c STRING AFTER first",
        "ALTER TABLE " + t + " ADD COLUMN B2 DECIMAL(10,2)",
        "INSERT INTO " + t + " VALUES (4, 'again', 'four', DATE '2024-03-02', 'z', 4.25)",
        "ALTER TABLE " + t + " ALTER COLUMN first TYPE BIGINT",
        "ALTER TABLE " + t + " ALTER COLUMN b DROP NOT NULL",
        "INSERT INTO " + t + " VALUES (5000000000, NULL, NULL, NULL, 'x', NULL)",
        "DELETE FROM " + t + " WHERE b = 'two'");
    assertSameNatively(
        "SELECT * FROM " + t + " ORDER BY ALL",
        "SELECT a, first FROM " + t + " WHERE first > 1 ORDER BY 2",
        "SELECT count(*), count(a), count(c), count(b2), sum(first) FROM " + t,
        "SELECT b FROM " + t + " WHERE c IS NULL ORDER BY b",
        "SELECT b FROM " + t + " WHERE c = 'again'",
        "SELECT b FROM " + t + " WHERE a = DATE '2024-02-29'",
        "SELECT b, `P.q` FROM " + t + " WHERE `P.q` = 'x' ORDER BY b",
        "SELECT `P.q`, count(*) FROM " + t + " GROUP BY 1 ORDER BY 1",
        "SELECT B2, c FROM " + t + " WHERE first IS NULL",
        "SELECT * FROM " + t + " VERSION AS OF 1 ORDER BY ALL");
    run("CREATE TABLE clone_" + mode + " SHALLOW CLONE " + t);
    assertSameNatively("SELECT * FROM clone_" + mode + " ORDER BY ALL");
  }

  @Test
  void fieldsOfStructsAreRenamedAndDropped() {
    run(
        "CREATE TABLE nested (id INT, s STRUCT<x: INT, `y z`: STRING, inner: STRUCT<d: DATE, e:"
            + " ARRAY<INT>>>, a ARRAY<STRUCT<k: STRING, v: DOUBLE>>, m MAP<STRING, INT>)"
            + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name')",
        "INSERT INTO nested VALUES (1, named_struct('x', 1, 'y z', 'one', 'inner',"
            + " named_struct('d', DATE '2024-02-29', 'e', array(1, NULL))), array(named_struct('k',"
            + " 'a', 'v', 0.5D), NULL, named_struct('k', NULL, 'v', NULL)), map('m', 1)), (2, NULL,"
            + " NULL, NULL), (3, named_struct('x', NULL, 'y z', NULL, 'inner', NULL), array(),"
            + " map()), (4, named_struct('x', 4, 'y z', '', 'inner', named_struct('d', NULL, 'e',"
            + " NULL)), array(NULL), map('n', NULL))",
        "ALTER TABLE nested RENAME COLUMN s.x TO first",
        "ALTER TABLE nested RENAME COLUMN s.`y z` TO x",
        "ALTER TABLE nested RENAME COLUMN a.element.k TO key");
    assertSameNatively(
        "SELECT * FROM nested ORDER BY id",
        "SELECT id, s.first, s.x, s.inner.d, s.inner.e[0], a[0].key FROM nested WHERE id < 2",
        "SELECT id FROM nested WHERE s IS NULL",
        "SELECT id FROM nested WHERE s.first > 1",
        "SELECT id, m FROM nested WHERE id <> 3 ORDER BY id");
    run("ALTER TABLE nested DROP COLUMN s.inner", "INSERT INTO nested (id) VALUES (5)");
    assertThat(both.compare("SELECT * FROM nested ORDER BY id")).isEmpty();
    assertSameNatively("SELECT id, a FROM nested ORDER BY id");
  }

  /** A field's place and name in the file may be those that another has in the table. */
  @Test
  void fieldsOfStructsChangePlaces() {
    run(
        "CREATE TABLE upgraded AS SELECT named_struct('x', 1, 'y', 2) AS s",
        "ALTER TABLE upgraded SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')",
        "ALTER TABLE upgraded RENAME COLUMN s.x TO z",
        "ALTER TABLE upgraded RENAME COLUMN s.y TO x",
        "ALTER TABLE upgraded RENAME COLUMN s.z TO y");
    assertSameNatively("SELECT s, s.x, s.y FROM upgraded");
    run("ALTER TABLE upgraded ALTER COLUMN s.x FIRST");
    assertThat(both.compare("SELECT s, s.x, s.y FROM upgraded")).isEmpty();
  }

  /**
   * As a converter from another format would leave them: the ids alone say which column is which.
   */
  @Test
  void idsAloneSayWhichColumnIsWhich() {
    Foreign table = new Foreign("crossed");
    table.file("SELECT 1 AS x, 10 AS y", "{x: 1, y: 2}");
    table.file("SELECT 20 AS x, 2 AS y", "{x: 2, y: 1}");
    table.file("SELECT 3 AS z", "{z: 1}");
    table.file("SELECT 40 AS x, 4 AS X2, 99 AS a", "{x: 2, X2: 1, a: 7}");
    table.register();
    assertSameNatively(
        "SELECT * FROM crossed ORDER BY a",
        "SELECT sum(a), sum(b) FROM crossed",
        "SELECT a FROM crossed WHERE b IS NULL");
  }

  @Test
  void filesWhoseIdsSayNothingAreSparks() {
    Foreign without = new Foreign("without");
    without.file("SELECT 1 AS x, 10 AS y", "{x: 1, y: 2}");
    without.file("SELECT 2 AS x, 20 AS y", null);
    without.register();
    // Spark fails over such a file, and not always before the other one has given its row.
    assertThat(both.compare("SELECT * FROM without")).isEmpty();
    try (SqlSession session = session(Map.of())) {
      assertThat(
              EngineUnderTest.rows(
                  session.execute("explained", "EXPLAIN SELECT * FROM without", List.of())))
          .singleElement()
          .asString()
          .contains("its id does not lead to");
    }
  }

  @Test
  void timesThatPartitionATable() throws IOException {
    String t = "times";
    run(
        "SET TIME ZONE 'America/New_York'",
        "CREATE TABLE " + t + " (v INT, ts TIMESTAMP, n TIMESTAMP_NTZ) PARTITIONED BY (ts, n)",
        "INSERT INTO "
            + t
            + " VALUES (1, TIMESTAMP '2024-02-29 12:34:56.789123', TIMESTAMP_NTZ '2024-03-10"
            + " 02:30:00'), (2, NULL, TIMESTAMP_NTZ '1500-01-01 00:00:00.000001'), (3, TIMESTAMP"
            + " '2024-11-03 01:30:00', NULL), (4, TIMESTAMP '1883-11-18 12:00:00', NULL), (5,"
            + " TIMESTAMP '9999-12-31 00:00:00', TIMESTAMP_NTZ '0001-01-01 00:00:00')");
    // As writers did, and some do, without a zone.
    Path old = copyWithoutZones(t);
    run("CREATE TABLE " + t + "_old LOCATION '" + old + "'");
    for (String reader : List.of("UTC", "America/New_York")) {
      try (NativeAndSpark there =
          new NativeAndSpark(
              settings -> {
                SqlSession session = session(settings);
                EngineUnderTest.rows(
                    session.execute(
                        UUID.randomUUID().toString(), "SET TIME ZONE '" + reader + "'", List.of()));
                return session;
              })) {
        for (String table : List.of(t, t + "_old")) {
          for (String sql :
              List.of(
                  "SELECT *, CAST(ts AS STRING), CAST(n AS STRING) FROM " + table + " ORDER BY v",
                  "SELECT v FROM " + table + " WHERE ts = TIMESTAMP '2024-02-29 12:34:56.789123'",
                  "SELECT v FROM " + table + " WHERE n = TIMESTAMP_NTZ '2024-03-10 02:30:00'")) {
            assertThat(there.compare(sql)).as(reader + ": " + sql).isEmpty();
            assertThat(there.refusal()).as(reader + ": " + sql).isEmpty();
          }
        }
      }
    }
  }

  private static Path copyWithoutZones(String table) throws IOException {
    Path from = folder(table);
    Path to = TARN.folder.resolve(table + "_old");
    boolean zoneless = false;
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (file.toString().endsWith(".crc")) {
          continue;
        }
        Files.createDirectories(target.getParent());
        if (file.toString().endsWith(".json")) {
          String log =
              Files.readString(file)
                  .replaceAll("(\"ts\":\"\\d{4}-\\d\\d-\\d\\d)T([0-9:.]+)Z\"", "$1 $2\"");
          Files.writeString(target, log);
          zoneless |= log.contains("\"ts\":\"2024-02-29 ");
        } else {
          Files.copy(file, target);
        }
      }
    }
    assertThat(zoneless).as("a time without a zone").isTrue();
    return to;
  }

  private static Path folder(String table) {
    return Path.of(
        TARN.govern
            .tables()
            .find(new dev.tarn.kernel.name.EntityName("main", "placed", table))
            .orElseThrow()
            .storageLocation()
            .substring("file://".length()));
  }

  /** A table of columns {@code a} and {@code b}, ids 1 and 2, of files that DuckDB writes. */
  private static final class Foreign {
    private final String name;
    private final Path folder;
    private final StringBuilder log = new StringBuilder();
    private int files;

    Foreign(String name) {
      this.name = name;
      this.folder = TARN.folder.resolve("foreign-" + name);
      log.append("{\"protocol\":{\"minReaderVersion\":2,\"minWriterVersion\":5}}\n");
      log.append("{\"metaData\":{\"id\":\"").append(UUID.randomUUID());
      log.append("\",\"format\":{\"provider\":\"parquet\",\"options\":{}},\"schemaString\":\"");
      log.append("{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[")
          .append(field("a", 1))
          .append(',')
          .append(field("b", 2))
          .append("]}\",\"partitionColumns\":[],\"configuration\":{");
      log.append(
          "\"delta.columnMapping.mode\":\"id\",\"delta.columnMapping.maxColumnId\":\"2\"}}}\n");
    }

    private static String field(String name, int id) {
      return ("{'name':'%s','type':'integer','nullable':true,'metadata':{'delta.columnMapping.id':%d,"
              + "'delta.columnMapping.physicalName':'%s'}}")
          .formatted(name, id, name.equals("a") ? "x" : "y")
          .replace("'", "\\\"");
    }

    void file(String query, String ids) {
      String file = "part-" + files++ + ".parquet";
      try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
        Files.createDirectories(folder.resolve("_delta_log"));
        try (var statement = duckdb.createStatement()) {
          statement.execute(
              "COPY ("
                  + query
                  + ") TO '"
                  + folder.resolve(file)
                  + "' (FORMAT parquet"
                  + (ids == null ? "" : ", FIELD_IDS " + ids)
                  + ")");
        }
        log.append("{\"add\":{\"path\":\"").append(file).append("\",\"partitionValues\":{},");
        log.append("\"size\":").append(Files.size(folder.resolve(file)));
        log.append(",\"modificationTime\":1700000000000,\"dataChange\":true}}\n");
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void register() {
      try {
        Files.writeString(folder.resolve("_delta_log/00000000000000000000.json"), log);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      run("CREATE TABLE " + name + " LOCATION '" + folder + "'");
    }
  }
}
