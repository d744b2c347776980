package dev.tarn.engine.foreign;

import dev.tarn.govern.catalog.ForeignAddress;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.execution.datasources.jdbc.JDBCOptions;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** How Spark is told of a foreign table; it shows none of it but the table. */
final class ForeignOptions {
  private static final String OPTION = "tarn.option.";
  private static final String CONNECTION = "tarn.connection";
  private static final String TYPE = "tarn.type";
  private static final String FETCHED = "10000";

  private ForeignOptions() {}

  /** Which dialect is meant; it leads nowhere. */
  static String url(String type) {
    return "jdbc:tarn:" + type.toLowerCase(Locale.ROOT) + ":";
  }

  /**
   * @param from what stands in FROM
   * @param parts as {@link ForeignParts#of} answers
   */
  static JDBCOptions of(ForeignAddress at, String from, Map<String, String> parts) {
    ForeignSystem system = ForeignSystems.of(at.type());
    Map<String, String> options = new HashMap<>();
    at.options().forEach((name, value) -> options.put(OPTION + name, value));
    options.put(CONNECTION, at.connection());
    options.put(TYPE, at.type());
    options.put(JDBCOptions.JDBC_DRIVER_CLASS(), system.driver());
    options.put(JDBCOptions.JDBC_BATCH_FETCH_SIZE(), FETCHED);
    options.putAll(parts);
    return new JDBCOptions(
        url(at.type()),
        from,
        scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(options)));
  }

  static ForeignAddress address(JDBCOptions options) {
    Map<String, String> all = new HashMap<>();
    CollectionConverters.asJava(options.parameters())
        .forEach((name, value) -> all.put(name.toLowerCase(Locale.ROOT), value));
    Map<String, String> own = new HashMap<>();
    all.forEach(
        (name, value) -> {
          if (name.startsWith(OPTION)) {
            own.put(name.substring(OPTION.length()), value);
          }
        });
    return new ForeignAddress(all.get(CONNECTION), all.get(TYPE), own);
  }

  /** Opens a session for each part that is read, wherever Spark reads it. */
  static final class Opening extends AbstractFunction1<Object, Connection> implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A long query says nothing until it has its first row. */
    private static final int SILENT_MILLIS = 30 * 60 * 1000;

    private final String connection;
    private final String type;
    private final HashMap<String, String> options;

    Opening(ForeignAddress at) {
      this.connection = at.connection();
      this.type = at.type();
      this.options = new HashMap<>(at.options());
    }

    @Override
    public Connection apply(Object partition) {
      ForeignAddress at = new ForeignAddress(connection, type, options);
      try {
        return ForeignSession.of(ForeignSystems.of(type).open(at, SILENT_MILLIS), connection);
      } catch (SQLException e) {
        throw ForeignFailures.of(connection, e);
      }
    }
  }
}
