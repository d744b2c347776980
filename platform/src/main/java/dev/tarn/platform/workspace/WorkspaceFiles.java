package dev.tarn.platform.workspace;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Workspace files: the sources of pipelines and the like. A user has {@code /Users/<name>}, all
 * share {@code /Shared}; administrators have everything. {@code /Workspace} may stand before a
 * path.
 */
public final class WorkspaceFiles {
  /** The size that Databricks sets for an import. */
  private static final int MAX_BYTES = 10 * 1024 * 1024;

  private static final String HALF_WRITTEN = ".tarn-new-";

  private final Path root;

  /**
   * @param root where the files lie; made when the first is written
   */
  public WorkspaceFiles(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /**
   * Writes a file, whole or not at all, and the folders above it.
   *
   * @throws TarnException PERMISSION_DENIED; RESOURCE_ALREADY_EXISTS unless overwriting;
   *     INVALID_PARAMETER_VALUE for a bad path or more than 10 MiB
   */
  public void put(Principal principal, String path, byte[] content, boolean overwrite) {
    String name = allowed(principal, path);
    if (content.length > MAX_BYTES) {
      throw TarnException.invalid("File '" + name + "' is larger than 10 MiB. Use a volume.");
    }
    Path file = inside(name);
    if (file.equals(root)) {
      throw TarnException.invalid("'" + path + "' is a folder. Name a file in it.");
    }
    if (Files.isDirectory(file) || (!overwrite && Files.exists(file))) {
      throw exists(name);
    }
    Path half = null;
    try {
      Files.createDirectories(file.getParent());
      half = file.resolveSibling(HALF_WRITTEN + UUID.randomUUID());
      Files.write(half, content);
      if (overwrite) {
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
      } else {
        // A link fails if the name is taken meanwhile, where a move would replace it.
        Files.createLink(file, half);
      }
    } catch (FileAlreadyExistsException e) {
      throw exists(name);
    } catch (AtomicMoveNotSupportedException | UnsupportedOperationException e) {
      throw failed(name, new IOException(e));
    } catch (IOException e) {
      throw failed(name, e);
    } finally {
      deleteQuietly(half);
    }
  }

  /**
   * @throws TarnException PERMISSION_DENIED; RESOURCE_DOES_NOT_EXIST
   */
  public byte[] read(Principal principal, String path) {
    String name = allowed(principal, path);
    Path file = inside(name);
    if (!Files.isRegularFile(file)) {
      throw missing(name);
    }
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw failed(name, e);
    }
  }

