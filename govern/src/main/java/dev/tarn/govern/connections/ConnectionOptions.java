package dev.tarn.govern.connections;

import dev.tarn.kernel.error.TarnException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Options of connections, and which types there are. What is not known to be harmless is a secret.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-connection">CREATE
 *     CONNECTION</a>
 */
public final class ConnectionOptions {
  private static final int LONGEST = 10_000;
  private static final Set<String> TYPES =
      Set.of(
          "BIGQUERY",
          "DATABRICKS",
          "GLUE",
          "HIVE_METASTORE",
          "HTTP",
          "JDBC",
          "MYSQL",
          "ORACLE",
          "POSTGRESQL",
          "POWER_BI",
          "REDSHIFT",
          "SALESFORCE",
          "SALESFORCE_DATA_CLOUD",
          "SERVICENOW",
          "SNOWFLAKE",
          "SQLDW",
          "SQLSERVER",
          "TERADATA",
          "WORKDAY_RAAS");
  private static final Set<String> AT_A_HOST =
      Set.of(
          "DATABRICKS",
          "HTTP",
          "MYSQL",
          "ORACLE",
          "POSTGRESQL",
          "REDSHIFT",
          "SNOWFLAKE",
          "SQLDW",
          "SQLSERVER",
          "TERADATA");
  private static final Set<String> SHOWN =
      Set.of(
          "host",
          "port",
          "user",
          "database",
          "service_name",
          "sslmode",
          "httppath",
          "sfwarehouse",
          "sfrole",
          "encrypt",
          "trustservercertificate",
          "applicationintent",
          "base_path",
          "client_id",
          "oauth_scope",
          "token_endpoint",
          "authorization_endpoint",
          "credential");

  private ConnectionOptions() {}

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE for an unknown one
   */
  static String type(String text) {
    String type = text == null ? "" : text.strip().toUpperCase(Locale.ROOT);
    if (!TYPES.contains(type)) {
      throw TarnException.invalid(
          "'"
              + text
              + "' is not a type of connection. Use one of: "
              + String.join(", ", new TreeSet<>(TYPES))
              + ".");
    }
    return type;
  }

  /** Whether the option may be shown, and be written in a statement. */
  public static boolean isShown(String name) {
    return SHOWN.contains(name.toLowerCase(Locale.ROOT));
  }

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE without what connections of the type need
   */
  static void check(String type, Map<String, String> options) {
    Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    byName.putAll(options);
    if (AT_A_HOST.contains(type) && byName.getOrDefault("host", "").isBlank()) {
      throw TarnException.invalid("A connection of type " + type + " needs the option 'host'.");
    }
    String port = byName.getOrDefault("port", "0");
    if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
      throw TarnException.invalid("The option 'port' is a number from 1 to 65535.");
    }
    requireValues(options);
  }

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE for an option that is empty or too long
   */
  public static void requireValues(Map<String, String> options) {
    options.forEach(
        (name, value) -> {
          if (name.isBlank() || value == null || value.length() > LONGEST) {
            throw TarnException.invalid(
                "The option '" + name + "' has no value, or one that is too long.");
          }
        });
  }
}
