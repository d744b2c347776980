package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.kernel.name.EntityName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.StorageStatistics;
import org.junit.jupiter.api.Test;

/** Tables that do not lie on this machine: Hadoop reads them by another scheme. */
class RemoteTablesIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();

  /** Registers a table once more, by the other scheme. */
  private static Path remote(String name) {
    TableInfo local = TARN.govern.tables().find(EntityName.parse("main.far." + name)).orElseThrow();
    String path = local.storageLocation().replaceFirst("^file:/+", "/");
    TARN.govern
        .tables()
        .register(
            EngineUnderTest.ADMIN,
            new NewTable(
                EntityName.parse("main.far.remote_" + name),
                TableType.EXTERNAL,
                "DELTA",
                "remote://" + path,
                null,
                local.columns(),
                local.properties(),
                null));
    return Path.of(path);
  }

  private static long read() {
    StorageStatistics statistics = FileSystem.getGlobalStorageStatistics().get("remote");
    return statistics == null ? 0 : statistics.getLong("bytesRead");
  }

  private static List<String> natively(String sql) {
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN, "native")) {
      session
          .execute(UUID.randomUUID().toString(), "SET use_cached_result = false", List.of())
          .close();
      ResultStream rows = session.execute(UUID.randomUUID().toString(), sql, List.of());
      assertThat(rows.executor()).isEqualTo("native");
      return EngineUnderTest.rows(rows);
    }
  }

  private static long dataBytes(Path table) throws IOException {
    try (Stream<Path> files = Files.list(table)) {
      return files
          .filter(file -> file.toString().endsWith(".parquet"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  @Test
  void areReadOnceAndSeeEveryCommit() throws IOException {
    TARN.sql("CREATE SCHEMA IF NOT EXISTS main.far");
    TARN.sql("CREATE TABLE main.far.numbers AS SELECT id, uuid() AS u FROM range(0, 100000, 1, 1)");
    Path table = remote("numbers");
    long before = read();

    assertThat(natively("SELECT count(*), max(id) FROM main.far.remote_numbers"))
        .containsExactly("100000|99999");
    assertThat(read() - before).isGreaterThanOrEqualTo(dataBytes(table));
    long once = read();
    assertThat(natively("SELECT count(DISTINCT u) FROM main.far.remote_numbers"))
        .containsExactly("100000");
    assertThat(natively("SELECT count(*), max(id) FROM main.far.remote_numbers"))
        .containsExactly("100000|99999");
    assertThat(read() - once).isLessThan(dataBytes(table) / 10);

    TARN.sql("INSERT INTO main.far.numbers SELECT -1, 'new'");
    assertThat(natively("SELECT count(*), min(id) FROM main.far.remote_numbers"))
        .containsExactly("100001|-1");
    TARN.sql("DELETE FROM main.far.numbers WHERE id = 5");
    assertThat(natively("SELECT count(*) FROM main.far.remote_numbers WHERE id < 10"))
        .containsExactly("10");
  }

  @Test
  void areFetchedAgainWhereACopyIsGone() throws IOException {
    TARN.sql("CREATE SCHEMA IF NOT EXISTS main.far");
    TARN.sql("CREATE TABLE main.far.lost AS SELECT id FROM range(0, 1000, 1, 1)");
    remote("lost");
    String sql = "SELECT sum(id) FROM main.far.remote_lost";
    assertThat(natively(sql)).containsExactly("499500");
    try (Stream<Path> copies = Files.list(TARN.folder.resolve("cache").resolve("files"))) {
      for (Path copy : copies.filter(file -> file.toString().endsWith(".cached")).toList()) {
        Files.delete(copy);
      }
    }
    assertThat(natively(sql)).containsExactly("499500");
  }
}
