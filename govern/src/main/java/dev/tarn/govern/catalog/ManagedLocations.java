package dev.tarn.govern.catalog;

import dev.tarn.kernel.error.TarnException;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where tables and volumes lie whose files Tarn owns: {@code <root>/tables/<uuid>}, {@code
 * <root>/volumes/<id>} and {@code <root>/models/<id>}, under the root that {@link ManagedStorage}
 * decides on. All locations are URIs without trailing slash, as Hadoop's {@code Path} reads them:
 * nothing in them is percent-encoded. Local ones begin with {@code file:///}.
 */
public final class ManagedLocations {
  private static final Pattern LOCATION =
      Pattern.compile(
          "(?:(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?://(?<authority>[^/]*))?)?(?<path>/.*)",
          Pattern.DOTALL);

  /** A URI without a path: all that is there. */
  private static final Pattern CONTAINER = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/]+");

  /** An authority of Azure's store with the port that need not be said. */
  private static final Pattern DEFAULT_PORT = Pattern.compile("abfss://.*:443|abfs://.*:80");

  /** What readers of files take for a pattern of names, and which more than one place may match. */
  private static final Pattern NAME_PATTERN = Pattern.compile("[*?\\[\\]{}\\\\]");

  private static final String TABLES = "/tables/";

  private final String root;

  /**
   * @param storageRoot a URI ({@code abfss://…}, {@code file:///…}) or an absolute path
   */
  public ManagedLocations(String storageRoot) {
    this.root = normalized(storageRoot);
  }

  public String newTable() {
    return root + TABLES + UUID.randomUUID();
  }

  public String newVolume(String id) {
    return root + "/volumes/" + id;
  }

  public String newModel(String id) {
    return root + "/models/" + id;
  }

  /** The storage that a managed table lies in, whosever it is now. */
  public static ManagedLocations holding(String tableLocation) {
    return new ManagedLocations(tableLocation.substring(0, tableLocation.lastIndexOf(TABLES)));
  }

  /** Where a pipeline keeps how far it has read what its tables here are made of. */
  public String pipeline(String id) {
    return root + "/pipelines/" + id;
  }

  public String root() {
    return root;
  }

  /** Whether a normalized location lies in the managed storage, or this in it. */
  public boolean overlaps(String location) {
    return overlap(location, root);
  }

  /** Whether one lies in the other, however they are spelt; both normalized. */
  public static boolean overlap(String one, String other) {
    String a = secured(one);
    String b = secured(other);
    return within(a, b) || within(b, a);
  }

  /**
   * Requires that a location is one folder, whoever reads it: checks compare it as it stands.
   *
   * @return the location
   * @throws TarnException INVALID_PARAMETER_VALUE if it has characters of a pattern in it
   */
  public static String requireOnePlace(String location) {
    if (NAME_PATTERN.matcher(location).find()) {
      throw TarnException.invalid(
          "Location '"
              + location
              + "' has one of * ? [ ] { } \\ in it, which stand for patterns of names. Choose a"
              + " folder without them.");
    }
    return location;
  }

  /** One text for one place, however it is spelt. */
  public static String identity(String location) {
    return secured(normalized(location));
  }

  /** Azure's store is the same with and without TLS. */
  private static String secured(String location) {
    return location.startsWith("abfs://")
        ? "abfss" + location.substring("abfs".length())
        : location;
  }

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE if it {@link #overlaps}
   */
  public void requireOutside(String location) {
    if (overlaps(location)) {
      throw TarnException.invalid(
          "Location '" + location + "' overlaps with the managed storage. Choose another one.");
    }
  }

  boolean holds(String location) {
    return within(location, root);
  }

  /**
   * Whether two spellings mean one place.
   *
   * @throws TarnException INVALID_PARAMETER_VALUE if one is no location
   */
  public static boolean same(String one, String other) {
    return normalized(one).equals(normalized(other));
  }

  /** Whether {@code inner} is {@code outer} or lies in it; both normalized. */
  public static boolean within(String inner, String outer) {
    return inner.equals(outer) || inner.startsWith(outer + "/");
  }

  /**
   * One spelling for one place: scheme, authority and a path without {@code .}, double or trailing
   * slash.
   *
   * @throws TarnException INVALID_PARAMETER_VALUE if it is no absolute path or URI, or has {@code
   *     ..} in it
   */
  public static String normalized(String location) {
    String text = location == null ? "" : location.strip();
    Matcher parts = LOCATION.matcher(CONTAINER.matcher(text).matches() ? text + "/" : text);
    if (!parts.matches()) {
      throw TarnException.invalid(
          "'"
              + location
              + "' is not a storage location. Use an absolute path or a URI such as"
              + " abfss://container@account.dfs.core.windows.net/path.");
    }
    String scheme = parts.group("scheme") == null ? "file" : parts.group("scheme");
    String authority = parts.group("authority") == null ? "" : parts.group("authority");
    StringBuilder path = new StringBuilder();
    for (String segment : parts.group("path").split("/")) {
      if (segment.equals("..") || segment.chars().anyMatch(Character::isISOControl)) {
        throw TarnException.invalid(
            "Storage location '" + location + "' has '..' or a control character in it.");
      }
      if (!segment.isEmpty() && !segment.equals(".")) {
        path.append('/').append(segment);
      }
    }
    String store = (scheme + "://" + authority).toLowerCase(Locale.ROOT);
    Matcher port = DEFAULT_PORT.matcher(store);
    return (port.matches() ? store.substring(0, store.lastIndexOf(':')) : store) + path;
  }
}
