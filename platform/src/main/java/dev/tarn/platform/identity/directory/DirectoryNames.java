package dev.tarn.platform.identity.directory;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.Locale;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** The one namespace of users, service principals and groups, since grants are made to any. */
final class DirectoryNames {
  /** Everybody is in these; they have no rows. */
  static final Set<String> EVERYBODY = Set.of("account users", "users");

  private static final int MAX_NAME = 255;

  private DirectoryNames() {}

  /** As names are stored; empty, which nobody is called, for what cannot be a name. */
  static String lower(String name) {
    return name == null || name.chars().anyMatch(Character::isISOControl)
        ? ""
        : name.strip().toLowerCase(Locale.ROOT);
  }

  static String require(String name) {
    String stored = lower(name);
    requireText("A name of a user or group", stored);
    if (stored.isEmpty()
        || stored.chars().anyMatch(c -> c == '/' || c == '\\')
        || stored.equals(".")
        || stored.equals("..")) {
      throw TarnException.invalid(
          "A name of a user or group has 1 to 255 characters, none of them '/', '\\' or a control"
              + " character.");
    }
    return stored;
  }

  static String requireText(String what, String text) {
    if (text.length() > MAX_NAME || text.chars().anyMatch(Character::isISOControl)) {
      throw TarnException.invalid(
          what + " has at most 255 characters, none of them a control character.");
    }
    return text;
  }

  static void requireFree(Handle handle, DirectoryStore store, String name) {
    if (EVERYBODY.contains(name) || store.groupId(handle, name).isPresent()) {
      throw TarnException.alreadyExists("Group", name);
    }
    if (store.principalId(handle, name).isPresent()) {
      throw TarnException.alreadyExists("User", name);
    }
  }

  static void requireAdministrator(Principal principal, String what) {
    if (!principal.administrator()) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "User '" + principal.name() + "' may not " + what + ". Ask an administrator.");
    }
  }
}
