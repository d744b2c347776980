package dev.tarn.govern.catalog;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;

/** Who may bring files that lie outside the managed storage under a name. */
final class External {
  private External() {}

  /**
   * Until external locations exist as securables, administrators only: a name over somebody else's
   * path would hand its files to whoever owns the name.
   */
  static void require(Principal principal, ManagedLocations locations, String location) {
    if (!principal.administrator()) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "42501",
          "PERMISSION_DENIED: User '"
              + principal.name()
              + "' may not use location '"
              + location
              + "'. Only administrators may name files outside the managed storage; leave the"
              + " location out or ask one.",
          null);
    }
    if (locations.holds(location) || ManagedLocations.within(locations.root(), location)) {
      throw TarnException.invalid(
          "Location '" + location + "' overlaps with the managed storage. Choose another one.");
    }
  }
}
