package dev.tarn.store.samples;

import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.ManagedLocations;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.ServerCatalogs;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.store.delta.NewDeltaTable;
import dev.tarn.store.objects.ObjectStores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The catalog {@code samples}: tables that queries of documentation and tutorials read. All users
 * read them and nobody changes them. At the first start they are entered into the catalog; the rows
 * of a table are written when it is first read.
 *
 * @see <a href="https://docs.databricks.com/aws/en/discover/databricks-datasets">Databricks' sample
 *     datasets</a>
 */
public final class Samples {
  public static final String CATALOG = "samples";

  private final ServerCatalogs catalogs;
  private final ManagedLocations locations;
  private final NewDeltaTable delta;
  private final boolean alone;
  private final Map<String, SampleTable> tables;
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final Set<String> written = ConcurrentHashMap.newKeySet();

  /**
   * @param alone whether no other server writes to the same storage
   */
  public Samples(
      ServerCatalogs catalogs, ManagedLocations locations, ObjectStores stores, boolean alone) {
    this.catalogs = catalogs;
    this.locations = locations;
    this.delta = new NewDeltaTable(stores.configuration());
    this.alone = alone;
    this.tables =
        Stream.of(TpchTables.all(), List.of(TaxiTrips.table()), FlightTables.all())
            .flatMap(List::stream)
            .collect(Collectors.toMap(this::location, table -> table));
  }

  private String location(SampleTable table) {
    return locations.root() + "/samples/" + table.schema() + "/" + table.name();
  }

  /** Enters the catalog, unless there is one of its name. */
  public void enter() {
    catalogs.enter(
        new ServerCatalogs.Contents(
            CATALOG,
            "Tables to try things with; everybody reads them, nobody changes them",
            Map.of(
                TpchTables.SCHEMA,
                "TPC-H, a benchmark for decision support",
                TaxiTrips.SCHEMA,
                "Taxi trips in New York City, generated",
                FlightTables.SCHEMA,
                "Flights, airports and bird strikes in the United States, real"),
            tables.entrySet().stream().map(e -> entry(e.getValue(), e.getKey())).toList(),
            Set.of(Privilege.USE_CATALOG, Privilege.USE_SCHEMA, Privilege.SELECT)));
  }

  private static NewTable entry(SampleTable table, String location) {
    List<ColumnInfo> columns = new ArrayList<>();
    for (SampleTable.Column column : table.columns()) {
      columns.add(
          new ColumnInfo(
              column.name(),
              column.type().sql(),
              column.type().json(),
              columns.size(),
              true,
              null));
    }
    return new NewTable(
        new EntityName(CATALOG, table.schema(), table.name()),
        TableType.MANAGED,
        "DELTA",
        location,
        table.comment(),
        columns,
        Map.of(),
        null);
  }

  /**
   * Sees to it that a table that is about to be read has its rows. Does nothing with tables that
   * are no samples. Whoever comes while they are written waits; a write that was cut short is done
   * again.
   *
   * @throws TarnException TEMPORARILY_UNAVAILABLE if they cannot be written
   */
  public void prepare(TableInfo table) {
    String location = table.storageLocation();
    if (!table.name().catalog().equals(CATALOG) || written.contains(location)) {
      return;
    }
    Optional.ofNullable(tables.get(location)).ifPresent(sample -> write(sample, location));
  }

  private void write(SampleTable table, String location) {
    ReentrantLock lock = locks.computeIfAbsent(location, l -> new ReentrantLock());
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TarnException(
          ErrorCode.CANCELLED, "Waiting for the rows of a sample was cancelled. Run it again.", e);
    }
    try {
      if (!written.contains(location) && !delta.exists(location)) {
        if (alone) {
          delta.clear(location);
        }
        delta.create(location, table.deltaSchema(), table.rows().iterator());
      }
      written.add(location);
    } catch (IOException | RuntimeException e) {
      throw new TarnException(
          ErrorCode.TEMPORARILY_UNAVAILABLE,
          "The rows of sample '"
              + CATALOG
              + "."
              + table.schema()
              + "."
              + table.name()
              + "' could not be written to '"
              + location
              + "': "
              + e.getMessage()
              + " Check that the storage answers and can be written to, and try again.",
          e);
    } finally {
      lock.unlock();
    }
  }
}
