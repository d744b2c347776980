package dev.tarn.engine.foreign;

import dev.tarn.govern.catalog.ForeignAddress;
import dev.tarn.govern.catalog.ForeignMetadata;
import dev.tarn.govern.catalog.ForeignTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The kinds of databases whose tables are read where they are. */
public final class ForeignSystems implements ForeignMetadata {
  /** A catalog's questions are small: what takes longer is not answered. */
  private static final int SILENT_MILLIS = 30_000;

  private static final Map<String, ForeignSystem> BY_TYPE = byType(List.of(new PostgresSystem()));

  private static Map<String, ForeignSystem> byType(List<ForeignSystem> systems) {
    Map<String, ForeignSystem> byType = new TreeMap<>();
    systems.forEach(each -> byType.put(each.type(), each));
    return Map.copyOf(byType);
  }

  static ForeignSystem of(String type) {
    return BY_TYPE.get(type);
  }

  @Override
  public Set<String> types() {
    return BY_TYPE.keySet();
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask(ForeignSystem system, Connection connection) throws SQLException;
  }

  private static <T> T ask(ForeignAddress at, Question<T> question) {
    ForeignSystem system = of(at.type());
    try (Connection connection = system.open(at, SILENT_MILLIS)) {
      return question.ask(system, connection);
    } catch (SQLException e) {
      throw ForeignFailures.of(at.connection(), e);
    }
  }

  @Override
  public List<String> schemas(ForeignAddress at) {
    return ask(at, ForeignSystem::schemas);
  }

  @Override
  public List<ForeignTable> tables(ForeignAddress at, String schema) {
    return ask(at, (system, connection) -> system.tables(connection, schema, ""));
  }

  @Override
  public List<ForeignTable> table(ForeignAddress at, String schema, String table) {
    return ask(at, (system, connection) -> system.tables(connection, schema, table));
  }
}
