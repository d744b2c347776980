package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Privilege;
import dev.tarn.kernel.identity.Principal;
import org.jdbi.v3.core.Handle;

/** Who may use storage outside the managed one. Administrators may. */
public interface ExternalPaths {
  /**
   * Requires a privilege such as {@code CREATE EXTERNAL TABLE} on the external location that a path
   * lies in.
   *
   * @throws dev.tarn.kernel.error.TarnException PERMISSION_DENIED also if it lies in none;
   *     INVALID_PARAMETER_VALUE if it is no path
   */
  void require(Principal principal, Privilege privilege, String path);

  /**
   * As {@link #require}, for {@code READ FILES} and {@code WRITE FILES} on the path itself: refused
   * where a table or volume has its files, since their own grants decide.
   */
  void requireFiles(Principal principal, Privilege privilege, String path);

  /**
   * As {@link #require}, of a path that the server itself is to write to: there has to be an
   * external location for it, for administrators too.
   *
   * @throws dev.tarn.kernel.error.TarnException INVALID_PARAMETER_VALUE also if there is none, or
   *     it is read-only
   */
  void requireManaged(Principal principal, Privilege privilege, String path);

  /**
   * @throws dev.tarn.kernel.error.TarnException INVALID_PARAMETER_VALUE if a path lies in no
   *     external location that may be written to
   */
  void requireHeld(Handle handle, String path);
}
