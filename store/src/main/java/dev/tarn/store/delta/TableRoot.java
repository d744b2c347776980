package dev.tarn.store.delta;

import dev.tarn.govern.clones.ClonedFiles;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.deletionvectors.Base85Codec;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;

/**
 * The folder of a table, against which the log's URI-encoded paths are resolved, and out of which
 * they do not lead: others write logs, and what they name is read with the server's rights. Only
 * what a table was cloned of may lie elsewhere.
 */
public final class TableRoot {
  private final Path folder;
  private final boolean local;
  private final String prefix;
  private final java.nio.file.Path base;
  private final Supplier<ClonedFiles> clonedNow;
  private volatile ClonedFiles cloned = ClonedFiles.NONE;

  /**
   * @param folder with its scheme
   * @param base a local folder that holds this one, or this one: below it no symbolic link is
   *     followed; of no meaning for other file systems
   * @param cloned the files of others that the log may name, as the catalog has them at each call
   */
  TableRoot(Path folder, java.nio.file.Path base, Supplier<ClonedFiles> cloned) {
    this.folder = folder;
    this.local = isLocal(folder);
    this.prefix = text(folder).replaceAll("/+$", "") + "/";
    this.base = base;
    this.clonedNow = cloned;
  }

  /**
   * Of a table that no catalog knows.
   *
   * @param folder with its scheme
   */
  public static TableRoot unknown(Path folder) {
    return SnapshotLoader.root(folder, TablePlaces.unknown());
  }

  Path folder() {
    return folder;
  }

  boolean isLocal() {
    return local;
  }

  static boolean isLocal(Path path) {
    String scheme = path.toUri().getScheme();
    return scheme == null || scheme.equals("file");
  }

  /**
   * A path as the log has it, if it may be read.
   *
   * @throws TarnException INVALID_STATE if it lies in another folder
   */
  String confined(String logged) {
    if (!isPlain(logged)) {
      requireOwn(resolve(logged));
    }
    return logged;
  }

  /**
   * A deletion vector, or null, if it may be read.
   *
   * @throws TarnException INVALID_STATE if it lies in another folder
   */
  DeletionVectorDescriptor confined(DeletionVectorDescriptor vector) {
    if (vector != null && !vector.isInline() && !isPlain(vector)) {
      requireOwn(path(vector));
    }
    return vector;
  }

  /** Where a deletion vector lies that is not inline. */
  String path(DeletionVectorDescriptor vector) {
    try {
      return text(new Path(vector.getAbsolutePath(folder.toString())));
    } catch (RuntimeException e) {
      throw new UnsupportedTableException(
          "the log of the table at '" + folder + "' names a deletion vector by what is no path", e);
    }
  }

  /** A random name in the table's folder, with no folder before it. */
  private static boolean isPlain(DeletionVectorDescriptor vector) {
    return DeletionVectorDescriptor.UUID_DV_MARKER.equals(vector.getStorageType())
        && vector.getPathOrInlineDv().length() == Base85Codec.ENCODED_UUID_LENGTH;
  }

  /**
   * Requires that a file is one that this table's log may name.
   *
   * @param file with its scheme
   * @throws TarnException INVALID_STATE if it is not
   */
  public void requireOwn(Path file) {
    requireOwn(text(file));
  }

  private void requireOwn(String file) {
    if (!isIn(prefix, file) && !isCloned(file)) {
      throw refused("names a file of another folder");
    }
  }

  /**
   * Requires that a file belongs to the log itself.
   *
   * @param file with its scheme
   * @throws TarnException INVALID_STATE if it does not
   */
  public void requireOfLog(Path file) {
    if (!isIn(prefix + "_delta_log/", text(file))) {
      throw refused("goes on in a file of another folder");
    }
  }

  private static boolean isIn(String prefix, String file) {
    return file.startsWith(prefix) && file.length() > prefix.length() && !file.contains("/../");
  }

  private boolean isCloned(String file) {
    if (!cloned.contains(file)) {
      cloned = clonedNow.get();
      return cloned.contains(file);
    }
    return true;
  }

  /**
   * Requires that no symbolic link leads from the table to other files, which no log would show.
   * Who can put links there at the very moment that files are opened is not found out.
   *
   * @param files that are about to be opened; those of other file systems are passed over
   * @throws TarnException INVALID_STATE if one does
   */
  public void requireReal(Collection<Path> files) {
    requireRealTexts(files.stream().map(TableRoot::text).toList());
  }

