package dev.tarn.platform.database;

/**
 * Section {@code database}: where metadata lives.
 *
 * @param url a JDBC URL of PostgreSQL ({@code jdbc:postgresql://host/db}) or of SQLite; absent:
 *     SQLite in {@code metadata.db} of the data folder
 * @param user user name at PostgreSQL, or null
 * @param password password at PostgreSQL, or null; never logged
 */
public record DatabaseConfig(String url, String user, String password) {
  public static DatabaseConfig defaults() {
    return new DatabaseConfig(null, null, null);
  }

  /** Leaves the password, and what a URL may carry of it, out. */
  @Override
  public String toString() {
    return "DatabaseConfig[url=" + withoutParameters() + ", user=" + user + "]";
  }

  String withoutParameters() {
    return url == null
        ? "(SQLite)"
        : url.replaceFirst("\\?.*$", "").replaceFirst("//[^/@]*@", "//");
  }
}
