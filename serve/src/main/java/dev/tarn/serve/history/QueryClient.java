package dev.tarn.serve.history;

/**
 * The program that sent a query.
 *
 * @param userAgent as it names itself; at most 500 characters are kept
 */
public record QueryClient(String userAgent) {
  public static final QueryClient UNKNOWN = new QueryClient("");
  private static final int LONGEST = 500;

  public QueryClient {
    userAgent = userAgent == null ? "" : userAgent;
    userAgent = userAgent.length() > LONGEST ? userAgent.substring(0, LONGEST) : userAgent;
  }

  /** Its name without versions, such as {@code DatabricksJDBCDriver}. */
  String application() {
    // What the SDKs say of a program that has not told its name.
    String named = userAgent.strip().replaceFirst("^unknown/\\S+ ", "");
    String first = named.split("[ /;]", 2)[0];
    return first.startsWith("databricks-sdk-java") ? "Databricks SDK for Java" : first;
  }
}
