package dev.tarn.ingest.loader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.json.Json;
import org.apache.spark.sql.execution.streaming.Offset;

/**
 * The last batch of files that a stream has taken, written as Spark's own file stream writes its
 * offsets, so that a checkpoint of that one goes on here.
 */
final class LoaderOffset extends Offset {
  static final long NOTHING = -1;

  private final long batch;

  LoaderOffset(long batch) {
    this.batch = batch;
  }

  /**
   * @param offset null before the first batch
   */
  static long batch(org.apache.spark.sql.connector.read.streaming.Offset offset) {
    if (offset == null) {
      return NOTHING;
    }
    if (offset instanceof LoaderOffset own) {
      return own.batch;
    }
    JsonNode json = Json.tree(offset.json());
    if (json.isIntegralNumber()) {
      return json.longValue();
    }
    if (!json.path("logOffset").isIntegralNumber()) {
      throw LoaderErrors.foreignCheckpoint();
    }
    return json.get("logOffset").longValue();
  }

  @Override
  public String json() {
    return "{\"logOffset\":" + batch + "}";
  }
}
