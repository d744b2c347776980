package dev.tarn.ingest.files;

import dev.tarn.ingest.rescue.NewColumns;
import dev.tarn.kernel.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Schemas inferred from files, kept for a pipeline, so that files are looked into only when there
 * are new ones and a column's type never changes under a table. New columns are added at the end.
 */
final class InferredSchemas {
  private final Optional<Path> folder;

  private InferredSchemas(Optional<Path> folder) {
    this.folder = folder;
  }

  /** One that keeps nothing, when there is no folder. */
  static InferredSchemas of(Optional<String> folder) {
    return new InferredSchemas(folder.map(Path::of));
  }

  private record Kept(String position, String schema) {}

  StructType get(Map<String, String> key, String position, Supplier<StructType> infer) {
    if (folder.isEmpty()) {
      return infer.get();
    }
    Path file = folder.get().resolve(name(key) + ".json");
    try {
      if (!Files.exists(file)) {
        return keep(file, position, infer.get());
      }
      Kept kept = Json.read(Files.readString(file), Kept.class);
      StructType schema = (StructType) DataType.fromJson(kept.schema());
      return kept.position().equals(position)
          ? schema
          : keep(file, position, merged(schema, infer.get()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * For files whose readers say when there are new columns: as long as they say nothing no file is
   * looked into.
   *
   * @param first asked for once in the life of the stream
   * @param more the schema of files that have been noted
   */
  StructType evolving(
      Map<String, String> key,
      Supplier<StructType> first,
      Function<List<String>, StructType> more) {
    if (folder.isEmpty()) {
      return first.get();
    }
    Path file = folder.get().resolve(name(key) + ".json");
    Path notes = notes(key).orElseThrow();
    try {
      if (!Files.exists(file)) {
        NewColumns.forget(notes);
        return keep(file, "", first.get());
      }
      StructType schema =
          (StructType) DataType.fromJson(Json.read(Files.readString(file), Kept.class).schema());
      List<String> noted = NewColumns.noted(notes);
      if (!noted.isEmpty()) {
        schema = keep(file, "", merged(schema, more.apply(noted)));
        NewColumns.forget(notes);
      }
      return schema;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where readers note files with new columns. */
  Optional<Path> notes(Map<String, String> key) {
    return folder.map(f -> f.resolve(name(key) + ".new"));
  }

  private static StructType keep(Path file, String position, StructType schema) throws IOException {
    Files.createDirectories(file.getParent());
    Path temporary = Files.createTempFile(file.getParent(), "_schema", ".tmp");
    Files.write(temporary, Json.bytes(new Kept(position, schema.json())));
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    return schema;
  }

  private static StructType merged(StructType kept, StructType inferred) {
    StructType merged = kept;
    for (StructField field : inferred.fields()) {
      if (Arrays.stream(merged.fieldNames()).noneMatch(field.name()::equalsIgnoreCase)) {
        merged = merged.add(field);
      }
    }
    return merged;
  }

  private static String name(Map<String, String> key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(key.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
