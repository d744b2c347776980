package dev.tarn.ingest.rescue;

import dev.tarn.engine.source.SchemaChanged;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Notes of files with columns that a stream's schema lacks, from its readers to whoever plans it
 * next: in a folder of the stream's, one file per note, whose lines are paths.
 *
 * @param folder empty where nobody would look
 */
public record NewColumns(EvolutionMode mode, String folder) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Options by which the two reach a reader of files. */
  public static final String MODE = "tarn.rescue.mode";

  public static final String FOLDER = "tarn.rescue.notes";

  /** To be called where columns are found; returns if their values are to be rescued. */
  void found(List<String> columns, String path) {
    if (mode == EvolutionMode.ADD_NEW_COLUMNS && !folder.isEmpty()) {
      note(path);
      stop(columns, path, "They have been noted; start the stream again to read them.", true);
    }
    if (mode == EvolutionMode.FAIL_ON_NEW_COLUMNS) {
      stop(
          columns,
          path,
          "Add them with schemaHints or schema, take the file away, or say schemaEvolutionMode =>"
              + " 'addNewColumns' or 'rescue'.",
          false);
    }
  }

  private static void stop(List<String> columns, String path, String then, boolean noted) {
    throw NewColumns.<RuntimeException>undeclared(
        new SchemaChanged(
            new TarnException(
                ErrorCode.INVALID_STATE,
                "KD003",
                "[UNKNOWN_FIELD_EXCEPTION.NEW_FIELDS_IN_FILE] The file '"
                    + path
                    + "' has columns that the schema lacks: "
                    + String.join(", ", columns)
                    + ". "
                    + then,
                null),
            noted));
  }

  /** Spark's readers declare no exceptions. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E undeclared(Throwable failure) throws E {
    throw (E) failure;
  }

  private void note(String path) {
    try {
      Path into = Files.createDirectories(Path.of(folder));
      Path temporary = into.resolve("_" + UUID.randomUUID());
      Files.write(temporary, path.getBytes(StandardCharsets.UTF_8));
      Files.move(
          temporary, into.resolve(UUID.randomUUID().toString()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> notes(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> !f.getFileName().toString().startsWith("_")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files that have been noted. */
  public static List<String> noted(Path folder) {
    TreeSet<String> paths = new TreeSet<>();
    try {
      for (Path note : notes(folder)) {
        paths.add(Files.readString(note));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ArrayList<>(paths);
  }

  /** Forgets all notes, once their columns are in the schema. */
  public static void forget(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
