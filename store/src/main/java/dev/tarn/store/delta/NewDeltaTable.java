package dev.tarn.store.delta;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes a Delta table in one commit, without Spark. The commit is what makes a table of a folder:
 * before it there is none, whatever files lie there.
 */
public final class NewDeltaTable {
  private static final int BATCH_ROWS = 10_000;
  private static final String ENGINE = "Tarn";
  private static final String FIRST_COMMIT = "_delta_log/00000000000000000000.json";

  private final Configuration hadoop;
  private final Engine engine;

  /**
   * @param hadoop how to reach object stores
   */
  public NewDeltaTable(Configuration hadoop) {
    this.hadoop = hadoop;
    this.engine = DefaultEngine.create(hadoop);
  }

  public boolean exists(String location) throws IOException {
    return files(location).exists(new Path(location, FIRST_COMMIT));
  }

  /** Removes what a write has left that was never committed; for who is alone in the folder. */
  public void clear(String location) throws IOException {
    files(location).delete(new Path(location), true);
  }

  private FileSystem files(String location) throws IOException {
    return new Path(location).getFileSystem(hadoop);
  }

  /**
   * Makes the table of these rows.
   *
   * @param rows values by position: {@code Long}, {@code Integer}, {@code Short}, {@code Double},
   *     {@code String} or {@code BigDecimal} (with the scale of its type) as the column's type is,
   *     a date as {@code Integer} days and a timestamp as {@code Long} microseconds since 1970
   * @return whether it was made by this call; false if another was first
   */
  public boolean create(String location, StructType schema, Iterator<Object[]> rows)
      throws IOException {
    String folder = files(location).makeQualified(new Path(location)).toString();
    try {
      Transaction transaction =
          TableManager.buildCreateTableTransaction(folder, schema, ENGINE).build(engine);
      Row state = transaction.getTransactionState(engine);
      DataWriteContext target = Transaction.getWriteContext(engine, state, Map.of());
      try (CloseableIterator<FilteredColumnarBatch> data =
              Transaction.transformLogicalData(engine, state, new Batches(schema, rows), Map.of());
          CloseableIterator<DataFileStatus> files =
              engine
                  .getParquetHandler()
                  .writeParquetFiles(
                      target.getTargetDirectory(), data, target.getStatisticsColumns());
          CloseableIterator<Row> added =
              Transaction.generateAppendActions(engine, state, files, target)) {
        transaction.commit(engine, CloseableIterable.inMemoryIterable(added));
      }
      return true;
    } catch (TableAlreadyExistsException | ConcurrentWriteException e) {
      return false;
    }
  }

  private static final class Batches implements CloseableIterator<FilteredColumnarBatch> {
    private final StructType schema;
    private final Iterator<Object[]> rows;

    Batches(StructType schema, Iterator<Object[]> rows) {
      this.schema = schema;
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public FilteredColumnarBatch next() {
      if (!rows.hasNext()) {
        throw new NoSuchElementException();
      }
      List<Object[]> some = new ArrayList<>(BATCH_ROWS);
      while (rows.hasNext() && some.size() < BATCH_ROWS) {
        some.add(rows.next());
      }
      return new FilteredColumnarBatch(new Batch(schema, some), Optional.empty());
    }

    @Override
    public void close() {}
  }

  private record Batch(StructType schema, List<Object[]> rows) implements ColumnarBatch {
    @Override
    public StructType getSchema() {
      return schema;
    }

    @Override
    public ColumnVector getColumnVector(int ordinal) {
      return new Vector(schema.at(ordinal).getDataType(), rows, ordinal);
    }

    @Override
    public int getSize() {
      return rows.size();
    }
  }

  private record Vector(DataType type, List<Object[]> rows, int ordinal) implements ColumnVector {
    private Object at(int row) {
      return rows.get(row)[ordinal];
    }

    @Override
    public DataType getDataType() {
      return type;
    }

    @Override
    public int getSize() {
      return rows.size();
    }

    @Override
    public boolean isNullAt(int row) {
      return at(row) == null;
    }

    @Override
    public short getShort(int row) {
      return (Short) at(row);
    }

    @Override
    public int getInt(int row) {
      return (Integer) at(row);
    }

    @Override
    public long getLong(int row) {
      return (Long) at(row);
    }

    @Override
    public double getDouble(int row) {
      return (Double) at(row);
    }

    @Override
    public String getString(int row) {
      return (String) at(row);
    }

    @Override
    public BigDecimal getDecimal(int row) {
      return (BigDecimal) at(row);
    }

    @Override
    public void close() {}
  }
}
