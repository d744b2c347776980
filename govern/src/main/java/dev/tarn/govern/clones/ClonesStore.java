package dev.tarn.govern.clones;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Digests of cloned files as rows. */
final class ClonesStore {
  /** In the place of what stands there of the table. */
  void put(Handle handle, String tableId, List<byte[]> digests) {
    handle
        .createUpdate("DELETE FROM cloned_files WHERE table_id = :id")
        .bind("id", tableId)
        .execute();
    for (int i = 0; i < digests.size(); i++) {
      handle
          .createUpdate(
              "INSERT INTO cloned_files (table_id, number, digests) VALUES (:id, :number, :digests)")
          .bind("id", tableId)
          .bind("number", i)
          .bind("digests", digests.get(i))
          .execute();
    }
  }

  List<byte[]> of(Handle handle, String tableId) {
    return handle
        .createQuery("SELECT digests FROM cloned_files WHERE table_id = :id")
        .bind("id", tableId)
        .map((rows, context) -> rows.getBytes(1))
        .list();
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
