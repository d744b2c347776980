package dev.tarn.ingest.loader;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathFilter;

/**
 * Finds the files that a stream has not taken yet by listing folders, oldest first. Names that
 * begin with {@code _} or {@code .} are no data, by the convention of Hadoop.
 */
final class Discovery {
  /** What is found at once; more than that is found when these have been taken. */
  static final int AT_ONCE = 100_000;

  private static final Comparator<FoundFile> OLDEST_FIRST =
      Comparator.comparingLong(FoundFile::modified).thenComparing(FoundFile::path);

  private final Path location;
  private final Configuration hadoop;
  private final LoaderOptions options;
  private final SeenFiles seen;
  private final PathFilter names;

  Discovery(Path location, Configuration hadoop, LoaderOptions options, SeenFiles seen) {
    this.location = location;
    this.hadoop = hadoop;
    this.options = options;
    this.seen = seen;
    this.names = names(options);
  }

  private static PathFilter names(LoaderOptions options) {
    if (options.pathGlobFilter().isEmpty()) {
      return path -> true;
    }
    try {
      return new GlobFilter(options.pathGlobFilter().get());
    } catch (IOException e) {
      throw LoaderErrors.unlistable(options.pathGlobFilter().get(), e);
    }
  }

  /**
   * @param files not all there are, if {@code more}
   */
  record Found(List<FoundFile> files, boolean more) {}

  Found find() {
    return find(AT_ONCE);
  }

  Found find(int atMost) {
    List<FoundFile> all = all();
    all.sort(OLDEST_FIRST);
    return all.size() > atMost
        ? new Found(List.copyOf(all.subList(0, atMost)), true)
        : new Found(all, false);
  }

  /** All files that are new, in no order. */
  List<FoundFile> all() {
    // A pattern may name a folder and what is in it.
    Map<String, FoundFile> found = new LinkedHashMap<>();
    try {
      FileSystem fs = location.getFileSystem(hadoop);
      FileStatus[] roots = fs.globStatus(location);
      for (FileStatus root : roots == null ? new FileStatus[0] : roots) {
        collect(fs, root, found);
      }
    } catch (IOException e) {
      throw LoaderErrors.unlistable(location.toString(), e);
    }
    return new ArrayList<>(found.values());
  }

  private void collect(FileSystem fs, FileStatus at, Map<String, FoundFile> found)
      throws IOException {
    if (at.isDirectory()) {
      for (FileStatus child : fs.listStatus(at.getPath())) {
        String name = child.getPath().getName();
        if (!name.startsWith("_") && !name.startsWith(".")) {
          collect(fs, child, found);
        }
      }
      return;
    }
    FoundFile file = FoundFile.of(at);
    if (names.accept(at.getPath())
        && options.inTime(file.modified())
        && seen.isNew(file.path(), file.modified(), options.allowOverwrites())) {
      found.put(file.path(), file);
    }
  }
}
