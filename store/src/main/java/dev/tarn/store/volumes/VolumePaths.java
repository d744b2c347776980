package dev.tarn.store.volumes;

import dev.tarn.govern.catalog.ManagedLocations;
import dev.tarn.govern.catalog.VolumeInfo;
import dev.tarn.govern.catalog.Volumes;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Paths of files in volumes, {@code /Volumes/catalog/schema/volume/…}, turned into storage URIs for
 * those who may use them. Whatever a path says, what comes out lies inside the volume.
 */
public final class VolumePaths {
  private static final String SCHEME = "dbfs:";
  private static final String ROOT = "/Volumes/";
  private static final String LOCAL = "file://";

  private final Volumes volumes;
  private final Grants grants;

  public VolumePaths(Volumes volumes, Grants grants) {
    this.volumes = volumes;
    this.grants = grants;
  }

  /** A path taken apart; {@code rest} are the checked names below the volume. */
  private record Parsed(EntityName volume, List<String> rest) {}

  public boolean isVolumePath(String path) {
    return path != null && withoutScheme(path).startsWith(ROOT);
  }

  /** Whether the path is a volume's own, with nothing below. */
  boolean isRoot(String path) {
    return isVolumePath(path) && segments(path).size() == 3;
  }

  /** The volume that a path names; empty if it names none. */
  public Optional<EntityName> volumeOf(String path) {
    return isVolumePath(path) && segments(path).size() >= 3
        ? Optional.of(parse(path).volume())
        : Optional.empty();
  }

  /**
   * The storage URI of a file or folder, not percent-encoded, without trailing slash. Glob patterns
   * pass; they too stay inside.
   *
   * @throws TarnException PERMISSION_DENIED without {@code READ VOLUME} and {@code USE} on the way;
   *     VOLUME_DOES_NOT_EXIST; INVALID_PARAMETER_VALUE for a path that is malformed or leads out of
   *     the volume
   */
  public String resolveForRead(Principal principal, String path) {
    return resolve(principal, Privilege.READ_VOLUME, path);
  }

  /** As {@link #resolveForRead}, for {@code WRITE VOLUME}. */
  public String resolveForWrite(Principal principal, String path) {
    return resolve(principal, Privilege.WRITE_VOLUME, path);
  }

  private String resolve(Principal principal, Privilege privilege, String path) {
    if (!isVolumePath(path)) {
      throw TarnException.invalid(
          "'" + path + "' is not a path in a volume. Write /Volumes/catalog/schema/volume/….");
    }
    Parsed parsed = parse(path);
    grants.requireVolume(principal, privilege, parsed.volume());
    VolumeInfo volume =
        volumes
            .find(parsed.volume())
            .orElseThrow(
                () ->
                    TarnException.notFound(
                        ErrorCode.VOLUME_DOES_NOT_EXIST, "Volume", parsed.volume().fullName()));
    String root = volume.storageLocation();
    if (volume.volumeType().equals("EXTERNAL")) {
      // Such volumes can no longer be made.
      ManagedLocations.requireOnePlace(root);
    }
    if (root.startsWith(LOCAL)) {
      refuseLinksOut(Path.of(root.substring(LOCAL.length())), parsed.rest(), path);
    }
    return parsed.rest().isEmpty() ? root : root + "/" + String.join("/", parsed.rest());
  }

  private static String withoutScheme(String path) {
    return path.startsWith(SCHEME) ? path.substring(SCHEME.length()) : path;
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : withoutScheme(path).substring(ROOT.length()).split("/")) {
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return segments;
  }

  private static Parsed parse(String path) {
    List<String> segments = segments(path);
    if (segments.size() < 3) {
      throw TarnException.invalid(
          "'" + path + "' names no volume. Write /Volumes/catalog/schema/volume/….");
    }
    for (String segment : segments) {
      requireHarmless(segment, path);
    }
    return new Parsed(
        new EntityName(segments.get(0), segments.get(1), segments.get(2)),
        List.copyOf(segments.subList(3, segments.size())));
  }

  /**
   * Refuses a path that a reader might take for another than it seems.
   *
   * @throws TarnException INVALID_PARAMETER_VALUE
   */
  public static void requireHarmless(String path) {
    for (String segment : path.split("/")) {
      requireHarmless(segment, path);
    }
  }

  /**
   * No reader below may take the name for a way up: neither as it stands, nor percent-decoded (even
   * twice), nor in a compatibility form of Unicode, nor as an alternative of a glob ({@code
   * {../x,y}}).
   */
  private static void requireHarmless(String segment, String path) {
    String form = segment;
    for (int decoded = 0; decoded < 3; decoded++) {
      if (form.chars().anyMatch(c -> Character.isISOControl(c) || c == '\\')) {
        throw refused(path, "has a backslash or a control character in it");
      }
      for (String part : Normalizer.normalize(form, Normalizer.Form.NFKC).split("[/{},]", -1)) {
        if (part.equals("..") || part.equals(".")) {
          throw refused(path, "has '.' or '..' in it");
        }
      }
      form = decoded(form);
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // A percent sign that encodes nothing is part of the name.
    }
  }

  private static void refuseLinksOut(Path root, List<String> rest, String path) {
    Path at = root;
    for (String segment : rest) {
      at = at.resolve(segment);
      if (Files.isSymbolicLink(at)) {
        requireInside(root, at, path);
      }
    }
  }

  private static void requireInside(Path root, Path link, String path) {
    if (!leadsInside(root, link)) {
      throw refused(path, "is a link that leads out of the volume, or nowhere");
    }
  }

  /** Whether what a file or link stands for lies in the folder. */
  static boolean leadsInside(Path root, Path file) {
    try {
      return file.toRealPath().startsWith(root.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  private static TarnException refused(String path, String why) {
    return TarnException.invalid(
        "Path '" + path + "' " + why + ". Name a file inside the volume directly.");
  }
}
