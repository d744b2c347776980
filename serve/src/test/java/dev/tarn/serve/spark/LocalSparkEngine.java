package dev.tarn.serve.spark;

import dev.tarn.engine.spark.JobProgress;
import dev.tarn.engine.sql.Parameter;
import dev.tarn.engine.sql.Progress;
import dev.tarn.engine.sql.ResultColumn;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlEngine;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.util.ArrowUtils;

/** Plain local Spark behind the engine's interface: no catalog, no grants. */
public final class LocalSparkEngine implements SqlEngine {
  public static final int ROWS_PER_BATCH = 1000;

  private final SparkSession spark;

  /** Spark starts once per JVM. */
  public LocalSparkEngine() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("serve-test")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate();
  }

  @Override
  public SqlSession openSession(Principal principal, SessionDefaults defaults) {
    SparkSession own = spark.newSession();
    defaults.configuration().forEach((name, value) -> own.conf().set(name, value));
    return new Session(own);
  }

  @Override
  public boolean isReady() {
    return true;
  }

  private record Session(SparkSession spark) implements SqlSession {
    @Override
    public Optional<Progress> progress(String statementId) {
      return JobProgress.of(spark.sparkContext(), statementId);
    }

    @Override
    public ResultStream execute(String statementId, String sql, List<Parameter> parameters) {
      spark.sparkContext().setJobGroup(statementId, "test", true);
      try {
        return new Stream((Dataset<Row>) query(sql, parameters));
      } catch (Throwable e) {
        throw failure(e);
      }
    }

    private org.apache.spark.sql.Dataset<Row> query(String sql, List<Parameter> parameters) {
      if (parameters.isEmpty()) {
        return spark.sql(sql);
      }
      List<Object> positional = new ArrayList<>();
      Map<String, Object> named = new HashMap<>();
      for (Parameter parameter : parameters) {
        // Spark takes literals only, so the cast is done first.
        Object value =
            spark
                .range(1)
                .select(functions.lit(parameter.value()).cast(parameter.type()))
                .first()
                .get(0);
        Object literal = value == null ? functions.lit(null) : value;
        parameter
            .name()
            .ifPresentOrElse(name -> named.put(name, literal), () -> positional.add(literal));
      }
      return named.isEmpty() ? spark.sql(sql, positional.toArray()) : spark.sql(sql, named);
    }

    @Override
    public void cancel(String statementId) {
      spark.sparkContext().cancelJobGroup(statementId);
    }

    @Override
    public void close() {}
  }

  private static TarnException failure(Throwable e) {
    if (String.valueOf(e.getMessage()).contains("cancelled")) {
      return new TarnException(ErrorCode.CANCELLED, "57014", "The statement was cancelled.", e);
    }
    String state = e instanceof SparkThrowable spark ? spark.getSqlState() : null;
    return new TarnException(ErrorCode.BAD_REQUEST, state, e.getMessage(), e);
  }

  private static final class Stream implements ResultStream {
    private final StructField[] fields;
    private final Schema schema;
    private final scala.collection.Iterator<byte[]> batches;

    Stream(Dataset<Row> rows) {
      this.fields = rows.schema().fields();
      this.schema = ArrowUtils.toArrowSchema(rows.schema(), "UTC", false, false);
      this.batches = rows.toArrowBatchRdd(ROWS_PER_BATCH, "UTC", false, false).toLocalIterator();
    }

    @Override
    public List<ResultColumn> columns() {
      return Arrays.stream(fields)
          .map(f -> new ResultColumn(f.name(), f.dataType().sql(), f.nullable()))
          .toList();
    }

    @Override
    public byte[] arrowSchema() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try {
        MessageSerializer.serialize(new WriteChannel(Channels.newChannel(out)), schema);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return out.toByteArray();
    }

    @Override
    public Optional<Batch> next() {
      try {
        while (batches.hasNext()) {
          byte[] message = batches.next();
          int rows = rows(message);
          if (rows > 0) {
            return Optional.of(new Batch(message, rows));
          }
        }
        return Optional.empty();
      } catch (Throwable e) {
        throw failure(e);
      }
    }

    private static int rows(byte[] message) throws IOException {
      try (BufferAllocator allocator = new RootAllocator();
          ReadChannel in = new ReadChannel(Channels.newChannel(new ByteArrayInputStream(message)));
          ArrowRecordBatch batch = MessageSerializer.deserializeRecordBatch(in, allocator)) {
        return batch.getLength();
      }
    }

    @Override
    public void close() {}
  }
}
