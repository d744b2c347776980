package dev.tarn.store.system;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.journal.Journal;
import dev.tarn.govern.lineage.LineageConfig;
import dev.tarn.govern.lineage.LineageLog;
import dev.tarn.kernel.name.EntityName;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * {@code system.access.table_lineage} and {@code column_lineage}: which statements read what, and
 * put it where.
 *
 * @see <a href="https://docs.databricks.com/aws/en/admin/system-tables/lineage">Lineage system
 *     tables reference</a>
 */
public final class LineageTables {
  private static final StringType TEXT = StringType.STRING;

  private LineageTables() {}

  /**
   * @param folder of the tables of schema {@code system.access}
   * @param hadoopSettings how to reach object stores: {@code fs.…} settings of Hadoop
   */
  public static JournalTable ofTables(
      LineageLog log, LineageConfig config, String folder, Map<String, String> hadoopSettings) {
    return table(
        "table_lineage",
        "What statements read, and which tables they put it into",
        schema(false),
        log::moveTables,
        config,
        folder,
        hadoopSettings);
  }

  /** As {@link #ofTables}, for columns. */
  public static JournalTable ofColumns(
      LineageLog log, LineageConfig config, String folder, Map<String, String> hadoopSettings) {
    return table(
        "column_lineage",
        "Which columns statements read, and which columns they made of them",
        schema(true),
        log::moveColumns,
        config,
        folder,
        hadoopSettings);
  }

  private static JournalTable table(
      String name,
      String comment,
      StructType schema,
      Consumer<Journal.Target> source,
      LineageConfig config,
      String folder,
      Map<String, String> hadoopSettings) {
    return new JournalTable(
        new JournalTable.Definition(
            new EntityName(Grants.SYSTEM_CATALOG, "access", name),
            comment,
            schema,
            folder + '/' + name,
            config.retentionDays()),
        source,
        config.move(),
        hadoopSettings,
        Clock.systemUTC());
  }

  private static StructType schema(boolean columns) {
    StructType schema =
        texts(
            new StructType(),
            "account_id",
            "metastore_id",
            "workspace_id",
            "entity_type",
            "entity_id",
            "entity_run_id");
    for (String side : List.of("source", "target")) {
      schema =
          texts(
              schema,
              side + "_table_full_name",
              side + "_table_catalog",
              side + "_table_schema",
              side + "_table_name",
              side + "_path",
              side + "_type");
      if (columns) {
        schema = schema.add(side + "_column_name", TEXT);
      }
    }
    return texts(
            schema
                .add("created_by", TEXT)
                .add("event_time", TimestampType.TIMESTAMP)
                .add(JournalTable.DAY, DateType.DATE),
            "record_id",
            "event_id",
            "statement_id")
        .add("entity_metadata", entityMetadata());
  }

  private static StructType entityMetadata() {
    return texts(
            new StructType().add("job_info", texts(new StructType(), "job_id", "job_run_id")),
            "dashboard_id",
            "legacy_dashboard_id",
            "notebook_id",
            "sql_query_id")
        .add("dlt_pipeline_info", texts(new StructType(), "dlt_pipeline_id", "dlt_update_id"));
  }

  private static StructType texts(StructType schema, String... names) {
    StructType all = schema;
    for (String name : names) {
      all = all.add(name, TEXT);
    }
    return all;
  }
}
