package dev.tarn.engine.foreign;

import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.ForeignAddress;
import dev.tarn.govern.catalog.ForeignColumn;
import dev.tarn.govern.catalog.ForeignTable;
import dev.tarn.kernel.error.TarnException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.spark.sql.jdbc.JdbcDialect;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * PostgreSQL. Texts are read under the collation C: Spark compares and sorts them by their bytes,
 * which are those of UTF-8 only in databases whose encoding that is, or that has none. Others would
 * also refuse a constant that their encoding has not.
 *
 * @see <a href="https://www.postgresql.org/docs/current/catalogs.html">System catalogs</a>
 */
final class PostgresSystem implements ForeignSystem {
  private static final String HOST = "[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]";
  private static final String CONNECT_SECONDS = "10";

  /** Whatever the server's own settings are. */
  private static final String SETTINGS =
      "-c default_transaction_read_only=on -c standard_conforming_strings=on"
          + " -c datestyle=ISO -c intervalstyle=postgres -c bytea_output=hex";

  private static final String SCHEMAS =
      "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_'"
          + " AND nspname <> 'information_schema' ORDER BY nspname";

  private static final String COLUMNS =
      "SELECT n.nspname, c.relname, pg_catalog.obj_description(c.oid, 'pg_class') AS about,"
          + " a.attname, a.attnotnull AND c.relkind IN ('r', 'p') AS required,"
          + " pg_catalog.col_description(c.oid, a.attnum) AS column_about,"
          + " CASE t.typtype WHEN 'd' THEN b.typname ELSE t.typname END AS type_name,"
          + " CASE t.typtype WHEN 'd' THEN t.typtypmod ELSE a.atttypmod END AS type_mod,"
          + " co.collname IN ('C', 'POSIX', 'ucs_basic') OR co.collname = 'default'"
          + " AND d.datcollate IN ('C', 'POSIX')"
          + " AND coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') = 'c' AS by_bytes,"
          + " pg_catalog.pg_encoding_to_char(d.encoding) IN ('UTF8', 'SQL_ASCII') AS utf8"
          + " FROM pg_catalog.pg_class c"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
          + " AND NOT a.attisdropped"
          + " JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
          + " LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype"
          + " LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation"
          + " CROSS JOIN (SELECT * FROM pg_catalog.pg_database"
          + " WHERE datname = pg_catalog.current_database()) d"
          + " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_'"
          + " AND n.nspname <> 'information_schema' AND pg_catalog.lower(n.nspname) = ?"
          + " AND (? = '' OR pg_catalog.lower(c.relname) = ?)"
          + " ORDER BY n.nspname COLLATE \"C\" DESC, c.relname COLLATE \"C\" DESC, a.attnum";

  @Override
  public String type() {
    return "POSTGRESQL";
  }

  @Override
  public String driver() {
    return org.postgresql.Driver.class.getName();
  }

  @Override
  public JdbcDialect dialect() {
    return new ForeignPostgres();
  }

  @Override
  public Connection open(ForeignAddress at, int silentMillis) throws SQLException {
    Map<String, String> options = at.options();
    String host = options.getOrDefault("host", "");
    String port = options.getOrDefault("port", "5432");
    if (!host.matches(HOST) || !port.matches("\\d{1,5}")) {
      throw TarnException.invalid(
          "The option 'host' of connection '"
              + at.connection()
              + "' is no name or address of a host, or 'port' no number.");
    }
    Properties properties = new Properties();
    properties.put("ApplicationName", "Tarn");
    properties.put("connectTimeout", CONNECT_SECONDS);
    properties.put("loginTimeout", CONNECT_SECONDS);
    properties.put("socketTimeout", Integer.toString(silentMillis / 1000));
    properties.put("cancelSignalTimeout", CONNECT_SECONDS);
    properties.put("tcpKeepAlive", "true");
    properties.put("readOnly", "true");
    properties.put("logServerErrorDetail", "false");
    properties.put("options", SETTINGS);
    for (String name : List.of("user", "password", "sslmode")) {
      if (options.containsKey(name)) {
        properties.put(name, options.get(name));
      }
    }
    return new org.postgresql.Driver()
        .connect(
            "jdbc:postgresql://"
                + host
                + ":"
                + port
                + "/"
                + URLEncoder.encode(options.getOrDefault("database", ""), StandardCharsets.UTF_8)
                    .replace("+", "%20"),
            properties);
  }

  @Override
  public List<String> schemas(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(SCHEMAS);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  @Override
  public List<ForeignTable> tables(Connection connection, String schema, String table)
      throws SQLException {
    List<ForeignTable> tables = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setString(1, schema);
      statement.setString(2, table);
      statement.setString(3, table);
      try (ResultSet rows = statement.executeQuery()) {
        ForeignTable open = null;
        List<ForeignColumn> columns = new ArrayList<>();
        while (rows.next()) {
          String at = rows.getString("nspname");
          String name = rows.getString("relname");
          if (open == null || !open.schema().equals(at) || !open.name().equals(name)) {
            close(open, columns, tables);
            open = new ForeignTable(at, name, rows.getString("about"), List.of());
            columns.clear();
          }
          columns.add(column(rows, columns.size()));
        }
        close(open, columns, tables);
      }
    }
    return tables;
  }

  private static void close(
      ForeignTable open, List<ForeignColumn> columns, List<ForeignTable> tables) {
    if (open != null) {
      tables.add(new ForeignTable(open.schema(), open.name(), open.comment(), columns));
    }
  }

  private static ForeignColumn column(ResultSet rows, int position) throws SQLException {
    String name = rows.getString("attname");
    PostgresType type =
        PostgresType.of(
            rows.getString("type_name"), rows.getInt("type_mod"), rows.getBoolean("by_bytes"));
    DataType spark = type.spark();
    return new ForeignColumn(
        new ColumnInfo(
            name,
            spark.sql().toLowerCase(java.util.Locale.ROOT),
            spark.json(),
            position,
            !rows.getBoolean("required"),
            rows.getString("column_about")),
        type.read(quoted(name)),
        rows.getBoolean("utf8") || !spark.equals(DataTypes.StringType));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public String from(ForeignTable table) {
    String name = quoted(table.schema()) + '.' + quoted(table.name());
    boolean plain =
        table.columns().stream().allMatch(each -> each.sql().equals(quoted(each.info().name())));
    return plain
        ? name
        : table.columns().stream()
            .map(
                each ->
                    each.sql().equals(quoted(each.info().name()))
                        ? each.sql()
                        : each.sql() + " AS " + quoted(each.info().name()))
            .collect(Collectors.joining(", ", "(SELECT ", " FROM " + name + ") AS t"));
  }
}
