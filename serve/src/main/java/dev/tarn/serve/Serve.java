package dev.tarn.serve;

import dev.tarn.engine.sql.SqlEngine;
import dev.tarn.govern.audit.AuditLog;
import dev.tarn.govern.catalog.Catalogs;
import dev.tarn.govern.catalog.Schemas;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.constraints.Constraints;
import dev.tarn.kernel.http.Capability;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.platform.datafolder.DataFolder;
import dev.tarn.serve.address.PublicAddress;
import dev.tarn.serve.discovery.DiscoveryRoutes;
import dev.tarn.serve.history.HistoryConfig;
import dev.tarn.serve.history.QueryHistory;
import dev.tarn.serve.history.QueryHistoryRoutes;
import dev.tarn.serve.metadata.DriverMetadata;
import dev.tarn.serve.metadata.MetadataCommands;
import dev.tarn.serve.results.ResultLinks;
import dev.tarn.serve.results.Results;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.serve.results.ResultsRoutes;
import dev.tarn.serve.sessions.Sessions;
import dev.tarn.serve.sessions.SessionsRoutes;
import dev.tarn.serve.statements.Statements;
import dev.tarn.serve.statements.StatementsConfig;
import dev.tarn.serve.statements.StatementsRoutes;
import dev.tarn.serve.thrift.Thrift;
import dev.tarn.serve.thrift.ThriftRoutes;
import dev.tarn.serve.warehouses.WarehouseSettings;
import dev.tarn.serve.warehouses.WarehouseSettingsRoutes;
import dev.tarn.serve.warehouses.Warehouses;
import dev.tarn.serve.warehouses.WarehousesRoutes;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** Wires the room: SQL warehouses. */
public final class Serve implements AutoCloseable {
  /** Class-path folders of this room's migrations. */
  public static final List<String> MIGRATIONS =
      List.of("dev/tarn/serve/warehouses", "dev/tarn/serve/history");

  /**
   * Who there is.
   *
   * @param exists whether there is a user, service principal or group of a name
   * @param number of a user, 0 if there is none
   * @param name the user of a number
   */
  public record People(
      Predicate<String> exists,
      ToLongFunction<String> number,
      Function<Long, Optional<String>> name) {}

  private final Warehouses warehouses;
  private final QueryHistory history;
  private final Sessions sessions;
  private final Results results;
  private final Statements statements;
  private final Thrift thrift;
  private final List<Capability> capabilities;

  /**
   * @param dataFolder results go to {@code results} in it
   * @param audit where the ends of statements are recorded
   * @param mostWaits requests that may wait for a statement at once, each of which holds a thread
   */
  public Serve(
      MetadataDatabase database,
      Catalogs catalogs,
      Schemas schemas,
      Tables tables,
      Constraints constraints,
      SqlEngine engine,
      Path dataFolder,
      PublicAddress address,
      People people,
      HistoryConfig historyConfig,
      ResultsConfig resultsConfig,
      StatementsConfig statementsConfig,
      int mostWaits,
      AuditLog audit) {
    Clock clock = Clock.systemUTC();
    ResultLinks links = new ResultLinks(clock, resultsConfig);
    this.warehouses = new Warehouses(database, people.exists(), engine::isReady, clock);
    this.history =
        new QueryHistory(
            database, DataFolder.identity(dataFolder), warehouses::monitored, historyConfig, clock);
    this.sessions = new Sessions(engine, warehouses, clock);
    this.results = new Results(dataFolder.resolve("results"), resultsConfig);
    this.statements =
        new Statements(
            engine,
            warehouses,
            sessions,
            new MetadataCommands(catalogs, schemas, tables, constraints),
            results,
            links,
            history,
            audit,
            statementsConfig,
            mostWaits,
            clock);
    this.thrift =
        new Thrift(
            sessions,
            statements,
            new DriverMetadata(catalogs, schemas, tables, constraints),
            results,
            links,
            clock);
    this.capabilities =
        List.of(
            new ThriftRoutes(thrift, address),
            new StatementsRoutes(statements, address),
            new SessionsRoutes(sessions),
            new ResultsRoutes(results, links),
            new WarehousesRoutes(warehouses, address),
            new WarehouseSettingsRoutes(new WarehouseSettings(database, warehouses)),
            new QueryHistoryRoutes(history, statements::progress, people.number(), people.name()),
            new DiscoveryRoutes());
  }

  /** Makes the starter warehouse at first start. */
  public void bootstrap(String administratorName) {
    warehouses.bootstrap(administratorName);
  }

  public List<Capability> capabilities() {
    return capabilities;
  }

  public Statements statements() {
    return statements;
  }

  public Warehouses warehouses() {
    return warehouses;
  }

  /** Where every protocol tells of its queries. */
  public QueryHistory history() {
    return history;
  }

  @Override
  public void close() {
    thrift.close();
    statements.close();
    history.close();
    sessions.close();
    results.close();
  }
}