  /** As the other, of what {@link #resolve} answers. */
  void requireRealTexts(Collection<String> files) {
    SymbolicLinks links = links();
    files.forEach(file -> requireReal(file, links));
  }

  /**
   * @param links that {@link #links} answered
   */
  void requireReal(String file, SymbolicLinks links) {
    if (file.startsWith("/") && !isReal(file, links)) {
      throw refused("leads to files elsewhere by a symbolic link");
    }
  }

  SymbolicLinks links() {
    return new SymbolicLinks(base);
  }

  /** A file that is not there leads nowhere. */
  private boolean isReal(String file, SymbolicLinks links) {
    java.nio.file.Path path = java.nio.file.Path.of(file);
    if (file.startsWith(prefix)) {
      return !links.leadTo(path);
    }
    try {
      return isCloned(path.toRealPath().toString());
    } catch (IOException e) {
      return true;
    }
  }

  /**
   * @throws TarnException INVALID_STATE if the folder itself is reached by a symbolic link
   */
  public void requireReal() {
    requireRealTexts(List.of(prefix + "_delta_log"));
  }

  /**
   * Requires that there are no symbolic links in the table's folder at all: whoever deletes what
   * does not belong there would follow them.
   *
   * @throws TarnException INVALID_STATE if there is one; TEMPORARILY_UNAVAILABLE if the folder
   *     cannot be looked through
   */
  public void requireNoLinks() {
    if (local) {
      requireReal();
      try {
        Files.walkFileTree(java.nio.file.Path.of(text(folder)), new NoLinks());
      } catch (IOException e) {
        throw new TarnException(
            ErrorCode.TEMPORARILY_UNAVAILABLE,
            "The folder of the table at '"
                + folder
                + "' could not be looked through for symbolic links, so nothing was deleted: "
                + e.getMessage()
                + ". Check its permissions, and run the statement again.",
            e);
      }
    }
  }

  /** Others may delete files meanwhile. */
  private final class NoLinks extends SimpleFileVisitor<java.nio.file.Path> {
    @Override
    public FileVisitResult visitFile(java.nio.file.Path file, BasicFileAttributes attributes) {
      if (attributes.isSymbolicLink()) {
        throw new TarnException(
            ErrorCode.INVALID_STATE,
            "55000",
            "The folder of the table at '"
                + folder
                + "' has a symbolic link in it, '"
                + java.nio.file.Path.of(text(folder)).relativize(file)
                + "', and what it leads to would be deleted as well. Remove the link from the"
                + " folder, and run the statement again.",
            null);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(java.nio.file.Path file, IOException problem)
        throws IOException {
      return gone(problem);
    }

    @Override
    public FileVisitResult postVisitDirectory(java.nio.file.Path folder, IOException problem)
        throws IOException {
      return problem == null ? FileVisitResult.CONTINUE : gone(problem);
    }

    private static FileVisitResult gone(IOException problem) throws IOException {
      if (problem instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw problem;
    }
  }

  /** Gathers what a table may name that is cloned of this one. */
  public SourceFiles sourceFiles() {
    return new SourceFiles(this);
  }

  private TarnException refused(String what) {
    return new TarnException(
        ErrorCode.INVALID_STATE,
        "55000",
        "The log of the table at '"
            + folder
            + "' "
            + what
            + ", which it may not: whoever writes the log could read what is there. If the table is"
            + " a shallow clone that was not made by CREATE TABLE … SHALLOW CLONE here, make it so."
            + " Else whoever owns it can restore a version from before, have its rows written again,"
            + " or drop it.",
        null);
  }

  /**
   * Where a file lies: a path in the local file system, or a URI with another scheme; decoded in
   * either case.
   *
   * @param logged relative or absolute, as the log has it
   */
  String resolve(String logged) {
    if (isPlain(logged)) {
      return prefix + logged;
    }
    try {
      return text(new Path(folder, new Path(new URI(logged))));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new UnsupportedTableException(
          "the log of the table at '" + folder + "' names a file by what is not a URI", e);
    }
  }

  /** Whether decoding and resolving would change nothing; so it is for nearly all files. */
  private static boolean isPlain(String logged) {
    char before = '/';
    for (int i = 0; i < logged.length(); i++) {
      char c = logged.charAt(i);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_'
              || c == '='
              || ((c == '.' || c == '/') && before != '/' && before != '.');
      if (!plain) {
        return false;
      }
      before = c;
    }
    return !logged.isEmpty() && before != '/';
  }

  /** An absolute local path, or a URI of another file system, decoded. */
  public static String text(Path path) {
    return isLocal(path) ? path.toUri().getPath() : path.toString();
  }
}
