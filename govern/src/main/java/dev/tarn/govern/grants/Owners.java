package dev.tarn.govern.grants;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Knows who owns a securable; whoever stores securables tells grants through it. */
@FunctionalInterface
public interface Owners {
  /** The owner's user or group name; empty if there is no such securable. */
  Optional<String> ownerOf(Handle handle, Securable securable);

  /** Has a securable looked for where it comes from, if nobody has asked for it before. */
  default void seek(Securable securable) {}

  /** How far the workspace reaches a securable that lies in no other, and what lies in it. */
  default Reach reach(Handle handle, Securable securable) {
    return Reach.ALL;
  }
}
