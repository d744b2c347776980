package dev.tarn.serve.connect;

import dev.tarn.engine.spark.ConnectRows;
import org.apache.spark.connect.proto.ExecutePlanResponse;
import org.apache.spark.connect.proto.ExecutePlanResponse.ArrowBatch;
import org.apache.spark.connect.proto.Relation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.util.TypeUtils$;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connect.common.DataTypeProtoConverter;
import org.apache.spark.sql.connect.config.Connect;
import org.apache.spark.sql.connect.planner.SparkConnectPlanner;
import org.apache.spark.sql.connect.service.ExecuteHolder;
import org.apache.spark.sql.connect.utils.MetricGenerator$;
import org.apache.spark.sql.execution.DoNotCleanup$;
import org.apache.spark.sql.execution.RemoveShuffleFiles$;
import org.apache.spark.sql.execution.ShuffleCleanupMode;
import org.apache.spark.sql.execution.arrow.ArrowConverters$;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.sparkproject.connect.protobuf.ByteString;

/**
 * Sends the rows of a query as its client takes them. Spark gathers whole partitions in the
 * server's heap, and all answers behind them, however slowly the client reads.
 */
final class BoundedResults {
  private static final int LEAST_CHUNK = 1024;

  private final ExecuteHolder operation;
  private final SparkSession session;
  private final int chunk;
  private long rows;

  BoundedResults(ExecuteHolder operation) {
    this.operation = operation;
    this.session = operation.session();
    this.chunk = operation.resultChunkingEnabled() ? chunk() : Integer.MAX_VALUE;
  }

  private int chunk() {
    Object most =
        session
            .sessionState()
            .conf()
            .getConf(Connect.CONNECT_SESSION_RESULT_CHUNKING_MAX_CHUNK_SIZE());
    int largest = ((Number) most).intValue();
    var preferred = operation.preferredArrowChunkSize();
    int wanted = preferred.isEmpty() ? largest : (Integer) preferred.get();
    return wanted >= LEAST_CHUNK && wanted <= largest ? wanted : largest;
  }

  /**
   * @param produced called once all rows are there, if not all sent
   */
  void send(SparkConnectPlanner planner, Relation query, Runnable produced) throws Exception {
    SQLConf conf = session.sessionState().conf();
    Dataset<Row> found =
        Dataset.ofRows(
            session,
            planner.transformRelation(query, true),
            operation.eventsManager().createQueryPlanningTracker(),
            cleanup(conf));
    StructType schema = found.schema();
    operation
        .responseObserver()
        .onNext(
            answer().setSchema(DataTypeProtoConverter.toConnectProtoType(schema, false)).build());
    TypeUtils$.MODULE$.failUnsupportedDataType(schema, conf);
    String zone = conf.sessionLocalTimeZone();
    boolean large = conf.arrowUseLargeVarTypes();
    try (Delivery delivery = new Delivery(operation.jobTag())) {
      ConnectRows.send(
          found,
          zone,
          large,
          produced,
          (stream, count) -> {
            delivery.add(rows, stream.length);
            batch(stream, count);
          });
      if (rows == 0) {
        batch(ArrowConverters$.MODULE$.createEmptyArrowBatch(schema, zone, false, large), 0);
      }
    }
    operation
        .responseObserver()
        .onNext(MetricGenerator$.MODULE$.createMetricsResponse(operation.sessionHolder(), found));
  }

  private static ShuffleCleanupMode cleanup(SQLConf conf) {
    return (Boolean) conf.getConf(SQLConf.CONNECT_SHUFFLE_DEPENDENCY_FILE_CLEANUP_ENABLED())
        ? RemoveShuffleFiles$.MODULE$
        : DoNotCleanup$.MODULE$;
  }

  private void batch(byte[] stream, long count) {
    int chunks = Math.max(1, (int) Math.ceil((double) stream.length / chunk));
    for (int i = 0; i < chunks; i++) {
      int from = i * chunk;
      int length = Math.min(chunk, stream.length - from);
      ArrowBatch.Builder batch =
          ArrowBatch.newBuilder()
              .setRowCount(count)
              .setStartOffset(rows)
              .setData(ByteString.copyFrom(stream, from, length));
      if (operation.resultChunkingEnabled()) {
        batch.setChunkIndex(i).setNumChunksInBatch(chunks);
      }
      operation.responseObserver().onNext(answer().setArrowBatch(batch).build());
    }
    rows += count;
  }

  private ExecutePlanResponse.Builder answer() {
    return ExecutePlanResponse.newBuilder()
        .setSessionId(operation.sessionHolder().sessionId())
        .setServerSideSessionId(operation.sessionHolder().serverSessionId());
  }
}
