package dev.tarn.govern.lineage;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.name.EntityName;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The lineage API. Clients send its parameters in the body of a GET, or in the URL.
 *
 * @see <a href="https://docs.databricks.com/aws/en/data-governance/unity-catalog/data-lineage">View
 *     data lineage using Unity Catalog</a>
 */
public final class LineageRoutes implements Capability {
  private static final String BASE = "/api/2.0/lineage-tracking/";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.S").withZone(ZoneOffset.UTC);

  private final Lineage lineage;
  private final LongSupplier workspaceId;

  public LineageRoutes(Lineage lineage, LongSupplier workspaceId) {
    this.lineage = lineage;
    this.workspaceId = workspaceId;
  }

  record Asked(String tableName, String columnName, Boolean includeEntityLineage) {}

  /** All but {@code has_permission} is left out of what the asker may not know of. */
  record TableNode(
      String name,
      String catalogName,
      String schemaName,
      String tableType,
      String lineageTimestamp,
      Boolean hasPermission) {}

  record FileNode(String path, String lineageTimestamp, Boolean hasPermission) {}

  record PipelineNode(
      Long workspaceId, String pipelineId, String updateId, String lineageTimestamp) {}

  record Node(
      @JsonProperty("tableInfo") TableNode tableInfo,
      @JsonProperty("fileInfo") FileNode fileInfo,
      @JsonProperty("pipelineInfos") List<PipelineNode> pipelineInfos) {}

  record TableAnswer(List<Node> upstreams, List<Node> downstreams) {}

  record ColumnNode(
      String name,
      String catalogName,
      String schemaName,
      String tableName,
      String tableType,
      String lineageTimestamp,
      Boolean hasPermission) {}

  record ColumnAnswer(List<ColumnNode> upstreamCols, List<ColumnNode> downstreamCols) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(BASE + "table-lineage", Access.AUTHENTICATED, this::table),
        Route.get(BASE + "column-lineage", Access.AUTHENTICATED, this::column));
  }

  private static Asked asked(Request request) {
    Optional<String> table = request.query("table_name");
    Asked asked =
        table.isPresent()
            ? new Asked(
                table.get(),
                request.query("column_name").orElse(null),
                request.query("include_entity_lineage").map(Boolean::parseBoolean).orElse(null))
            : request.json(Asked.class);
    if (asked.tableName() == null) {
      throw TarnException.invalid("Give the table as table_name, such as 'main.sales.orders'.");
    }
    return asked;
  }

  private Response table(Request request) {
    Asked asked = asked(request);
    boolean entities = Boolean.TRUE.equals(asked.includeEntityLineage());
    Lineage.OfTable found =
        lineage.ofTable(request.principal(), EntityName.parse(asked.tableName()));
    return Response.json(
        new TableAnswer(
            found.upstream().stream().map(each -> node(each, entities)).toList(),
            found.downstream().stream().map(each -> node(each, entities)).toList()));
  }

  private Node node(Lineage.Neighbour each, boolean entities) {
    String at = each.at() == 0 ? null : time(each.at());
    List<PipelineNode> pipelines =
        each.entity()
            .filter(entity -> entities)
            .map(e -> List.of(new PipelineNode(workspaceId.getAsLong(), e.id(), e.runId(), at)))
            .orElse(null);
    if (each.file()) {
      return new Node(
          null, new FileNode(each.path().orElse(null), at, each.path().isPresent()), pipelines);
    }
    return new Node(
        each.table()
            .map(
                t ->
                    new TableNode(
                        t.name().name(),
                        t.name().catalog(),
                        t.name().schema(),
                        LineageRows.type(t.tableType()),
                        at,
                        true))
            .orElse(new TableNode(null, null, null, null, null, false)),
        null,
        pipelines);
  }

  private Response column(Request request) {
    Asked asked = asked(request);
    if (asked.columnName() == null) {
      throw TarnException.invalid("Give the column as column_name.");
    }
    Lineage.OfColumn found =
        lineage.ofColumn(
            request.principal(), EntityName.parse(asked.tableName()), asked.columnName());
    return Response.json(
        new ColumnAnswer(
            found.upstream().stream().map(LineageRoutes::column).toList(),
            found.downstream().stream().map(LineageRoutes::column).toList()));
  }

  private static ColumnNode column(Lineage.ColumnNeighbour each) {
    if (each.table().isEmpty()) {
      return new ColumnNode(null, null, null, null, null, null, false);
    }
    TableInfo table = each.table().get();
    return new ColumnNode(
        each.column().get(),
        table.name().catalog(),
        table.name().schema(),
        table.name().name(),
        LineageRows.type(table.tableType()),
        time(each.at()),
        true);
  }

  private static String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis));
  }
}
