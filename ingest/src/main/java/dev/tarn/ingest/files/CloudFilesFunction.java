package dev.tarn.ingest.files;

import dev.tarn.engine.source.Source;
import dev.tarn.engine.source.SourceCall;
import dev.tarn.kernel.error.TarnException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * {@code cloud_files(path, format, map('cloudFiles.…', …))}: a stream of {@code read_files} under
 * the names that Auto Loader had before. Without {@code STREAM} too it is one.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/ingestion/cloud-object-storage/auto-loader/options">Auto
 *     Loader options</a>
 */
public final class CloudFilesFunction implements Source {
  private static final String PREFIX = "cloudfiles.";

  /** What changes nothing here: how Databricks lists, and whether it checks options. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("useincrementallisting", "backfillinterval", "validateoptions");

  private final FileSource files;

  public CloudFilesFunction(FileSource files) {
    this.files = files;
  }

  @Override
  public String function() {
    return "cloud_files";
  }

  @Override
  public List<String> positionals() {
    return List.of("path", "cloudFiles.format", "options");
  }

  @Override
  public LogicalPlan read(SourceCall call) {
    if (call.argument("path").isEmpty() || call.argument("cloudFiles.format").isEmpty()) {
      throw TarnException.invalid(
          "cloud_files needs a path and a format, such as"
              + " cloud_files('/Volumes/main/default/landing/', 'json').");
    }
    return files.read(
        new SourceCall(call.spark(), call.session(), true, Optional.empty(), named(call.named())));
  }

  /** The same in the names of {@code read_files}. */
  private static Map<String, String> named(Map<String, String> given) {
    Map<String, String> named = new LinkedHashMap<>();
    given.forEach(
        (name, value) -> {
          String plain = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
          if (plain.equals("usenotifications") && !value.equalsIgnoreCase("false")) {
            throw TarnException.invalid(
                "The option cloudFiles.useNotifications is not there: files are found by listing."
                    + " Leave it out.");
          }
          if (!WITHOUT_EFFECT.contains(plain) && !plain.equals("usenotifications")) {
            named.put(plain, value);
          }
        });
    named.putIfAbsent("infercolumntypes", "false");
    return named;
  }

  /** Its plans are those of {@code read_files}. */
  @Override
  public Optional<Map<String, String>> describe(LogicalPlan leaf) {
    return Optional.empty();
  }

  @Override
  public String position(Map<String, String> description) {
    return files.position(description);
  }
}
