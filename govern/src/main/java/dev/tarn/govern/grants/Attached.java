package dev.tarn.govern.grants;

import java.util.Collection;
import org.jdbi.v3.core.Handle;

/** What hangs on securables, such as tags: it goes and moves with them, in the same transaction. */
public interface Attached {
  /** Drops what hangs on a securable that goes, and on all inside it. */
  void forget(Handle handle, Securable securable);

  /** Whether anything hangs on a securable that somebody has put there. */
  default boolean hangsOn(Handle handle, Securable securable) {
    return false;
  }

  /** Takes along what hangs on a securable, and on all inside it, to its new name. */
  void moved(Handle handle, Securable from, Securable to);

  /**
   * Takes along what hangs on a table that is dropped to where it waits to come back; drops what
   * does not come back.
   */
  default void dropped(Handle handle, Securable table, Securable waiting) {
    moved(handle, table, waiting);
  }

  /**
   * Drops what hangs on columns that a table has no more.
   *
   * @param columns names of those it has, in any case
   */
  default void columns(Handle handle, Securable table, Collection<String> columns) {}

  /** Takes along what hangs on a column to its new name, and what elsewhere refers to it. */
  default void columnMoved(Handle handle, Securable table, String from, String to) {}
}
