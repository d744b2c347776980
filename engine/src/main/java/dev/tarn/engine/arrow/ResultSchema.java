package dev.tarn.engine.arrow;

import dev.tarn.engine.sql.ResultColumn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.ArrowUtils;

/** The columns of a Spark result, and the Arrow schema that its batches have. */
public final class ResultSchema {
  public static final String ZONE = "UTC";

  private final StructType schema;

  public ResultSchema(StructType schema) {
    this.schema = schema;
  }

  public List<ResultColumn> columns() {
    return Arrays.stream(schema.fields())
        .map(f -> new ResultColumn(f.name(), f.dataType().sql(), f.nullable()))
        .toList();
  }

  /** The encapsulated IPC schema message; each field's metadata tells drivers its SQL type. */
  public byte[] arrow() {
    Schema arrow = ArrowUtils.toArrowSchema(schema, ZONE, false, false);
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < schema.length(); i++) {
      fields.add(named(arrow.getFields().get(i), schema.fields()[i]));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      MessageSerializer.serialize(new WriteChannel(Channels.newChannel(out)), new Schema(fields));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static Field named(Field field, StructField spark) {
    Map<String, String> metadata = new HashMap<>(field.getMetadata());
    metadata.put("Spark:DataType:SqlName", spark.dataType().sql());
    metadata.put("Spark:DataType:JsonType", spark.dataType().json());
    FieldType type = field.getFieldType();
    return new Field(
        field.getName(),
        new FieldType(type.isNullable(), type.getType(), type.getDictionary(), metadata),
        field.getChildren());
  }
}
