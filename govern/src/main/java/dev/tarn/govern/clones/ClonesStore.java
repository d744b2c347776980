package dev.tarn.govern.clones;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Digests of cloned files as rows. */
final class ClonesStore {
  void insert(Handle handle, String tableId, byte[] digests) {
    handle
        .createUpdate(
            "INSERT INTO cloned_files (table_id, number, digests) VALUES (:id, (SELECT"
                + " COALESCE(MAX(number), 0) + 1 FROM cloned_files WHERE table_id = :id), :digests)")
        .bind("id", tableId)
        .bind("digests", digests)
        .execute();
  }

  List<byte[]> at(Handle handle, String location) {
    return handle
        .createQuery(
            "SELECT c.digests FROM cloned_files c JOIN tables t ON t.table_id = c.table_id"
                + " WHERE t.storage_location = :location")
        .bind("location", location)
        .map((rows, context) -> rows.getBytes(1))
        .list();
  }

  /** Of tables that are gone for good. */
  void forgetGone(Handle handle) {
    handle.execute(
        "DELETE FROM cloned_files WHERE table_id NOT IN (SELECT table_id FROM tables)"
            + " AND table_id NOT IN (SELECT table_id FROM dropped_tables)");
  }
}
