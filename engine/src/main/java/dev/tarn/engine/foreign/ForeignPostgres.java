package dev.tarn.engine.foreign;

import java.sql.Connection;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.execution.datasources.jdbc.JDBCOptions;
import org.apache.spark.sql.execution.datasources.v2.TableSampleInfo;
import org.apache.spark.sql.jdbc.PostgresDialect;
import scala.Function1;
import scala.Option;

/** PostgreSQL's SQL, of which only that is used which means the same there and in Spark. */
final class ForeignPostgres extends PostgresDialect {
  private static final long serialVersionUID = 1L;
  private static final Set<String> FUNCTIONS = Set.of("MIN", "MAX", "SUM", "COUNT");
  private static final String PATTERN = "uuuu-MM-dd HH:mm:ss.SSSSSS";

  @Override
  public boolean canHandle(String url) {
    return url.startsWith(ForeignOptions.url("POSTGRESQL"));
  }

  @Override
  public boolean isSupportedFunction(String name) {
    return FUNCTIONS.contains(name);
  }

  @Override
  public boolean supportsJoin() {
    return false;
  }

  @Override
  public Option<String> compileTableSample(TableSampleInfo sample) {
    return Option.empty();
  }

  @Override
  public Option<String> compileExpression(Expression expression) {
    return expression instanceof TypedAggregate typed
        ? super.compileExpression(typed.function())
            .map(
                sql ->
                    "CAST("
                        + sql
                        + " AS NUMERIC("
                        + typed.type().precision()
                        + ","
                        + typed.type().scale()
                        + "))")
        : super.compileExpression(expression);
  }

  /** With its zone, since a session there has a time zone of its own. */
  @Override
  public Object compileValue(Object value) {
    if (value instanceof Timestamp time) {
      return compileValue(time.toInstant());
    } else if (value instanceof Instant time) {
      return "TIMESTAMPTZ '" + text(time.atOffset(ZoneOffset.UTC).toLocalDateTime()) + "+00'";
    } else if (value instanceof LocalDateTime time) {
      return "TIMESTAMP '" + text(time) + "'";
    } else if (value instanceof java.sql.Date date) {
      return compileValue(date.toLocalDate());
    } else if (value instanceof LocalDate date) {
      return "DATE '" + date + "'";
    }
    return super.compileValue(value);
  }

  private static String text(LocalDateTime time) {
    return DateTimeFormatter.ofPattern(PATTERN).format(time);
  }

  /** As {@link ForeignRows} answers. */
  @Override
  public LocalDateTime convertJavaTimestampToTimestampNTZ(Timestamp value) {
    return LocalDateTime.ofInstant(value.toInstant(), ZoneOffset.UTC);
  }

  @Override
  public Function1<Object, Connection> createConnectionFactory(JDBCOptions options) {
    return new ForeignOptions.Opening(ForeignOptions.address(options));
  }
}
