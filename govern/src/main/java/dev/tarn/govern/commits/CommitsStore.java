package dev.tarn.govern.commits;

import dev.tarn.kernel.name.EntityName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Logs and their commits as rows. */
final class CommitsStore {
  /** Versions of a log. */
  record Head(long latest, long published) {}

  void stage(Handle handle, StagingTable table) {
    handle
        .createUpdate(
            "INSERT INTO staging_tables (table_id, catalog_name, schema_name, name,"
                + " staging_location, created_by, created_at) VALUES (:id, :catalog, :schema, :name,"
                + " :location, :by, :at)")
        .bind("id", table.tableId())
        .bind("catalog", table.name().catalog())
        .bind("schema", table.name().schema())
        .bind("name", table.name().name())
        .bind("location", table.location())
        .bind("by", table.createdBy())
        .bind("at", table.createdAt())
        .execute();
  }

  Optional<StagingTable> stagedAt(Handle handle, String location) {
    return handle
        .createQuery("SELECT * FROM staging_tables WHERE staging_location = :location")
        .bind("location", location)
        .map((rows, context) -> staging(rows))
        .findOne();
  }

  Optional<StagingTable> staged(Handle handle, String tableId) {
    return handle
        .createQuery("SELECT * FROM staging_tables WHERE table_id = :id")
        .bind("id", tableId)
        .map((rows, context) -> staging(rows))
        .findOne();
  }

  List<StagingTable> stagedBefore(Handle handle, long at) {
    return handle
        .createQuery("SELECT * FROM staging_tables WHERE created_at < :at")
        .bind("at", at)
        .map((rows, context) -> staging(rows))
        .list();
  }

  /**
   * @return whether it was there
   */
  boolean unstage(Handle handle, String tableId) {
    return handle
            .createUpdate("DELETE FROM staging_tables WHERE table_id = :id")
            .bind("id", tableId)
            .execute()
        == 1;
  }

  private static StagingTable staging(ResultSet rows) throws SQLException {
    return new StagingTable(
        rows.getString("table_id"),
        new EntityName(
            rows.getString("catalog_name"), rows.getString("schema_name"), rows.getString("name")),
        rows.getString("staging_location"),
        rows.getString("created_by"),
        rows.getLong("created_at"));
  }

  void open(Handle handle, String tableId) {
    handle
        .createUpdate(
            "INSERT INTO managed_logs (table_id, latest_version, published_version)"
                + " VALUES (:id, 0, 0)")
        .bind("id", tableId)
        .execute();
  }

  Optional<Head> head(Handle handle, String tableId) {
    return handle
        .createQuery("SELECT * FROM managed_logs WHERE table_id = :id")
        .bind("id", tableId)
        .map(
            (rows, c) ->
                new Head(rows.getLong("latest_version"), rows.getLong("published_version")))
        .findOne();
  }

  /** As {@link #head}; every other writer of this log waits until the transaction ends. */
  Optional<Head> lockedHead(Handle handle, String tableId) {
    handle
        .createUpdate(
            "UPDATE managed_logs SET latest_version = latest_version WHERE table_id = :id")
        .bind("id", tableId)
        .execute();
    return head(handle, tableId);
  }

  void move(Handle handle, String tableId, Head to) {
    handle
        .createUpdate(
            "UPDATE managed_logs SET latest_version = :latest, published_version = :published"
                + " WHERE table_id = :id")
        .bind("id", tableId)
        .bind("latest", to.latest())
        .bind("published", to.published())
        .execute();
  }

  void insert(Handle handle, String tableId, RatifiedCommit commit) {
    handle
        .createUpdate(
            "INSERT INTO ratified_commits (table_id, version, committed_at, file_name, file_size,"
                + " file_modified_at) VALUES (:id, :version, :at, :file, :size, :modified)")
        .bind("id", tableId)
        .bind("version", commit.version())
        .bind("at", commit.timestamp())
        .bind("file", commit.fileName())
        .bind("size", commit.fileSize())
        .bind("modified", commit.fileModificationTimestamp())
        .execute();
  }

  Optional<RatifiedCommit> commit(Handle handle, String tableId, long version) {
    return handle
        .createQuery("SELECT * FROM ratified_commits WHERE table_id = :id AND version = :version")
        .bind("id", tableId)
        .bind("version", version)
        .map((rows, context) -> commit(rows))
        .findOne();
  }

  private static RatifiedCommit commit(ResultSet rows) throws SQLException {
    return new RatifiedCommit(
        rows.getLong("version"),
        rows.getLong("committed_at"),
        rows.getString("file_name"),
        rows.getLong("file_size"),
        rows.getLong("file_modified_at"));
  }

  /**
   * A log with those of its unpublished commits that have some versions, both ends included. One
   * statement, so that no commit comes in between.
   */
  Optional<ManagedLog> log(Handle handle, String tableId, long from, long to) {
    long[] latest = {-1};
    List<RatifiedCommit> commits = new ArrayList<>();
    handle
        .createQuery(
            "SELECT m.latest_version, c.version, c.committed_at, c.file_name, c.file_size,"
                + " c.file_modified_at FROM managed_logs m LEFT JOIN ratified_commits c"
                + " ON c.table_id = m.table_id AND c.version > m.published_version"
                + " AND c.version >= :from AND c.version <= :to"
                + " WHERE m.table_id = :id ORDER BY c.version")
        .bind("id", tableId)
        .bind("from", from)
        .bind("to", to)
        .map(
            (rows, context) -> {
              latest[0] = rows.getLong("latest_version");
              return rows.getString("file_name") == null
                  ? Optional.<RatifiedCommit>empty()
                  : Optional.of(commit(rows));
            })
        .forEach(each -> each.ifPresent(commits::add));
    return latest[0] < 0
        ? Optional.empty()
        : Optional.of(new ManagedLog(tableId, latest[0], commits));
  }

  /**
   * The files of a log's commits.
   *
   * @param after the version before the first
   * @param to the last version
   */
  List<String> staged(Handle handle, String tableId, long after, long to) {
    return handle
        .createQuery(
            "SELECT file_name FROM ratified_commits WHERE table_id = :id AND version > :after"
                + " AND version <= :to")
        .bind("id", tableId)
        .bind("after", after)
        .bind("to", to)
        .mapTo(String.class)
        .list();
  }

  void forgetUpTo(Handle handle, String tableId, long version) {
    handle
        .createUpdate("DELETE FROM ratified_commits WHERE table_id = :id AND version <= :version")
        .bind("id", tableId)
        .bind("version", version)
        .execute();
  }

  /** Logs of tables that are gone for good. */
  void forgetGone(Handle handle) {
    for (String table : List.of("ratified_commits", "managed_logs")) {
      handle.execute(
          "DELETE FROM "
              + table
              + " WHERE table_id NOT IN (SELECT table_id FROM tables)"
              + " AND table_id NOT IN (SELECT table_id FROM dropped_tables)");
    }
  }

  /** The id of the table there, if its log is managed. */
  Optional<String> managedAt(Handle handle, String location) {
    return handle
        .createQuery(
            "SELECT t.table_id FROM tables t JOIN managed_logs m ON m.table_id = t.table_id"
                + " WHERE t.storage_location = :location")
        .bind("location", location)
        .mapTo(String.class)
        .findOne();
  }

  Optional<EntityName> name(Handle handle, String tableId) {
    return handle
        .createQuery("SELECT catalog_name, schema_name, name FROM tables WHERE table_id = :id")
        .bind("id", tableId)
        .map(
            (rows, context) ->
                new EntityName(rows.getString(1), rows.getString(2), rows.getString(3)))
        .findOne();
  }
}
