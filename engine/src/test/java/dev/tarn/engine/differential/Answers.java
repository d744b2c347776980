package dev.tarn.engine.differential;

import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.testkit.differential.Answer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.util.Text;

/** What a session answers, as the differential harness takes it. */
final class Answers {
  private static final byte[] END_OF_STREAM = {-1, -1, -1, -1, 0, 0, 0, 0};
  private static final Pattern CONDITION = Pattern.compile("^\\[([A-Z0-9_.]+)\\]");

  private Answers() {}

  /** Runs a statement and reads its whole answer. */
  static Answer of(SqlSession session, String sql) {
    try (ResultStream result = session.execute(UUID.randomUUID().toString(), sql, List.of())) {
      return rows(result);
    } catch (TarnException e) {
      return failure(e);
    }
  }

  static Answer.Failure failure(TarnException e) {
    Matcher condition = CONDITION.matcher(e.getMessage());
    return new Answer.Failure(
        condition.find() ? condition.group(1) : "", e.sqlState().orElse(""), e.getMessage());
  }

  static Answer.Rows rows(ResultStream result) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(result.arrowSchema());
    for (Optional<ResultStream.Batch> b = result.next(); b.isPresent(); b = result.next()) {
      stream.writeBytes(b.get().message());
    }
    stream.writeBytes(END_OF_STREAM);
    List<List<Object>> rows = new ArrayList<>();
    try (RootAllocator allocator = new RootAllocator();
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(stream.toByteArray()), allocator)) {
      while (reader.loadNextBatch()) {
        List<FieldVector> vectors = reader.getVectorSchemaRoot().getFieldVectors();
        for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
          List<Object> values = new ArrayList<>(vectors.size());
          for (FieldVector vector : vectors) {
            Object value = vector.getObject(row);
            values.add(value instanceof Text ? value.toString() : value);
          }
          rows.add(values);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Answer.Rows(
        result.columns().stream().map(c -> new Answer.Column(c.name(), c.typeText())).toList(),
        rows);
  }
}
