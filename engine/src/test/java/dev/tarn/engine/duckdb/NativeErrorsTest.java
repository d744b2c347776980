package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.evaluation.SparkFunctions;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of the very DuckDB that is used. */
class NativeErrorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "add(x, 2147483647) | ARITHMETIC_OVERFLOW | 22003",
        "multiply(CAST(x AS BIGINT), 9223372036854775807) | ARITHMETIC_OVERFLOW | 22003",
        "CASE WHEN x > 0 THEN error('[DIVIDE_BY_ZERO]') ELSE 1 END | DIVIDE_BY_ZERO | 22012",
        "CAST(x * 1000 AS TINYINT) | CAST_OVERFLOW | 22003",
        "CAST(concat('a', x) AS INTEGER) | CAST_INVALID_INPUT | 22018",
        "CAST(concat('a', x) AS DATE) | CAST_INVALID_INPUT | 22018",
        "CAST(x * 1000 AS DECIMAL(3, 2)) | NUMERIC_VALUE_OUT_OF_RANGE | 22003",
        "(SELECT y FROM range(x) AS r(y)) | SCALAR_SUBQUERY_TOO_MANY_ROWS | 21000"
      })
  void areKnown(String expression, String condition, String sqlState) throws SQLException {
    SQLException failure = failure(expression);
    RuntimeException known =
        NativeErrors.known(
                failure,
                new SparkFunctions(
                    () -> DriverManager.getConnection("jdbc:duckdb:"), number -> false))
            .orElseThrow(() -> new AssertionError(failure.getMessage()));
    assertThat(known).hasMessageStartingWith("[" + condition + "]");
    assertThat(((TarnException) known).sqlState()).contains(sqlState);
  }

  @Test
  void tellsThatMemoryRanOut() throws SQLException {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute("SET memory_limit = '50MiB'; SET temp_directory = ''");
      assertThatThrownBy(
              () ->
                  statement.execute("CREATE TABLE t AS SELECT hash(i) h FROM range(50000000) r(i)"))
          .satisfies(
              failure ->
                  assertThat(
                          NativeErrors.known(
                              failure,
                              new SparkFunctions(
                                  () -> DriverManager.getConnection("jdbc:duckdb:"),
                                  number -> false)))
                      .get()
                      .isInstanceOfSatisfying(
                          TarnException.class,
                          e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED)));
    }
  }

  private static SQLException failure(String expression) throws SQLException {
    try (DuckDBConnection duck = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT "
                    + expression
                    + " FROM (SELECT CAST(range AS INTEGER) + 2 AS x FROM range(3))")) {
      while (rows.next()) {
        rows.getObject(1);
      }
      throw new AssertionError(expression + " does not fail");
    } catch (SQLException e) {
      return e;
    }
  }
}
