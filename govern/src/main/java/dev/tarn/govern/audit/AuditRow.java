package dev.tarn.govern.audit;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;

/**
 * A row of {@code system.access.audit}: as JSON, its components in snake_case are the columns.
 *
 * @see <a href="https://docs.databricks.com/aws/en/admin/system-tables/audit-logs">Audit log system
 *     table reference</a>
 */
record AuditRow(
    String accountId,
    String workspaceId,
    String version,
    Instant eventTime,
    LocalDate eventDate,
    String sourceIpAddress,
    String userAgent,
    String sessionId,
    UserIdentity userIdentity,
    String serviceName,
    String actionName,
    String requestId,
    Map<String, String> requestParams,
    Response response,
    String auditLevel,
    String eventId,
    IdentityMetadata identityMetadata) {
  private static final String VERSION = "2.0";

  record UserIdentity(String email, String subjectName) {}

  /**
   * @param runBy who called
   * @param runAs whose rights hold
   */
  record IdentityMetadata(String runBy, String runAs, String actingResource) {}

  record Response(int statusCode, String errorMessage, String result) {}

  static AuditRow of(AuditedCall call, String accountId, String workspaceId, Instant now) {
    Instant time = now.truncatedTo(ChronoUnit.MICROS);
    return new AuditRow(
        accountId,
        workspaceId,
        VERSION,
        time,
        LocalDate.ofInstant(time, ZoneOffset.UTC),
        call.origin().address(),
        Redaction.text(call.origin().userAgent()),
        Redaction.text(call.sessionId()),
        new UserIdentity(call.user(), null),
        call.action().service(),
        call.action().name(),
        call.origin().requestId(),
        Redaction.parameters(call.parameters()),
        new Response(call.verdict().status(), Redaction.text(call.verdict().error()), null),
        "WORKSPACE_LEVEL",
        UUID.randomUUID().toString(),
        new IdentityMetadata(call.user(), call.user(), null));
  }
}
