package dev.tarn.govern.audit;

import java.util.Map;

/**
 * One call as whoever answers it knows it.
 *
 * @param user name of the principal; null if nobody knows who called
 * @param sessionId null outside a session
 * @param parameters what the call is about, by the names that the service has for it
 */
public record AuditedCall(
    Action action,
    String user,
    Origin origin,
    String sessionId,
    Map<String, String> parameters,
    Verdict verdict) {

  /**
   * What was called, in the words of Databricks' audit log.
   *
   * @param service such as {@code unityCatalog}
   * @param name such as {@code createTable}
   */
  public record Action(String service, String name) {}

  /**
   * Where it came from.
   *
   * @param address of the client, as the server sees it
   * @param userAgent as the client names itself; null if it does not
   * @param requestId of this call among all
   */
  public record Origin(String address, String userAgent, String requestId) {}

  /**
   * What became of it.
   *
   * @param status as HTTP counts, whatever the protocol
   * @param error null if nothing went wrong
   */
  public record Verdict(int status, String error) {
    public static final Verdict DONE = new Verdict(200, null);
  }
}
