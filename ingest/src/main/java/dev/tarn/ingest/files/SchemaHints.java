package dev.tarn.ingest.files;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** {@code schemaHints}: types that the user knows better than inference. */
final class SchemaHints {
  private SchemaHints() {}

  static StructType apply(StructType inferred, StructType hints) {
    List<StructField> fields = new ArrayList<>();
    for (StructField field : inferred.fields()) {
      fields.add(hints.getFieldIndex(field.name()).isDefined() ? hints.apply(field.name()) : field);
    }
    for (StructField hint : hints.fields()) {
      if (inferred.getFieldIndex(hint.name()).isEmpty()) {
        fields.add(hint);
      }
    }
    return new StructType(fields.toArray(StructField[]::new));
  }
}
