package dev.tarn.store.delta;

import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.fs.Path;

/** The folder of a table, against which the log's URI-encoded paths are resolved. */
final class TableRoot {
  private final Path folder;
  private final boolean local;
  private final String prefix;

  /**
   * @param folder with its scheme
   */
  TableRoot(Path folder) {
    this.folder = folder;
    this.local = "file".equals(folder.toUri().getScheme());
    this.prefix = text(folder) + "/";
  }

  Path folder() {
    return folder;
  }

  boolean isLocal() {
    return local;
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

  private static String text(Path path) {
    URI uri = path.toUri();
    return uri.getScheme() == null || uri.getScheme().equals("file")
        ? uri.getPath()
        : path.toString();
  }
}
