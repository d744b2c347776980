package dev.tarn.ingest.files;

import dev.tarn.engine.source.SourceCall;
import dev.tarn.ingest.rescue.EvolutionMode;
import dev.tarn.ingest.rescue.NewColumns;
import dev.tarn.ingest.rescue.RescuingCsv;
import dev.tarn.ingest.rescue.RescuingJson;
import dev.tarn.kernel.error.TarnException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a stream does with what its schema does not have.
 *
 * @param reader what reads its files and tells of new columns; empty for Spark's own
 */
record Evolution(boolean streaming, EvolutionMode mode, Optional<String> reader) {
  private static final String MODE = "schemaevolutionmode";

  /**
   * @param options of the reader
   */
  static Evolution of(SourceCall call, String format, Map<String, String> options) {
    boolean given = call.argument("schema").isPresent();
    EvolutionMode mode =
        call.argument(MODE)
            .map(EvolutionMode::of)
            .orElse(given ? EvolutionMode.RESCUE : EvolutionMode.ADD_NEW_COLUMNS);
    if (given && mode == EvolutionMode.ADD_NEW_COLUMNS) {
      throw TarnException.invalid(
          "read_files: schemaEvolutionMode => 'addNewColumns' is for a schema that is inferred. Say"
              + " schemaHints => '…' instead of schema => '…'.");
    }
    boolean told = call.streaming() && mode != EvolutionMode.NONE && !multiLine(options);
    Optional<String> reader = Optional.empty();
    if (told && format.equals("json")) {
      reader = Optional.of(RescuingJson.class.getName());
    } else if (told && format.equals("csv") && !given && header(options)) {
      // With a schema that is given, values are taken by their places, as Spark does.
      reader = Optional.of(RescuingCsv.class.getName());
    }
    return new Evolution(call.streaming(), mode, reader);
  }

  /** Whether misfits have a column, which {@code none} has only if it is named. */
  static boolean rescues(SourceCall call) {
    return call.argument("rescueddatacolumn").isPresent()
        || call.argument(MODE).filter(m -> EvolutionMode.of(m) == EvolutionMode.NONE).isEmpty();
  }

  private static boolean multiLine(Map<String, String> options) {
    return Boolean.parseBoolean(options.get("multiline"));
  }

  private static boolean header(Map<String, String> options) {
    return Boolean.parseBoolean(options.get("header"));
  }

  /** Whether the schema stays as it is until a reader says that it is to grow. */
  boolean keeps() {
    return streaming && (reader.isPresent() || mode != EvolutionMode.ADD_NEW_COLUMNS);
  }

  /** Tells the reader, beside its other options, what to do. */
  void into(Map<String, String> options, Optional<Path> notes) {
    if (reader.isPresent()) {
      options.put(NewColumns.MODE, mode.name());
      notes.ifPresent(folder -> options.put(NewColumns.FOLDER, folder.toString()));
    }
  }
}
