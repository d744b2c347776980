package dev.tarn.acceptance.commits;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Operation;
import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.defaults.internal.data.DefaultColumnarBatch;
import io.delta.kernel.defaults.internal.data.vector.DefaultGenericVector;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.unitycatalog.UCCatalogManagedClient;
import io.delta.kernel.unitycatalog.UCTableIdentifier;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.delta.kernel.utils.FileStatus;
import io.delta.storage.commit.Commit;
import io.delta.storage.commit.TableIdentifier;
import io.delta.storage.commit.uccommitcoordinator.UCClient;
import io.delta.storage.commit.uccommitcoordinator.UCDeltaClient;
import io.delta.storage.commit.uccommitcoordinator.UCDeltaModels;
import io.delta.storage.commit.uccommitcoordinator.UCDeltaTokenBasedRestClient;
import io.delta.storage.commit.uccommitcoordinator.UCTokenBasedRestClient;
import io.unitycatalog.client.ApiClientBuilder;
import io.unitycatalog.client.api.TablesApi;
import io.unitycatalog.client.auth.TokenProvider;
import io.unitycatalog.client.model.CreateStagingTable;
import io.unitycatalog.client.model.StagingTableInfo;
import io.unitycatalog.client.model.TableInfo;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A writer from outside: Delta Kernel with its client of Unity Catalog, told only a host and a
 * token. Started with {@code preview} it speaks the API of commits, with {@code v1} that of Delta
 * tables. Steps and their answers are as {@link dev.tarn.acceptance.clients.ClientProcess} has
 * them.
 */
public final class UnityClient {
  private static final StructType SCHEMA = new StructType().add("n", LongType.LONG);
  private static final String ENGINE = "acceptance";

  private final Engine engine = DefaultEngine.create(new Configuration());
  private final boolean preview;
  private final UCClient client;
  private final UCCatalogManagedClient tables;
  private final TablesApi names;

  private UnityClient(String kind, String host, String token) {
    TokenProvider tokens = TokenProvider.create(Map.of("type", "static", "token", token));
    this.preview = kind.equals("preview");
    this.client =
        preview
            ? new UCTokenBasedRestClient(host, tokens, Map.of())
            : new UCDeltaTokenBasedRestClient(
                Map.of("uri", host, "auth.type", "static", "auth.token", token),
                Configuration::new);
    this.tables = new UCCatalogManagedClient(client);
    this.names = new TablesApi(ApiClientBuilder.create().uri(host).tokenProvider(tokens).build());
  }

  /** A table's name, id and place. */
  private record Table(String[] name, String id, String path) {
    UCTableIdentifier unity() {
      return new UCTableIdentifier(name[0], name[1], name[2]);
    }

    TableIdentifier delta() {
      return new TableIdentifier(new String[] {name[0], name[1]}, name[2]);
    }
  }

