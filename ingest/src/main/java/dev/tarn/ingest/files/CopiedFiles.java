package dev.tarn.ingest.files;

import dev.tarn.engine.copy.FileLoader.Found;
import dev.tarn.engine.copy.FileLoader.Request;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.store.volumes.VolumePaths;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The files of a COPY INTO. Which of them are read is decided here alone: they count as loaded. */
final class CopiedFiles implements Found {
  private static final String RESCUED = "rescueddatacolumn";
  private static final String NAMES = "filenamepattern";

  /** Options of COPY INTO that are not those of a reader. */
  static final Set<String> OPTIONS = Set.of(RESCUED, NAMES);

  private static final Set<String> WITH_RECORDS = Set.of("csv", "json", "xml");

  private final Request request;
  private final String format;
  private final FileListing listing;
  private final Map<String, String> options;

  private CopiedFiles(Request request, FileListing listing, Map<String, String> options) {
    this.request = request;
    this.format = request.format().toLowerCase(Locale.ROOT);
    this.listing = listing;
    this.options = options;
  }

  /**
   * @param lists what is at a path, for whom it may be read
   */
  static CopiedFiles find(Request request, Function<String, FileListing> lists) {
    Map<String, String> options = new HashMap<>(request.options());
    for (String passing : List.of("ignorecorruptfiles", "ignoremissingfiles")) {
      if (Boolean.parseBoolean(options.get(passing))) {
        throw new TarnException(
            ErrorCode.BAD_REQUEST,
            "0A000",
            "[UNSUPPORTED_FEATURE] COPY INTO does not pass over files with '"
                + passing
                + "': they would count as loaded. Leave the option out, and move the file that the"
                + " error names out of the way.",
            null);
      }
    }
    Optional.ofNullable(options.remove(NAMES)).ifPresent(p -> options.put("pathglobfilter", p));
    FileListing listing = lists.apply(request.path());
    if (!request.names().isEmpty()) {
      listing = named(request, listing);
    } else if (request.pattern().isPresent()) {
      String pattern = below(request, request.pattern().get());
      listing = inFolders(listing, lists, pattern);
    } else if (!recursive(options) && !listing.hasPartitionFolders()) {
      listing = listing.only(listing::isDirect);
    }
    return new CopiedFiles(request, listing.chosenBy(options), options);
  }

  private static boolean recursive(Map<String, String> options) {
    return Boolean.parseBoolean(options.get("recursivefilelookup"));
  }

  /** A path below that of the statement, and so in a place that was asked for. */
  private static String below(Request request, String relative) {
    VolumePaths.requireHarmless(relative);
    String path = request.path();
    return (path.endsWith("/") ? path : path + "/") + relative;
  }

  private static FileListing named(Request request, FileListing listing) {
    List<FileStatus> files = new ArrayList<>();
    for (String name : request.names()) {
      VolumePaths.requireHarmless(name);
      Path path = new Path(listing.roots().get(0), new Path(null, null, name));
      files.add(
          listing.files().stream()
              .filter(file -> file.getPath().equals(path))
              .findFirst()
              .orElseThrow(
                  () ->
                      new TarnException(
                          ErrorCode.RESOURCE_DOES_NOT_EXIST,
                          "42K03",
                          "[PATH_NOT_FOUND] There is no file '"
                              + name
                              + "' in '"
                              + request.path()
                              + "'. FILES names files below the path.",
                          null)));
    }
    return listing.only(files::contains);
  }

  private static FileListing inFolders(
      FileListing listing, Function<String, FileListing> lists, String pattern) {
    Set<Path> matching = new HashSet<>();
    try {
      lists.apply(pattern).files().forEach(file -> matching.add(file.getPath()));
    } catch (TarnException e) {
      if (e.code() != ErrorCode.RESOURCE_DOES_NOT_EXIST) {
        throw e;
      }
    }
    return listing.only(file -> matching.contains(file.getPath()));
  }

  @Override
  public List<String> files() {
    return listing.files().stream().map(file -> file.getPath().toString()).toList();
  }

  @Override
  public LogicalPlan read(Set<String> files) {
    FileListing chosen = listing.only(file -> files.contains(file.getPath().toString()));
    Map<String, String> reading = new HashMap<>(options);
    Optional<String> rescued = Optional.ofNullable(reading.remove(RESCUED));
    if (rescued.isPresent() && !WITH_RECORDS.contains(format)) {
      rescued = Optional.empty();
    }
    rescued.ifPresent(
        column -> {
          reading.put("columnnameofcorruptrecord", column);
          reading.put("columnpruning", "false");
        });
    // What one file lacks or has more than another is no reason to lose it.
    reading.putIfAbsent("mergeschema", "true");
    if (format.equals("csv")) {
      // A header in another order would put values into the wrong columns.
      reading.putIfAbsent("enforceschema", "false");
    }
    ListedFiles reader = new ListedFiles(request.spark(), chosen, format, reading);
    StructType schema = reader.inferred().filter(s -> !s.isEmpty()).orElseThrow(this::nothing);
    for (String column : rescued.stream().toList()) {
      if (schema.getFieldIndex(column).isEmpty()) {
        schema = schema.add(column, DataTypes.StringType, true);
      }
    }
    return reader.readWhole(schema);
  }

  private TarnException nothing() {
    return new TarnException(
        ErrorCode.BAD_REQUEST,
        "42KD9",
        "[COPY_INTO_SOURCE_SCHEMA_INFERENCE_FAILED] No file in '"
            + request.path()
            + "' has anything in it that can be read as "
            + format
            + ". Look at the files, and at FILEFORMAT.",
        null);
  }
}
