package dev.tarn.platform.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The metadata database: SQLite beside the data, or PostgreSQL that several servers share. All SQL
 * above runs unchanged on both.
 *
 * <p>Reads outside a transaction never wait in SQLite (WAL). A transaction takes the write lock
 * when it begins, so it can never fail half way because another writer came first; write in {@code
 * inTransaction}, read without.
 */
public final class MetadataDatabase implements AutoCloseable {
  private static final int BUSY_TIMEOUT_MS = 30_000;
  private static final int SQLITE_CONNECTIONS = 4;
  private static final int POSTGRES_CONNECTIONS = 10;

  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final boolean shared;
  private final Map<String, Epoch> epochs = new ConcurrentHashMap<>();

  private MetadataDatabase(HikariDataSource pool, boolean shared) {
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
    this.shared = shared;
  }

  /**
   * Opens the database and brings its tables up to date.
   *
   * @param migrationLocations class-path folders of migrations, such as {@code
   *     dev/tarn/platform/identity}; versions are unique over all of them
   * @throws TarnException TEMPORARILY_UNAVAILABLE if it cannot be reached; INVALID_STATE if its
   *     tables were made by another version
   */
  public static MetadataDatabase open(
      DatabaseConfig config, Path dataFolder, List<String> migrationLocations) {
    boolean postgres = config.url() != null && config.url().startsWith("jdbc:postgresql:");
    if (config.url() != null && !postgres && !config.url().startsWith("jdbc:sqlite:")) {
      throw TarnException.invalid(
          "Setting 'database.url' names a database that Tarn does not speak. Use"
              + " jdbc:postgresql://host/database, or leave it out for SQLite.");
    }
    HikariDataSource pool = null;
    try {
      pool = postgres ? postgres(config) : sqlite(config, dataFolder);
      migrate(pool, migrationLocations);
      return new MetadataDatabase(pool, postgres);
    } catch (FlywayException e) {
      pool.close();
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "The metadata database "
              + where(config, dataFolder)
              + " could not be brought up to date: "
              + firstLine(e)
              + " Start the version of Tarn that last used it, or restore a backup.",
          e);
    } catch (RuntimeException e) {
      if (pool != null) {
        pool.close();
      }
      throw new TarnException(
          ErrorCode.TEMPORARILY_UNAVAILABLE,
          "The metadata database "
              + where(config, dataFolder)
              + " cannot be opened: "
              + firstLine(e)
              + " Check settings 'database.url', 'database.user' and that the disk can be written.",
          e);
    }
  }

  private static HikariDataSource sqlite(DatabaseConfig config, Path dataFolder) {
    SQLiteConfig settings = new SQLiteConfig();
    settings.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // FULL, not NORMAL: an acknowledged write survives a power cut too, not only kill -9.
    settings.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    settings.enforceForeignKeys(true);
    settings.setBusyTimeout(BUSY_TIMEOUT_MS);
    settings.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource source = new SQLiteDataSource(settings);
    source.setUrl(
        config.url() != null
            ? config.url()
            : "jdbc:sqlite:" + dataFolder.resolve("metadata.db").toAbsolutePath());
    return pool(source, SQLITE_CONNECTIONS);
  }

  private static HikariDataSource postgres(DatabaseConfig config) {
    HikariConfig hikari = new HikariConfig();
    hikari.setJdbcUrl(config.url());
    hikari.setUsername(config.user());
    hikari.setPassword(config.password());
    Properties properties = new Properties();
    properties.setProperty("ApplicationName", "tarn");
    hikari.setDataSourceProperties(properties);
    return pool(hikari, POSTGRES_CONNECTIONS);
  }

  private static HikariDataSource pool(DataSource source, int size) {
    HikariConfig hikari = new HikariConfig();
    hikari.setDataSource(source);
    return pool(hikari, size);
  }

  private static HikariDataSource pool(HikariConfig hikari, int size) {
    hikari.setPoolName("metadata");
    hikari.setMaximumPoolSize(size);
    hikari.setMinimumIdle(1);
    hikari.setConnectionTimeout(BUSY_TIMEOUT_MS);
    hikari.setInitializationFailTimeout(5_000);
    return new HikariDataSource(hikari);
  }

  private static void migrate(DataSource source, List<String> locations) {
    Flyway.configure(MetadataDatabase.class.getClassLoader())
        .dataSource(source)
        .locations(locations.stream().map(folder -> "classpath:" + folder).toArray(String[]::new))
        .failOnMissingLocations(true)
        .table("schema_history")
        // Each room numbers its own: what a lower one adds is below what others have had applied.
        .outOfOrder(true)
        .load()
        .migrate();
  }

  private static String where(DatabaseConfig config, Path dataFolder) {
    return config.url() == null
        ? "'" + dataFolder.resolve("metadata.db") + "'"
        : "'" + config.withoutParameters() + "'";
  }

  private static String firstLine(Throwable e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return message.endsWith(".") ? message : message + ".";
  }

  public Jdbi jdbi() {
    return jdbi;
  }

  /**
   * The number that a table of one row holds in its column {@code epoch}: one object for all who
   * ask.
   */
  public Epoch epoch(String table) {
    return epochs.computeIfAbsent(table, name -> new Epoch(jdbi, name, Optional.empty(), shared));
  }

  /**
   * As the other, of changes that say what they are about.
   *
   * @param log the table where they say so to other servers
   */
  public Epoch epoch(String table, String log) {
    return epochs.computeIfAbsent(table, name -> new Epoch(jdbi, name, Optional.of(log), shared));
  }

  /** Whether other servers may write to the same database, so that caches must ask it first. */
  public boolean shared() {
    return shared;
  }

  @Override
  public void close() {
    pool.close();
  }
}
