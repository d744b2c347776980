package dev.tarn.engine.evaluation;

import dev.tarn.engine.translation.Carrier;
import dev.tarn.engine.translation.Untranslatable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.internal.SQLConf$;
import org.apache.spark.sql.types.DataType;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;
import org.duckdb.DuckDBWritableVector;
import scala.Function0;
import scala.runtime.BoxedUnit;

/**
 * One expression of Spark's over its arguments. Expressions keep state while they are evaluated
 * (lambda variables, compiled patterns, buffers), so that every thread has a copy.
 */
final class SparkFunction {
  private final long id;
  private final Expression expression;
  private final byte[] serialized;
  private final SQLConf conf;
  private final List<DataType> carriers = new ArrayList<>();
  private final List<Cells.Reader> readers = new ArrayList<>();
  private final DataType result;
  private final Cells.Writer writer;
  private final Queue<Expression> idle = new ConcurrentLinkedQueue<>();

  SparkFunction(long id, Expression bound, int arguments, SQLConf conf) {
    this.id = id;
    this.expression = bound;
    this.conf = conf;
    TreeMap<Integer, DataType> types = new TreeMap<>();
    bound.foreach(
        part -> {
          if (part instanceof BoundReference reference) {
            types.put(reference.ordinal(), reference.dataType());
          }
          return BoxedUnit.UNIT;
        });
    if (types.size() != arguments) {
      throw new Untranslatable("an argument that is not used");
    }
    for (DataType type : types.values()) {
      carriers.add(Carrier.of(type));
      readers.add(Cells.reader(type, Carrier.of(type)));
    }
    result = Carrier.of(bound.dataType());
    writer = Cells.writer(bound.dataType(), result);
    serialized = serialize(bound);
  }

  long id() {
    return id;
  }

  Expression expression() {
    return expression;
  }

  List<DataType> carriers() {
    return carriers;
  }

  DataType result() {
    return result;
  }

  /** The name of the function of DuckDB that has these arguments and this result. */
  String name() {
    return carriers.stream()
        .map(Cells::code)
        .collect(Collectors.joining("_", "spark_" + Cells.code(result) + "_of_", ""));
  }

  /**
   * Evaluates all rows of a chunk, whose first columns are this function's number and the
   * statement's.
   *
   * @param stopped asked before each row, since a single one may take long
   */
  void run(DuckDBDataChunkReader rows, DuckDBWritableVector results, BooleanSupplier stopped) {
    Thread.currentThread().setContextClassLoader(SparkFunction.class.getClassLoader());
    Expression own = idle.poll();
    Expression evaluated = own == null ? copy() : own;
    Function0<BoxedUnit> body =
        () -> {
          evaluate(evaluated, rows, results, stopped);
          return BoxedUnit.UNIT;
        };
    SQLConf$.MODULE$.withExistingConf(conf, body);
    idle.offer(evaluated);
  }

  private void evaluate(
      Expression evaluated,
      DuckDBDataChunkReader rows,
      DuckDBWritableVector results,
      BooleanSupplier stopped) {
    int arguments = readers.size();
    DuckDBReadableVector[] vectors = new DuckDBReadableVector[arguments];
    for (int i = 0; i < arguments; i++) {
      vectors[i] = rows.vector(i + 2);
    }
    Object[] values = new Object[arguments];
    GenericInternalRow row = new GenericInternalRow(values);
    for (long at = 0; at < rows.rowCount(); at++) {
      if (stopped.getAsBoolean()) {
        throw new CancellationException();
      }
      for (int i = 0; i < arguments; i++) {
        values[i] = vectors[i].isNull(at) ? null : readers.get(i).read(vectors[i], at);
      }
      Object value = evaluated.eval(row);
      if (value == null) {
        results.setNull(at);
      } else {
        writer.write(results, at, value);
      }
    }
  }

  private static byte[] serialize(Expression expression) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(expression);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new Untranslatable("expression " + expression.prettyName() + ", which keeps to itself");
    }
  }

  private Expression copy() {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(serialized))) {
      return (Expression) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
