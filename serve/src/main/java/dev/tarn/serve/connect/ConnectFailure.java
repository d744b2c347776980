package dev.tarn.serve.connect;

import dev.tarn.kernel.error.TarnException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;

/** A refusal of Tarn's as Spark's clients understand one, with its SQLSTATE and condition. */
final class ConnectFailure extends SparkException {
  private static final long serialVersionUID = 1L;
  private static final Pattern CONDITION = Pattern.compile("^\\[([A-Z0-9_.]+)]");

  private final String sqlState;
  private final String condition;

  ConnectFailure(TarnException failure) {
    super(failure.getMessage(), null);
    this.sqlState = failure.sqlState().orElse("22023");
    Matcher named = CONDITION.matcher(failure.getMessage());
    this.condition = named.find() ? named.group(1) : failure.code().name();
  }

  @Override
  public String getSqlState() {
    return sqlState;
  }

  @Override
  public String getCondition() {
    return condition;
  }

  @Override
  public Map<String, String> getMessageParameters() {
    return Map.of();
  }
}
