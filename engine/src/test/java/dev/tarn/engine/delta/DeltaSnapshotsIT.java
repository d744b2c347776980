package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import dev.tarn.store.delta.DataFile;
import dev.tarn.store.delta.DeltaSnapshots;
import dev.tarn.store.delta.TableSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Snapshots of tables that Spark writes, held against what Spark reads. */
class DeltaSnapshotsIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();

  private final SparkView spark = new SparkView();
  private final DeltaSnapshots snapshots = new DeltaSnapshots(Map.of());

  @BeforeAll
  static void schema() {
    TARN.sql("CREATE SCHEMA main.snap");
  }

  @AfterAll
  static void drop() {
    TARN.sql("DROP SCHEMA main.snap CASCADE");
  }

  private TableSnapshot latest(String table) {
    return snapshots.latest(spark.location(table));
  }

  /** A kept snapshot that followed the commits, and one that is read anew, agree with Spark. */
  private TableSnapshot check(String table) {
    TableSnapshot kept = latest(table);
    TableSnapshot anew = new DeltaSnapshots(Map.of()).latest(spark.location(table));
    assertThat(kept.version()).isEqualTo(anew.version());
    assertThat(kept.schemaJson()).isEqualTo(anew.schemaJson());
    assertThat(kept.properties()).isEqualTo(anew.properties());
    assertThat(kept.readerFeatures()).isEqualTo(anew.readerFeatures());
    assertThat(described(kept)).isEqualTo(described(anew));
    spark.assertSameRows(table, kept);
    return kept;
  }

  private static Map<String, List<Object>> described(TableSnapshot snapshot) {
    Map<String, List<Object>> files = new HashMap<>();
    for (DataFile file : snapshot.files()) {
      List<Object> facts = new ArrayList<>();
      facts.add(file.size());
      facts.add(file.rows());
      facts.add(file.deletedRows());
      facts.add(file.modificationTime());
      facts.add(file.partitionValues());
      files.put(file.path(), facts);
    }
    return files;
  }

  private static List<String> columns(TableSnapshot snapshot) {
    List<String> names = new ArrayList<>();
    Json.tree(snapshot.schemaJson()).get("fields").forEach(f -> names.add(f.get("name").asText()));
    return names;
  }

  @Test
  void followsEveryKindOfChange() {
    String t = "main.snap.life";
    TARN.sql("CREATE TABLE " + t + " (id BIGINT, name STRING)");
    assertThat(check(t).version()).isZero();
    assertThat(latest(t).files()).isEmpty();
    TARN.sql("INSERT INTO " + t + " SELECT id, 'n' || id FROM range(1000)");
    assertThat(check(t).version()).isEqualTo(1);
    assertThat(latest(t)).as("nothing new").isSameAs(latest(t));
    TARN.sql("UPDATE " + t + " SET name = 'x' WHERE id < 10");
    check(t);
    TARN.sql("DELETE FROM " + t + " WHERE id % 3 = 0");
    check(t);
    TARN.sql(
        "MERGE INTO "
            + t
            + " USING (SELECT 5000L AS id, 'm' AS name) s ON life.id = s.id"
            + " WHEN NOT MATCHED THEN INSERT *");
    check(t);
    TARN.sql("OPTIMIZE " + t);
    check(t);
    TARN.sql("ALTER TABLE " + t + " ADD COLUMN age INT");
    assertThat(columns(check(t))).containsExactly("id", "name", "age");
    TARN.sql("INSERT OVERWRITE " + t + " VALUES (1, 'a', 2)");
    assertThat(check(t).files()).hasSize(1);
    TARN.sql("RESTORE TABLE " + t + " TO VERSION AS OF 1");
    check(t);
    TARN.sql("CREATE OR REPLACE TABLE " + t + " TBLPROPERTIES ('a.b' = 'c') AS SELECT 1 AS k");
    TableSnapshot replaced = check(t);
    assertThat(columns(replaced)).containsExactly("k");
    assertThat(replaced.properties()).containsEntry("a.b", "c");
  }

  @Test
  void deletionVectorsNameTheDeletedRows() {
    String t = "main.snap.vectors";
    TARN.sql(
        "CREATE TABLE "
            + t
            + " (id BIGINT) TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')");
    TARN.sql("INSERT INTO " + t + " SELECT id FROM range(0, 3000, 1, 2)");
    check(t);
    TARN.sql("DELETE FROM " + t + " WHERE id = 7");
    TableSnapshot one = check(t);
    assertThat(one.readerFeatures()).contains("deletionVectors");
    assertThat(one.files().stream().mapToLong(DataFile::deletedRows).sum()).isEqualTo(1);
    TARN.sql("DELETE FROM " + t + " WHERE id % 5 = 1 OR id BETWEEN 1000 AND 2000");
    TableSnapshot many = check(t);
    assertThat(many.files().stream().mapToLong(f -> f.rows() - f.deletedRows()).sum())
        .isEqualTo(Long.parseLong(TARN.sql("SELECT count(*) FROM " + t).get(0)));
    TARN.sql("UPDATE " + t + " SET id = -id WHERE id < 100");
    check(t);
    TARN.sql("REORG TABLE " + t + " APPLY (PURGE)");
    assertThat(check(t).files()).noneMatch(DataFile::hasDeletedRows);
  }

  @Test
  void renamedColumnsKeepTheirPartitionValues() {
    for (String mode : List.of("name", "id")) {
      String t = "main.snap.mapped_" + mode;
      TARN.sql(
          "CREATE TABLE "
              + t
              + " (id BIGINT, `p q` STRING, gone INT) PARTITIONED BY (`p q`)"
              + " TBLPROPERTIES ('delta.columnMapping.mode' = '"
              + mode
              + "')");
      TARN.sql("INSERT INTO " + t + " VALUES (1, 'a', 1), (2, NULL, 2)");
      assertThat(check(t).partitionColumns()).containsExactly("p q");
      TARN.sql("ALTER TABLE " + t + " RENAME COLUMN `p q` TO `p.r`");
      TARN.sql("ALTER TABLE " + t + " DROP COLUMN gone");
      TARN.sql("INSERT INTO " + t + " VALUES (3, 'b')");
      TableSnapshot snapshot = check(t);
      assertThat(columns(snapshot)).containsExactly("id", "p.r");
      assertThat(snapshot.partitionColumns()).containsExactly("p.r");
      assertThat(snapshot.files())
          .extracting(f -> f.partitionValues().get("p.r"))
          .containsExactlyInAnyOrder("a", null, "b");
      assertThat(snapshot.readerFeatures()).contains("columnMapping");
      assertThat(snapshot.schemaJson()).contains("delta.columnMapping.physicalName");
    }
  }

  @Test
  void partitionValuesMayBeAnything() {
    String t = "main.snap.odd";
    TARN.sql(
        "CREATE TABLE "
            + t
            + " (v INT, s STRING, d DATE, ts TIMESTAMP, n DECIMAL(10,2), f DOUBLE) PARTITIONED BY"
            + " (s, d, ts, n, f)");
    List<String> odd =
        List.of("a b", "50%", "a/b", "ä ö 雪 😀", "x=y", "q?#&+", "%20", "..", "a:b", "[x]{y}*");
    for (String value : odd) {
      TARN.sql(
          "INSERT INTO "
              + t
              + " VALUES (1, '"
              + value
              + "', DATE '2024-02-29', TIMESTAMP '2024-02-29 12:34:56.789123', 1.50, double('NaN')),"
              + " (2, NULL, NULL, NULL, NULL, NULL)");
    }
    TableSnapshot snapshot = check(t);
    List<String> expected = new ArrayList<>(odd);
    odd.forEach(value -> expected.add(null));
    assertThat(snapshot.files())
        .extracting(f -> f.partitionValues().get("s"))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(snapshot.files())
        .filteredOn(f -> f.partitionValues().get("s") != null)
        .allSatisfy(
            f -> {
              assertThat(f.partitionValues().get("d")).isEqualTo("2024-02-29");
              assertThat(f.partitionValues().get("n")).isEqualTo("1.50");
              assertThat(f.partitionValues().get("f")).isEqualTo("NaN");
            });
  }

  @Test
  void whatIsNoTableSaysSo() {
    assertThatThrownBy(() -> snapshots.latest("file:///nowhere/at/all"))
        .isInstanceOfSatisfying(
            TarnException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TABLE_DOES_NOT_EXIST))
        .hasMessageContaining("/nowhere/at/all");
  }
}
