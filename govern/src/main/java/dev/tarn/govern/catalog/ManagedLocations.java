package dev.tarn.govern.catalog;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;

/**
 * Where tables and volumes lie whose files Tarn owns: {@code <root>/tables/<uuid>} and {@code
 * <root>/volumes/<id>}. All locations are URIs without trailing slash; local ones begin with {@code
 * file:///}.
 */
public final class ManagedLocations {
  private final String root;

  /**
   * @param storageRoot a URI ({@code abfss://…}, {@code file:///…}) or an absolute path
   */
  public ManagedLocations(String storageRoot) {
    this.root = normalized(storageRoot);
  }

  public String newTable() {
    return root + "/tables/" + UUID.randomUUID();
  }

  public String newVolume(String id) {
    return root + "/volumes/" + id;
  }

  public String root() {
    return root;
  }

  boolean holds(String location) {
    return within(location, root);
  }

  /** Whether {@code inner} is {@code outer} or lies in it; both normalized. */
  static boolean within(String inner, String outer) {
    return inner.equals(outer) || inner.startsWith(outer + "/");
  }

  /**
   * One spelling for one place: no {@code .} or {@code ..}, no double or trailing slash.
   *
   * @throws TarnException INVALID_PARAMETER_VALUE if it is no absolute path or URI
   */
  static String normalized(String location) {
    try {
      if (location == null || location.isBlank()) {
        throw TarnException.invalid("A storage location must not be empty.");
      }
      URI uri =
          location.startsWith("/") ? Path.of(location).normalize().toUri() : new URI(location);
      if (uri.getScheme() == null || uri.getPath() == null || !uri.getPath().startsWith("/")) {
        throw TarnException.invalid(
            "'"
                + location
                + "' is not a storage location. Use an absolute path or a URI such as"
                + " abfss://container@account.dfs.core.windows.net/path.");
      }
      String path = uri.normalize().getRawPath().replaceAll("/{2,}", "/").replaceAll("/$", "");
      if (path.startsWith("/..")) {
        throw TarnException.invalid("Storage location '" + location + "' leads above its root.");
      }
      String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
      return uri.getScheme().toLowerCase(Locale.ROOT) + "://" + authority + path;
    } catch (URISyntaxException e) {
      throw new TarnException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "'" + location + "' is not a storage location: " + e.getReason() + ".",
          e);
    }
  }
}
