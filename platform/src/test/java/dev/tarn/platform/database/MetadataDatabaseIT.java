package dev.tarn.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.config.Config;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.platform.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataDatabaseIT {
  @TempDir Path folder;

  private MetadataDatabase open() {
    return open(Platform.MIGRATIONS);
  }

  private MetadataDatabase open(List<String> migrations) {
    return MetadataDatabase.open(DatabaseConfig.defaults(), folder, migrations);
  }

  private static long number(MetadataDatabase database, String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(Long.class).one());
  }

  @Test
  void survives_reopening_and_migrates_once() {
    try (MetadataDatabase database = open()) {
      database
          .jdbi()
          .useHandle(
              h ->
                  h.execute(
                      "INSERT INTO users (user_name, user_id, created_at) VALUES ('ann', 7, 0)"));
    }
    try (MetadataDatabase database = open()) {
      assertThat(number(database, "SELECT user_id FROM users WHERE user_name = 'ann'"))
          .isEqualTo(7);
    }
  }

  @Test
  void takes_in_what_a_lower_room_added_since() {
    List<String> later = List.of("dev/tarn/platform/database/later");
    open(later).close();
    try (MetadataDatabase database =
        open(Stream.concat(later.stream(), Platform.MIGRATIONS.stream()).toList())) {
      assertThat(number(database, "SELECT count(*) FROM users")).isZero();
    }
  }

  @Test
  void is_in_wal_mode_fully_synchronous_with_foreign_keys() {
    try (MetadataDatabase database = open()) {
      database
          .jdbi()
          .useHandle(
              h -> {
                assertThat(h.createQuery("PRAGMA journal_mode").mapTo(String.class).one())
                    .isEqualTo("wal");
                assertThat(h.createQuery("PRAGMA synchronous").mapTo(Integer.class).one())
                    .isEqualTo(2);
                assertThat(h.createQuery("PRAGMA foreign_keys").mapTo(Integer.class).one())
                    .isEqualTo(1);
              });
    }
  }

  @Test
  void concurrent_read_modify_writes_lose_nothing() throws Exception {
    try (MetadataDatabase database = open()) {
      database
          .jdbi()
          .useHandle(
              h ->
                  h.execute(
                      "INSERT INTO users (user_name, user_id, created_at) VALUES ('ann', 0, 0)"));
      ExecutorService threads = Executors.newFixedThreadPool(8);
      try {
        Callable<Void> increment =
            () -> {
              database
                  .jdbi()
                  .useTransaction(
                      h -> {
                        long read =
                            h.createQuery("SELECT created_at FROM users").mapTo(Long.class).one();
                        h.execute("UPDATE users SET created_at = ?", read + 1);
                      });
              return null;
            };
        for (Future<Void> done :
            threads.invokeAll(IntStream.range(0, 100).mapToObj(i -> increment).toList())) {
          done.get();
        }
      } finally {
        threads.shutdown();
      }
      assertThat(number(database, "SELECT created_at FROM users")).isEqualTo(100);
    }
  }

  @Test
  void refuses_other_databases_and_names_an_unreachable_one_without_its_password() {
    assertThatThrownBy(
            () ->
                MetadataDatabase.open(
                    new DatabaseConfig("jdbc:mysql://h/d", null, null), folder, List.of()))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("jdbc:postgresql");
    assertThatThrownBy(
            () ->
                MetadataDatabase.open(
                    new DatabaseConfig(
                        "jdbc:postgresql://127.0.0.1:1/d?password=hush", "u", "secret"),
                    folder,
                    Platform.MIGRATIONS))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("127.0.0.1:1/d")
        .hasMessageNotContainingAny("hush", "secret");
  }

  @Test
  void config_binds_every_setting() throws Exception {
    Path file = folder.resolve("tarn.yaml");
    Files.writeString(file, "database:\n  url: jdbc:postgresql://h/d\n  user: u\n");
    DatabaseConfig config =
        Config.load(file, Map.of("TARN_DATABASE_PASSWORD", "p"), Map.of())
            .bind("database", DatabaseConfig.class);
    assertThat(config).isEqualTo(new DatabaseConfig("jdbc:postgresql://h/d", "u", "p"));
    assertThat(config.toString()).doesNotContain("=p");
    assertThat(
            Config.load(folder.resolve("none"), Map.of(), Map.of())
                .bind("database", DatabaseConfig.class))
        .isEqualTo(DatabaseConfig.defaults());
  }
}
