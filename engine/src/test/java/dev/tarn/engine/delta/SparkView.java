package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.store.delta.DataFile;
import dev.tarn.store.delta.TableSnapshot;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** What Spark reads of a Delta table, to hold snapshots against. */
final class SparkView {
  private final EngineUnderTest tarn = EngineUnderTest.get();

  String location(String table) {
    String[] parts = table.split("\\.");
    return tarn.govern
        .tables()
        .find(new EntityName(parts[0], parts[1], parts[2]))
        .orElseThrow()
        .storageLocation();
  }

  /**
   * That Spark reads as many rows of each file as the snapshot has; where there are deletion
   * vectors, the same rows.
   */
  void assertSameRows(String relation, TableSnapshot snapshot) {
    Map<String, Long> counts = new TreeMap<>();
    for (DataFile file : snapshot.files()) {
      assertThat(snapshot.deletedRows(file)).isSorted().hasSize((int) file.deletedRows());
      if (file.rows() > file.deletedRows()) {
        counts.put(file.path(), file.rows() - file.deletedRows());
      }
    }
    Map<String, Long> spark = new TreeMap<>();
    tarn.sql("SELECT _metadata.file_path, count(*) FROM " + relation + " GROUP BY ALL")
        .forEach(row -> spark.put(path(row), Long.parseLong(afterBar(row))));
    assertThat(counts).as(relation).isEqualTo(spark);
    if (snapshot.readerFeatures().contains("deletionVectors")) {
      assertThat(rows(snapshot)).as(relation).isEqualTo(sparkRows(relation));
    }
  }

  private Map<String, Set<Long>> sparkRows(String relation) {
    Map<String, Set<Long>> rows = new TreeMap<>();
    tarn.sql("SELECT _metadata.file_path, _metadata.row_index FROM " + relation)
        .forEach(
            row ->
                rows.computeIfAbsent(path(row), p -> new TreeSet<>())
                    .add(Long.parseLong(afterBar(row))));
    return rows;
  }

  private static Map<String, Set<Long>> rows(TableSnapshot snapshot) {
    Map<String, Set<Long>> rows = new TreeMap<>();
    for (DataFile file : snapshot.files()) {
      Set<Long> left = new TreeSet<>();
      LongStream.range(0, file.rows()).forEach(left::add);
      Arrays.stream(snapshot.deletedRows(file)).forEach(left::remove);
      if (!left.isEmpty()) {
        rows.put(file.path(), left);
      }
    }
    return rows;
  }

  private static String path(String row) {
    return URI.create(row.substring(0, row.lastIndexOf('|'))).getPath();
  }

  private static String afterBar(String row) {
    return row.substring(row.lastIndexOf('|') + 1);
  }
}
