package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What spills, and what becomes of it. */
class DuckDatabaseTest {
  private static final long MEMORY = 64L << 20;

  /** Cannot be sorted in so little memory. */
  private static final String LARGE =
      "SELECT count(*) FROM (SELECT hash(i) AS h, row_number() OVER (ORDER BY hash(i)) AS r FROM"
          + " range(8000000) t(i)) WHERE h = r";

  @TempDir Path folder;

  /** All but the mark that DuckDB leaves for other processes as long as it is open. */
  private static List<Path> files(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.toString().endsWith("_owner"))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  @Test
  void emptiesItsFolderFirst() throws Exception {
    Files.createDirectories(folder.resolve("of-a-killed-process"));
    Files.writeString(folder.resolve("of-a-killed-process").resolve("block.tmp"), "left");
    Files.writeString(folder.resolve("duckdb_temp_storage.tmp"), "left");
    try (DuckDatabase database = new DuckDatabase(folder, MEMORY, 2);
        LentConnection connection = database.connect("UTC")) {
      assertThat(connection.connection().isClosed()).isFalse();
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void usesAConnectionAgainWhoseStatementEndedWell() throws Exception {
    try (DuckDatabase database = new DuckDatabase(folder, MEMORY, 2)) {
      LentConnection first = database.connect("UTC");
      LentConnection beside = database.connect("UTC");
      assertThat(beside.connection()).isNotSameAs(first.connection());
      beside.close();
      assertThat(beside.connection().isClosed()).isTrue();
      first.endedWell();
      first.close();
      first.close();
      try (LentConnection elsewhere = database.connect("Asia/Tokyo");
          LentConnection again = database.connect("UTC");
          LentConnection another = database.connect("UTC")) {
        assertThat(again.connection()).isSameAs(first.connection());
        assertThat(another.connection()).isNotSameAs(first.connection());
        assertThat(elsewhere.connection()).isNotSameAs(first.connection());
        again.endedWell();
      }
    }
    assertThat(files(folder)).isEmpty();
  }

  @Test
  void keepsNothingOfWhatEnded() throws Exception {
    try (DuckDatabase database = new DuckDatabase(folder, MEMORY, 2)) {
      try (LentConnection connection = database.connect("UTC");
          Statement statement = connection.connection().createStatement();
          ResultSet rows = statement.executeQuery(LARGE)) {
        assertThat(rows.next()).isTrue();
      }
      assertThat(files(folder)).isEmpty();
    }
  }

  @Test
  void keepsNothingOfWhatFailedOrWasStopped() throws Exception {
    try (DuckDatabase database = new DuckDatabase(folder, MEMORY, 2)) {
      for (boolean stop : List.of(true, false)) {
        try (LentConnection connection = database.connect("UTC");
            Statement statement = connection.connection().createStatement()) {
          String sql =
              stop
                  ? LARGE
                  : LARGE.replace("h = r", "CASE WHEN r = 7000000 THEN error('no') ELSE h END = r");
          CompletableFuture<Void> stopped =
              CompletableFuture.runAsync(
                  () -> {
                    await().until(() -> !files(folder).isEmpty());
                    if (stop) {
                      try {
                        statement.cancel();
                      } catch (SQLException e) {
                        throw new IllegalStateException(e);
                      }
                    }
                  });
          assertThatThrownBy(
                  () -> {
                    try (ResultSet rows = statement.executeQuery(sql)) {
                      rows.next();
                    }
                  })
              .isInstanceOf(SQLException.class);
          stopped.join();
        }
        assertThat(files(folder)).isEmpty();
      }
    }
  }
}
