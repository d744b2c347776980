package dev.tarn.ingest.rescue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.TaskCompletionListener;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The column with what did not fit, as a JSON object of column and value, and {@code _file_path}.
 * What cannot be parsed at all is in it as {@code _corrupt_record}.
 *
 * @param required the columns asked for, the one of rescued data among them
 * @param all every column that rows may have, without the one of rescued data
 * @param at where that one is in {@code required}
 */
record Rescued(StructType required, StructType all, int at, NewColumns columns)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The option that names the column; Spark's name for it, which its own readers know. */
  static final String COLUMN = "columnnameofcorruptrecord";

  static final String CORRUPT = "_corrupt_record";
  private static final String FILE_PATH = "_file_path";

  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Empty where the column is not asked for, or the reader has been told of no mode. */
  static Optional<Rescued> of(
      StructType data,
      StructType partitions,
      StructType required,
      scala.collection.immutable.Map<String, String> options) {
    Map<String, String> all = new HashMap<>();
    CollectionConverters.asJava(options)
        .forEach((name, value) -> all.put(name.toLowerCase(Locale.ROOT), value));
    String column = all.get(COLUMN);
    String mode = all.get(NewColumns.MODE);
    if (column == null || mode == null || required.getFieldIndex(column).isEmpty()) {
      return Optional.empty();
    }
    StructType known = without(data, column);
    for (var field : partitions.fields()) {
      known = known.add(field);
    }
    return Optional.of(
        new Rescued(
            required,
            known,
            required.fieldIndex(column),
            new NewColumns(EvolutionMode.valueOf(mode), all.getOrDefault(NewColumns.FOLDER, ""))));
  }

  private static StructType without(StructType schema, String column) {
    StructType rest = new StructType();
    for (var field : schema.fields()) {
      if (!field.name().equals(column)) {
        rest = rest.add(field);
      }
    }
    return rest;
  }

  /** What is read from the file itself. */
  StructType parsed() {
    return without(required, required.fields()[at].name());
  }

  boolean knows(String column) {
    return all.getFieldIndex(column).isDefined();
  }

  /** Whether it could be a column of its own: a table tells no names apart by their case. */
  boolean canBeAdded(String column) {
    for (String name : all.fieldNames()) {
      if (name.equalsIgnoreCase(column)) {
        return false;
      }
    }
    return !required.fields()[at].name().equalsIgnoreCase(column);
  }

  /** Closes with the task what is read for it. */
  static void closeAtEnd(Closeable lines) {
    if (TaskContext.get() != null) {
      TaskCompletionListener close =
          task -> {
            try {
              lines.close();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      TaskContext.get().addTaskCompletionListener(close);
    }
  }

  /**
   * @param parsed null where nothing could be
   * @param misfits empty where all is well
   */
  InternalRow row(InternalRow parsed, ObjectNode misfits, String path) {
    Object[] values = new Object[required.length()];
    for (int i = 0, from = 0; i < values.length; i++) {
      if (i != at) {
        values[i] = parsed == null ? null : parsed.get(from, required.fields()[i].dataType());
        from++;
      }
    }
    if (!misfits.isEmpty()) {
      misfits.put(FILE_PATH, path);
      try {
        values[at] = UTF8String.fromString(JSON.writeValueAsString(misfits));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }
    return new GenericInternalRow(values);
  }
}