  public static void main(String[] args) throws IOException {
    UnityClient client =
        new UnityClient(args[0], System.getenv("HOST_UNDER_TEST"), System.getenv("TOKEN_OF_TEST"));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] step =
          Arrays.stream(line.split("\t"))
              .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
              .toArray(String[]::new);
      try {
        System.out.println(client.run(step) + "\n.");
      } catch (Throwable e) {
        System.out.println("!" + e.getClass().getSimpleName() + "\t" + told(e));
      }
      System.out.flush();
    }
  }

  private static String told(Throwable e) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = e; at != null; at = at.getCause()) {
      text.append(at.getClass().getSimpleName()).append(": ").append(at.getMessage()).append(" | ");
    }
    return text.toString().replaceAll("\\s+", " ");
  }

  private static String row(Object... values) {
    List<String> cells = new ArrayList<>();
    for (Object value : values) {
      cells.add("\"" + value + "\"");
    }
    return cells.toString();
  }

  private String run(String[] step) throws Exception {
    String[] name = step.length > 1 ? step[1].split("\\.") : new String[0];
    return switch (step[0]) {
      case "metastore" -> row(client.getMetastoreId());
      case "create" -> create(name);
      case "append" -> row(append(transaction(table(name), true), step[2]));
      case "race" -> {
        Table table = table(name);
        Transaction first = transaction(table, false);
        Transaction second = transaction(table, false);
        yield row(append(first, step[2]), append(second, step[3]));
      }
      case "rows" -> {
        Optional<Long> version =
            step.length > 2 ? Optional.of(Long.parseLong(step[2])) : Optional.empty();
        Snapshot snapshot = snapshot(table(name), version);
        yield row(snapshot.getVersion(), values(snapshot));
      }
      case "publish" -> {
        Table table = table(name);
        Snapshot published = snapshot(table, Optional.empty()).publish(engine);
        commit(table, Optional.empty(), Optional.of(published.getVersion()));
        yield row(published.getVersion());
      }
      case "unpublished" -> {
        Table table = table(name);
        yield row(
            client
                .getCommits(
                    table.id(),
                    URI.create(table.path()),
                    table.delta(),
                    Optional.empty(),
                    Optional.empty())
                .getCommits()
                .size());
      }
      case "property" -> {
        Table table = table(name);
        Transaction transaction =
            snapshot(table, Optional.empty())
                .buildUpdateTableTransaction(ENGINE, Operation.MANUAL_UPDATE)
                .withTablePropertiesAdded(Map.of(step[2], step[3]))
                .build(engine);
        yield row(transaction.commit(engine, CloseableIterable.emptyIterable()).getVersion());
      }
      case "flood" -> flood(table(name));
      default -> throw new IllegalArgumentException(step[0]);
    };
  }

  private Table table(String[] name) throws Exception {
    TableInfo table = names.getTable(String.join(".", name), null, null);
    return new Table(name, table.getTableId(), table.getStorageLocation());
  }

  private String create(String[] name) throws Exception {
    String id;
    String path;
    if (preview) {
      StagingTableInfo staged =
          names.createStagingTable(
              new CreateStagingTable().catalogName(name[0]).schemaName(name[1]).name(name[2]));
      id = staged.getId();
      path = staged.getStagingLocation();
    } else {
      UCDeltaModels.StagingTableInfo staged =
          ((UCDeltaClient) client)
              .createStagingTable(new TableIdentifier(new String[] {name[0], name[1]}, name[2]));
      id = staged.getTableId().toString();
      path = staged.getLocation();
    }
    long version =
        tables
            .buildCreateTableTransaction(
                id, path, SCHEMA, ENGINE, new UCTableIdentifier(name[0], name[1], name[2]))
            .withTableProperties(
                Map.of("delta.enableDeletionVectors", "true", "delta.checkpointPolicy", "v2"))
            .build(engine)
            .commit(engine, CloseableIterable.emptyIterable())
            .getVersion();
    return row(id, path, version);
  }

  private Snapshot snapshot(Table table, Optional<Long> version) {
    return tables.loadSnapshot(
        engine, table.id(), table.path(), table.unity(), version, Optional.empty());
  }

  /**
   * @param retries whether it may be rebased on what others committed meanwhile
   */
  private Transaction transaction(Table table, boolean retries) {
    var builder =
        snapshot(table, Optional.empty()).buildUpdateTableTransaction(ENGINE, Operation.WRITE);
    return (retries ? builder : builder.withMaxRetries(0)).build(engine);
  }

  private long append(Transaction transaction, String values) throws IOException {
    Object[] rows = Arrays.stream(values.split(",")).map(Long::valueOf).toArray();
    ColumnarBatch batch =
        new DefaultColumnarBatch(
            rows.length,
            SCHEMA,
            new io.delta.kernel.data.ColumnVector[] {
              DefaultGenericVector.fromArray(LongType.LONG, rows)
            });
    Row state = transaction.getTransactionState(engine);
    CloseableIterator<FilteredColumnarBatch> physical =
        Transaction.transformLogicalData(
            engine,
            state,
            one(new FilteredColumnarBatch(batch, Optional.empty())),
            Collections.emptyMap());
    DataWriteContext context = Transaction.getWriteContext(engine, state, Collections.emptyMap());
    CloseableIterator<DataFileStatus> files =
        engine
            .getParquetHandler()
            .writeParquetFiles(
                context.getTargetDirectory(), physical, context.getStatisticsColumns());
    CloseableIterator<Row> actions =
        Transaction.generateAppendActions(engine, state, files, context);
    return transaction.commit(engine, CloseableIterable.inMemoryIterable(actions)).getVersion();
  }

  private static <T> CloseableIterator<T> one(T value) {
    return io.delta.kernel.internal.util.Utils.singletonCloseableIterator(value);
  }

  private String values(Snapshot snapshot) throws IOException {
    List<Long> values = new ArrayList<>();
    Scan scan = snapshot.getScanBuilder().build();
    Row state = scan.getScanState(engine);
    StructType physical = ScanStateRow.getPhysicalDataReadSchema(state);
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> files = batches.next().getRows()) {
          while (files.hasNext()) {
            Row file = files.next();
            FileStatus status = InternalScanFileUtils.getAddFileStatus(file);
            CloseableIterator<ColumnarBatch> data =
                engine
                    .getParquetHandler()
                    .readParquetFiles(one(status), physical, Optional.empty())
                    .map(read -> read.getData());
            try (CloseableIterator<FilteredColumnarBatch> logical =
                Scan.transformPhysicalData(engine, state, file, data)) {
              while (logical.hasNext()) {
                try (CloseableIterator<Row> rows = logical.next().getRows()) {
                  rows.forEachRemaining(each -> values.add(each.getLong(0)));
                }
              }
            }
          }
        }
      }
    }
    Collections.sort(values);
    return values.toString();
  }

  private void commit(Table table, Optional<Commit> commit, Optional<Long> published)
      throws Exception {
    client.commit(
        table.id(),
        URI.create(table.path()),
        table.delta(),
        commit,
        published,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  /** Commits and never publishes, until that is refused. */
  private String flood(Table table) throws Exception {
    long version = snapshot(table, Optional.empty()).getVersion();
    while (true) {
      version++;
      String name = String.format("%020d.%s.json", version, UUID.randomUUID());
      Path path = new Path(table.path(), "_delta_log/_staged_commits/" + name);
      byte[] actions = "{\"commitInfo\":{}}\n".getBytes(StandardCharsets.UTF_8);
      try (OutputStream file =
          path.getFileSystem(new org.apache.hadoop.conf.Configuration()).create(path)) {
        file.write(actions);
      }
      commit(
          table,
          Optional.of(
              new Commit(
                  version,
                  new org.apache.hadoop.fs.FileStatus(actions.length, false, 0, 0, version, path),
                  version)),
          Optional.empty());
    }
  }
}
