package dev.tarn.govern.commits;

import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.DeltaTypes;
import dev.tarn.govern.catalog.TableChange;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.name.EntityName;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Staging tables and commits over HTTP, as Delta's client of Unity Catalog asks for them.
 *
 * @see <a
 *     href="https://github.com/unitycatalog/unitycatalog/blob/main/api/Apis/DeltaCommitsApi.md">Unity
 *     Catalog API: commits of Delta tables</a>
 */
public final class CommitsRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog";

  private final Commits commits;
  private final CommitFile file;

  public CommitsRoutes(Commits commits, CommitFile file) {
    this.commits = commits;
    this.file = file;
  }

  record NewStagingTable(String name, String catalogName, String schemaName) {}

  record Staged(
      String id, String name, String catalogName, String schemaName, String stagingLocation) {}

  record CommitBody(
      String tableId,
      String tableUri,
      RatifiedCommit commitInfo,
      Long latestBackfilledVersion,
      Metadata metadata) {}

  record Metadata(String description, Columns schema, Properties properties) {}

  record Columns(List<Column> columns) {}

  record Column(String name, String typeText, String typeJson, Boolean nullable, String comment) {}

  record Properties(Map<String, String> properties) {}

  record Wanted(String tableId, String tableUri, Long startVersion, Long endVersion) {}

  record Found(List<RatifiedCommit> commits, long latestTableVersion) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post(BASE + "/staging-tables", Access.AUTHENTICATED, this::stage),
        Route.post(BASE + "/delta/preview/commits", Access.AUTHENTICATED, this::commit),
        Route.get(BASE + "/delta/preview/commits", Access.AUTHENTICATED, this::commits));
  }

  private Response stage(Request request) {
    NewStagingTable body = request.json(NewStagingTable.class);
    StagingTable made =
        commits.stage(
            request.principal(),
            new EntityName(body.catalogName(), body.schemaName(), body.name()));
    return Response.json(
        new Staged(
            made.tableId(),
            made.name().name(),
            made.name().catalog(),
            made.name().schema(),
            made.location()));
  }

  private Response commit(Request request) {
    CommitBody body = request.json(CommitBody.class);
    commits.commit(
        request.principal(),
        body.tableId(),
        new CommitRequest(
            requiredPlace(body.tableUri()),
            Optional.ofNullable(body.commitInfo()),
            Optional.ofNullable(body.latestBackfilledVersion()),
            Optional.empty(),
            Optional.ofNullable(body.metadata()).map(CommitsRoutes::change)),
        file);
    return Response.json(Map.of());
  }

  private static String requiredPlace(String tableUri) {
    if (tableUri == null) {
      throw TarnException.invalid("Field 'table_uri' is missing.");
    }
    return tableUri;
  }

  private static Function<TableInfo, TableChange> change(Metadata metadata) {
    Optional<List<ColumnInfo>> columns =
        Optional.ofNullable(metadata.schema())
            .map(Columns::columns)
            .map(
                list ->
                    IntStream.range(0, list.size()).mapToObj(i -> column(list.get(i), i)).toList());
    Optional<Map<String, String>> properties =
        Optional.ofNullable(metadata.properties()).map(Properties::properties);
    return table -> {
      properties.ifPresent(all -> CommitChecks.requireSameTable(table, all));
      return new TableChange(
          Optional.empty(), Optional.ofNullable(metadata.description()), columns, properties);
    };
  }

  private static ColumnInfo column(Column column, int position) {
    if (column.name() == null || column.typeJson() == null) {
      throw TarnException.invalid("Every column needs 'name' and 'type_json'.");
    }
    return DeltaTypes.column(
        DeltaTypes.field(column.name(), column.typeJson(), column.nullable()),
        position,
        column.comment());
  }

  private Response commits(Request request) {
    Wanted wanted = request.json(Wanted.class);
    ManagedLog log =
        commits.log(
            request.principal(),
            wanted.tableId(),
            requiredPlace(wanted.tableUri()),
            wanted.startVersion() == null ? 0 : wanted.startVersion(),
            Optional.ofNullable(wanted.endVersion()));
    return Response.json(
        new Found(
            log.commits().stream()
                .sorted(Comparator.comparingLong(RatifiedCommit::version).reversed())
                .toList(),
            log.latestVersion()));
  }
}
