package dev.tarn.store.system;

import dev.tarn.govern.audit.AuditLog;
import dev.tarn.govern.grants.Grants;
import dev.tarn.kernel.name.EntityName;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import java.time.Clock;
import java.util.Map;

/** {@code system.access.audit}: a record of every call. */
public final class AuditTable {
  private static final StringType TEXT = StringType.STRING;

  /**
   * @see <a href="https://docs.databricks.com/aws/en/admin/system-tables/audit-logs">Audit log
   *     system table reference</a>
   */
  private static final StructType SCHEMA =
      new StructType()
          .add("account_id", TEXT)
          .add("workspace_id", TEXT)
          .add("version", TEXT)
          .add("event_time", TimestampType.TIMESTAMP)
          .add(JournalTable.DAY, DateType.DATE)
          .add("source_ip_address", TEXT)
          .add("user_agent", TEXT)
          .add("session_id", TEXT)
          .add("user_identity", new StructType().add("email", TEXT).add("subject_name", TEXT))
          .add("service_name", TEXT)
          .add("action_name", TEXT)
          .add("request_id", TEXT)
          .add("request_params", new MapType(TEXT, TEXT, true))
          .add(
              "response",
              new StructType()
                  .add("status_code", IntegerType.INTEGER)
                  .add("error_message", TEXT)
                  .add("result", TEXT))
          .add("audit_level", TEXT)
          .add("event_id", TEXT)
          .add(
              "identity_metadata",
              new StructType()
                  .add("run_by", TEXT)
                  .add("run_as", TEXT)
                  .add("acting_resource", TEXT));

  private AuditTable() {}

  /**
   * @param folder of the tables of schema {@code system.access}
   * @param hadoopSettings how to reach object stores: {@code fs.…} settings of Hadoop
   */
  public static JournalTable of(AuditLog log, String folder, Map<String, String> hadoopSettings) {
    return new JournalTable(
        new JournalTable.Definition(
            new EntityName(Grants.SYSTEM_CATALOG, "access", "audit"),
            "A record of every call",
            SCHEMA,
            folder + "/audit",
            log.config().retentionDays()),
        log::moveTo,
        log.config().move(),
        hadoopSettings,
        Clock.systemUTC());
  }
}
