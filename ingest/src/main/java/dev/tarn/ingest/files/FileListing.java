package dev.tarn.ingest.files;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.store.objects.ObjectStores;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.util.CaseInsensitiveMap$;
import org.apache.spark.sql.execution.datasources.PathFilterFactory$;
import org.apache.spark.sql.execution.datasources.PathFilterStrategy;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The data files under a location; names that begin with {@code _} or {@code .} are not data, by
 * the convention of Hadoop.
 *
 * @param location URI of a folder, a file, or a glob; null for some of the files there
 * @param roots what is there at the location itself
 */
record FileListing(String location, List<Path> roots, List<FileStatus> files) {
  private static final int LOOKED_INTO = 1_000;

  private static final Map<String, String> FORMATS =
      Map.ofEntries(
          Map.entry("csv", "csv"),
          Map.entry("json", "json"),
          Map.entry("jsonl", "json"),
          Map.entry("ndjson", "json"),
          Map.entry("parquet", "parquet"),
          Map.entry("orc", "orc"),
          Map.entry("txt", "text"),
          Map.entry("tsv", "csv"),
          Map.entry("xml", "xml"),
          Map.entry("avro", "avro"));

  /**
   * @param shown the path as the user wrote it, for messages
   */
  static FileListing of(ObjectStores stores, String location, String shown) {
    try {
      Path path = new Path(location);
      FileSystem fs = stores.of(path);
      FileStatus[] roots = fs.globStatus(path);
      if (roots == null || roots.length == 0) {
        throw new FileNotFoundException(shown);
      }
      // A pattern may name a folder and what is in it.
      Map<String, FileStatus> files = new TreeMap<>();
      for (FileStatus root : roots) {
        collect(fs, root, files);
      }
      return new FileListing(
          location,
          Arrays.stream(roots).map(FileStatus::getPath).distinct().toList(),
          List.copyOf(files.values()));
    } catch (FileNotFoundException e) {
      throw new TarnException(
          ErrorCode.RESOURCE_DOES_NOT_EXIST,
          "42K03",
          "[PATH_NOT_FOUND] The path '" + shown + "' does not exist. Upload files to it first.",
          e);
    } catch (IOException e) {
      throw new TarnException(
          ErrorCode.TEMPORARILY_UNAVAILABLE,
          "58030",
          "The path '" + shown + "' cannot be listed: " + e.getMessage() + ".",
          e);
    }
  }

  private static void collect(FileSystem fs, FileStatus at, Map<String, FileStatus> files)
      throws IOException {
    if (at.isFile()) {
      files.put(at.getPath().toString(), at);
      return;
    }
    for (FileStatus child : fs.listStatus(at.getPath())) {
      String name = child.getPath().getName();
      if (!name.startsWith("_") && !name.startsWith(".")) {
        collect(fs, child, files);
      }
    }
  }

  /** Of the files those that are chosen. */
  FileListing only(Predicate<FileStatus> chosen) {
    return new FileListing(location, roots, files.stream().filter(chosen).toList());
  }

  /** Of the files those that the options of a reader choose, by lower-case name. */
  FileListing chosenBy(Map<String, String> options) {
    List<PathFilterStrategy> filters =
        CollectionConverters.asJava(
            PathFilterFactory$.MODULE$.create(
                CaseInsensitiveMap$.MODULE$.apply(
                    scala.collection.immutable.Map$.MODULE$.from(
                        CollectionConverters.asScala(options)))));
    return only(file -> filters.stream().allMatch(filter -> filter.accept(file)));
  }

  /** Whether the file lies at the location, and not in a folder below. */
  boolean isDirect(FileStatus file) {
    return roots.contains(file.getPath()) || roots.contains(file.getPath().getParent());
  }

  /**
   * Some of the files, to look into: those that are named, and a number of those that came after.
   */
  FileListing since(List<String> named) {
    Set<String> names = Set.copyOf(named);
    long from =
        files.stream()
            .filter(f -> names.contains(f.getPath().toString()))
            .mapToLong(FileStatus::getModificationTime)
            .min()
            .orElse(Long.MAX_VALUE);
    return new FileListing(
        null,
        roots,
        files.stream()
            .filter(f -> f.getModificationTime() >= from)
            .sorted(
                Comparator.comparing((FileStatus f) -> !names.contains(f.getPath().toString()))
                    .thenComparing(FileStatus::getModificationTime))
            .limit(Math.max(LOOKED_INTO, names.size()))
            .toList());
  }

  /** What is to be loaded to read them. */
  String[] paths() {
    return location != null
        ? new String[] {location}
        : files.stream().map(f -> f.getPath().toString()).toArray(String[]::new);
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  /** Whether files lie in folders named {@code column=value}, which Spark reads as columns. */
  boolean hasPartitionFolders() {
    return !partitionColumns().isEmpty();
  }

  /** What folders named {@code column=value}, below the location, say of their files. */
  Set<String> partitionColumns() {
    Set<String> columns = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Set<Path> above = new HashSet<>(roots);
    for (FileStatus file : files) {
      if (above.contains(file.getPath())) {
        continue;
      }
      for (Path at = file.getPath().getParent();
          at != null && !above.contains(at);
          at = at.getParent()) {
        if (at.getName().indexOf('=') > 0) {
          columns.add(at.getName().substring(0, at.getName().indexOf('=')));
        }
      }
    }
    return columns;
  }

  Optional<String> formatOfNames() {
    for (FileStatus file : files) {
      String name = file.getPath().getName().toLowerCase(Locale.ROOT);
      if (name.endsWith(".gz") || name.endsWith(".bz2") || name.endsWith(".zst")) {
        name = name.substring(0, name.lastIndexOf('.'));
      }
      String format = FORMATS.get(name.substring(name.lastIndexOf('.') + 1));
      if (format != null) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  String position() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (FileStatus f : files) {
        digest.update(
            (f.getPath() + "\n" + f.getLen() + "\n" + f.getModificationTime() + "\n")
                .getBytes(StandardCharsets.UTF_8));
      }
      return files.size() + ":" + HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
