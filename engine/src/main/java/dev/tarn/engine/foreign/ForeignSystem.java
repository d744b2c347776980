package dev.tarn.engine.foreign;

import dev.tarn.govern.catalog.ForeignAddress;
import dev.tarn.govern.catalog.ForeignTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.apache.spark.sql.jdbc.JdbcDialect;

/** A kind of database that tables are read from, through its JDBC driver. */
interface ForeignSystem {
  /** The type of its connections. */
  String type();

  /** The class of its driver. */
  String driver();

  /** What Spark writes its SQL with. */
  JdbcDialect dialect();

  /**
   * Opens a session that can change nothing. No part of the address gets into an URL unchecked:
   * drivers load classes that URLs name.
   *
   * @param silentMillis how long the system may say nothing; 0 for ever
   */
  Connection open(ForeignAddress at, int silentMillis) throws SQLException;

  List<String> schemas(Connection connection) throws SQLException;

  /**
   * @param schema in lower case
   * @param table in lower case; empty for all
   */
  List<ForeignTable> tables(Connection connection, String schema, String table) throws SQLException;

  /** What stands in FROM for a table, with each of its columns as it is read. */
  String from(ForeignTable table);
}
