package dev.tarn.engine.duckdb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tarn.engine.translation.Untranslatable;
import dev.tarn.store.delta.DataFile;
import dev.tarn.store.delta.TableSnapshot;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Deletion vectors as tables of DuckDB, of one column with the positions of a file's deleted rows.
 * The rarely used ones are dropped.
 */
final class DeletedRows {
  private static final long MOST_ROWS = 10_000_000;

  private final DuckDatabase database;
  private final AtomicLong numbers = new AtomicLong();
  private final Cache<Key, Loaded> tables;

  private record Key(String location, String id, long version, String path) {}

  private record Loaded(String table, int rows) {}

  DeletedRows(DuckDatabase database) {
    this.database = database;
    this.tables =
        Caffeine.newBuilder()
            .maximumWeight(MOST_ROWS)
            .weigher((Key key, Loaded loaded) -> 1 + loaded.rows())
            .removalListener((key, loaded, cause) -> drop(loaded.table()))
            .build();
  }

  /** The name of the table. */
  String table(TableSnapshot snapshot, DataFile file) {
    return tables
        .get(
            new Key(snapshot.location(), snapshot.id(), snapshot.version(), file.path()),
            key -> load(snapshot.deletedRows(file)))
        .table();
  }

  private Loaded load(long[] rows) {
    String table = "deleted_" + numbers.incrementAndGet();
    try (DuckDBConnection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + table + " (position BIGINT NOT NULL)");
      try (DuckDBAppender appender = connection.createAppender(table)) {
        for (long row : rows) {
          appender.beginRow().append(row).endRow();
        }
      }
      return new Loaded(table, rows.length);
    } catch (SQLException e) {
      throw new Untranslatable("deleted rows that could not be kept: " + e.getMessage());
    }
  }

  private void drop(String table) {
    try (DuckDBConnection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS " + table);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
