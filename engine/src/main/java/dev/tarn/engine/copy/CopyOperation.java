package dev.tarn.engine.copy;

import java.util.Map;
import org.apache.spark.sql.delta.DeltaOperationMetrics$;
import org.apache.spark.sql.delta.DeltaOperations;
import scala.Option;
import scala.collection.immutable.Set;
import scala.jdk.javaapi.CollectionConverters;

/** What the history of a table says of a COPY INTO. */
final class CopyOperation extends DeltaOperations.Operation {
  private final int files;

  CopyOperation(int files) {
    super("COPY INTO");
    this.files = files;
  }

  @Override
  public scala.collection.immutable.Map<String, Object> parameters() {
    return scala.collection.immutable.Map$.MODULE$.from(
        CollectionConverters.asScala(Map.<String, Object>of("numSourceFiles", files)));
  }

  @Override
  public Set<String> operationMetrics() {
    return DeltaOperationMetrics$.MODULE$.WRITE();
  }

  @Override
  public boolean checkAddFileWithDeletionVectorStatsAreNotTightBounds() {
    return true;
  }

  @Override
  public Option<Object> isInPlaceFileMetadataUpdate() {
    return Option.apply(false);
  }

  @Override
  public boolean canChangePartitionColumns() {
    return false;
  }
}