  /**
   * As {@link #read}, of a file that is to run with the principal's rights: others may not have
   * written it.
   *
   * @throws TarnException PERMISSION_DENIED also where somebody else may write who is no
   *     administrator; RESOURCE_DOES_NOT_EXIST
   */
  public byte[] readToRun(Principal principal, String path) {
    String name = allowed(principal, path);
    boolean own = name.startsWith(home(principal) + "/");
    boolean administrators = !isShared(name) && !name.startsWith("/Users/");
    if (!own && !administrators) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "42501",
          "PERMISSION_DENIED: '"
              + name
              + "' is not run with the rights of '"
              + principal.name()
              + "', since others may write it. Move it to /Users/"
              + principal.name()
              + ".",
          null);
    }
    return read(principal, path);
  }

  /**
   * What lies in a folder, by path; a file is listed as itself. In {@code /} and {@code /Users}
   * everybody sees only what they may enter.
   *
   * @throws TarnException PERMISSION_DENIED; RESOURCE_DOES_NOT_EXIST
   */
  public List<WorkspaceObject> list(Principal principal, String path, boolean recursive) {
    String name = normalized(path);
    if (!name.equals("/") && !name.equals("/Users")) {
      requireAccess(principal, name);
    }
    Path start = inside(name);
    if (!Files.exists(start)) {
      if (name.equals("/") || name.equals("/Users") || isHome(principal, name)) {
        return List.of();
      }
      throw missing(name);
    }
    try (Stream<Path> files = Files.walk(start, recursive ? Integer.MAX_VALUE : 1)) {
      return files
          .filter(file -> !file.equals(start) || Files.isRegularFile(file))
          .filter(file -> !file.getFileName().toString().startsWith(HALF_WRITTEN))
          .filter(file -> !Files.isSymbolicLink(file))
          .map(this::describe)
          .filter(object -> object.path().equals("/Users") || mayUse(principal, object.path()))
          .sorted(Comparator.comparing(WorkspaceObject::path))
          .toList();
    } catch (IOException e) {
      throw failed(name, e);
    } catch (UncheckedIOException e) {
      throw failed(name, e.getCause());
    }
  }

  /**
   * @throws TarnException PERMISSION_DENIED; RESOURCE_DOES_NOT_EXIST
   */
  public WorkspaceObject status(Principal principal, String path) {
    String name = allowed(principal, path);
    Path file = inside(name);
    if (!Files.exists(file)) {
      throw missing(name);
    }
    return describe(file);
  }

  /** Makes a folder and those above it; one that exists stays. */
  public void mkdirs(Principal principal, String path) {
    String name = allowed(principal, path);
    try {
      Files.createDirectories(inside(name));
    } catch (FileAlreadyExistsException e) {
      throw exists(name);
    } catch (IOException e) {
      throw failed(name, e);
    }
  }

  /**
   * @throws TarnException RESOURCE_CONFLICT for a folder with something in it unless recursive;
   *     RESOURCE_DOES_NOT_EXIST; PERMISSION_DENIED
   */
  public void delete(Principal principal, String path, boolean recursive) {
    String name = allowed(principal, path);
    Path file = inside(name);
    if (!Files.exists(file)) {
      throw missing(name);
    }
    if (file.equals(root)) {
      throw TarnException.invalid("The root of the workspace cannot be deleted.");
    }
    try {
      List<Path> all = new ArrayList<>();
      try (Stream<Path> files = Files.walk(file)) {
        files.forEach(all::add);
      }
      if (!recursive && all.size() > 1) {
        throw new TarnException(
            ErrorCode.RESOURCE_CONFLICT,
            "Folder '" + name + "' is not empty. Delete it with recursive=true.");
      }
      all.sort(Comparator.reverseOrder());
      for (Path each : all) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw failed(name, e);
    }
  }

  private String allowed(Principal principal, String path) {
    String name = normalized(path);
    requireAccess(principal, name);
    return name;
  }

  private static void requireAccess(Principal principal, String name) {
    if (!mayUse(principal, name)) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "User '"
              + principal.name()
              + "' may not use '"
              + name
              + "'. Use /Users/"
              + principal.name()
              + " or /Shared, or ask an administrator.");
    }
  }

  private static boolean mayUse(Principal principal, String name) {
    return principal.administrator()
        || isShared(name)
        || isHome(principal, name)
        || name.startsWith(home(principal) + "/");
  }

  private static boolean isShared(String name) {
    return name.equals("/Shared") || name.startsWith("/Shared/");
  }

  private static boolean isHome(Principal principal, String name) {
    return name.equals(home(principal));
  }

  private static String home(Principal principal) {
    return "/Users/" + principal.name().toLowerCase(Locale.ROOT);
  }

  /** One spelling for one file: no {@code /Workspace} before it, no slash after it. */
  private static String normalized(String path) {
    if (path == null || !path.startsWith("/")) {
      throw TarnException.invalid(
          "Workspace path '" + path + "' must be absolute, such as /Users/name/file.sql.");
    }
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/")) {
      if (part.isEmpty()) {
        continue;
      }
      if (part.equals("..")
          || part.equals(".")
          || part.startsWith(HALF_WRITTEN)
          || part.chars().anyMatch(c -> c == '\\' || Character.isISOControl(c))) {
        throw TarnException.invalid(
            "Workspace path '" + path + "' has a part that no path may have: '" + part + "'.");
      }
      parts.add(part);
    }
    if (!parts.isEmpty() && parts.get(0).equals("Workspace")) {
      parts.remove(0);
    }
    if (parts.size() > 1 && parts.get(0).equals("Users")) {
      parts.set(1, parts.get(1).toLowerCase(Locale.ROOT));
    }
    return "/" + String.join("/", parts);
  }

  private Path inside(String name) {
    Path file = root.resolve(name.substring(1)).normalize();
    // Names have no '..'; a link that somebody put into the folder could still lead out of it.
    for (Path at = file; at != null && !at.equals(root); at = at.getParent()) {
      if (Files.isSymbolicLink(at)) {
        throw TarnException.invalid("Workspace path '" + name + "' is a link, which is refused.");
      }
    }
    if (!file.startsWith(root)) {
      throw TarnException.invalid("Workspace path '" + name + "' leads out of the workspace.");
    }
    return file;
  }

  private WorkspaceObject describe(Path file) {
    try {
      boolean folder = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
      return new WorkspaceObject(
          folder ? "DIRECTORY" : "FILE",
          "/" + root.relativize(file).toString(),
          Files.getLastModifiedTime(file).toMillis(),
          folder ? 0 : Files.size(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteQuietly(Path half) {
    if (half != null) {
      try {
        Files.deleteIfExists(half);
      } catch (IOException e) {
        // Hidden from every listing; harmless.
      }
    }
  }

  private static TarnException missing(String name) {
    return new TarnException(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "Workspace path '" + name + "' does not exist. /api/2.0/workspace/list shows what does.");
  }

  private static TarnException exists(String name) {
    return new TarnException(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "Workspace path '" + name + "' already exists. Import with overwrite=true to replace it.");
  }

  private static TarnException failed(String name, IOException e) {
    return new TarnException(
        ErrorCode.INTERNAL_ERROR,
        "Workspace path '"
            + name
            + "' could not be read or written ("
            + e.getClass().getSimpleName()
            + "). Check the disk of the data folder.",
        e);
  }
}
