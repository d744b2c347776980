package dev.tarn.govern.lineage;

import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.lineage.Flow.Source;
import dev.tarn.kernel.name.EntityName;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Events as rows of the lineage tables.
 *
 * @see <a href="https://docs.databricks.com/aws/en/admin/system-tables/lineage">Lineage system
 *     tables reference</a>
 */
final class LineageRows {
  private final LineageLog.Origin origin;
  private final Tables tables;

  LineageRows(LineageLog.Origin origin, Tables tables) {
    this.origin = origin;
    this.tables = tables;
  }

  /** One for each source; one without a source for a write that has none. */
  List<Map<String, Object>> ofTables(LineageEvent event) {
    String eventId = UUID.randomUUID().toString();
    List<Source> sources = new ArrayList<>(event.flow().sources());
    if (sources.isEmpty()) {
      sources.add(new Source(null, null));
    }
    return sources.stream().map(source -> row(event, eventId, source)).toList();
  }

  /** One for each pair of columns. */
  List<Map<String, Object>> ofColumns(LineageEvent event) {
    String eventId = UUID.randomUUID().toString();
    return event.flow().columns().stream()
        .map(
            edge -> {
              Map<String, Object> row = row(event, eventId, Source.of(edge.source().table()));
              row.put("source_column_name", edge.source().name());
              row.put("target_column_name", edge.target());
              return row;
            })
        .toList();
  }

  private Map<String, Object> row(LineageEvent event, String eventId, Source source) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("account_id", origin.accountId());
    row.put("metastore_id", origin.metastoreId());
    row.put("workspace_id", origin.workspaceId());
    LineageEvent.Entity entity = event.entity();
    if (entity != null) {
      row.put("entity_type", entity.type());
      row.put("entity_id", entity.id());
      row.put("entity_run_id", entity.runId());
      Map<String, String> pipeline = new LinkedHashMap<>();
      pipeline.put("dlt_pipeline_id", entity.id());
      pipeline.put("dlt_update_id", entity.runId());
      row.put("entity_metadata", Map.of("dlt_pipeline_info", pipeline));
    }
    relation(row, "source", source.table(), source.path());
    relation(row, "target", event.flow().target().orElse(null), null);
    row.put("created_by", event.user());
    row.put("event_time", event.time().truncatedTo(ChronoUnit.MICROS));
    row.put("event_date", LocalDate.ofInstant(event.time(), ZoneOffset.UTC));
    row.put("record_id", UUID.randomUUID().toString());
    row.put("event_id", eventId);
    row.put("statement_id", event.statementId());
    return row;
  }

  private void relation(Map<String, Object> row, String side, EntityName name, String path) {
    if (name == null) {
      row.put(side + "_path", path);
      row.put(side + "_type", path == null ? null : "PATH");
      return;
    }
    Optional<TableInfo> info = tables.find(name);
    row.put(side + "_table_full_name", name.fullName());
    row.put(side + "_table_catalog", name.catalog());
    row.put(side + "_table_schema", name.schema());
    row.put(side + "_table_name", name.name());
    row.put(side + "_path", info.map(TableInfo::storageLocation).orElse(null));
    row.put(side + "_type", info.map(TableInfo::tableType).map(LineageRows::type).orElse("TABLE"));
  }

  /** As the lineage tables and the lineage API name what a table is. */
  static String type(TableType type) {
    return switch (type) {
      case MANAGED, EXTERNAL, FOREIGN -> "TABLE";
      case VIEW, MATERIALIZED_VIEW, STREAMING_TABLE -> type.name();
    };
  }
}
