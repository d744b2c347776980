package dev.tarn.engine.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.parser.ParserInterface;
import org.apache.spark.sql.catalyst.plans.logical.CollectMetrics;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.StructField;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Expectations inside a plan: rows are counted as they pass, those that must go are filtered out,
 * and a violated FAIL UPDATE ends the flow. The counts come out as Spark's observed metrics, so
 * they are exact for what was committed and cost no second pass.
 *
 * @param outputRows rows that were written
 * @param droppedRows rows that DROP ROW took out
 */
public record DataQuality(long outputRows, long droppedRows, List<Counts> expectations) {
  /** The name of the observed metrics. */
  public static final String METRICS = "tarn_data_quality";

  private static final String INPUT_ROWS = "input_rows";
  private static final String DROPPED_ROWS = "dropped_rows";
  private static final String FAILED = "failed:";

  /** How many rows met one expectation, and how many did not. */
  public record Counts(String name, long passed, long failed) {}

  static LogicalPlan observe(
      LogicalPlan query, List<Expectation> expectations, String dataset, ParserInterface parser)
      throws org.apache.spark.sql.catalyst.parser.ParseException {
    List<String> drops = new ArrayList<>();
    List<String> keeps = new ArrayList<>();
    List<NamedExpression> metrics = new ArrayList<>();
    metrics.add(named(parser, "count(1)", INPUT_ROWS));
    for (Expectation e : expectations) {
      String met = "coalesce((" + e.condition() + "), false)";
      metrics.add(named(parser, "count_if(NOT " + met + ")", FAILED + e.name()));
      switch (e.action()) {
        case DROP -> drops.add(met);
        case FAIL ->
            keeps.add("(CASE WHEN " + met + " THEN true ELSE " + fail(e, dataset) + " END)");
        case WARN -> {}
      }
    }
    metrics.add(
        named(
            parser,
            drops.isEmpty()
                ? "count_if(false)"
                : "count_if(NOT (" + String.join(" AND ", drops) + "))",
            DROPPED_ROWS));
    LogicalPlan observed =
        new CollectMetrics(METRICS, CollectionConverters.asScala(metrics).toSeq(), query, 0L);
    keeps.addAll(drops);
    return keeps.isEmpty()
        ? observed
        : new Filter(parser.parseExpression(String.join(" AND ", keeps)), observed);
  }

  private static String fail(Expectation e, String dataset) {
    String message =
        "[EXPECTATION_VIOLATION] A row violates the expectation '"
            + e.name()
            + "' of "
            + dataset
            + ", which says FAIL UPDATE: "
            + e.condition()
            + ". Nothing of this batch was written. Mend the data or the rule and run again.";
    return "cast(raise_error('"
        + message.replace("\\", "\\\\").replace("'", "\\'")
        + "') AS BOOLEAN)";
  }

  private static NamedExpression named(ParserInterface parser, String sql, String name)
      throws org.apache.spark.sql.catalyst.parser.ParseException {
    Expression alias = parser.parseExpression(sql + " AS `" + name.replace("`", "``") + "`");
    return (NamedExpression) alias;
  }

  /** Reads the counts out of a row of observed metrics. */
  public static DataQuality of(Row metrics) {
    long input = metrics.getLong(metrics.fieldIndex(INPUT_ROWS));
    long dropped = metrics.getLong(metrics.fieldIndex(DROPPED_ROWS));
    List<Counts> counts = new ArrayList<>();
    for (StructField field : metrics.schema().fields()) {
      if (field.name().toLowerCase(Locale.ROOT).startsWith(FAILED)) {
        long failed = metrics.getLong(metrics.fieldIndex(field.name()));
        counts.add(new Counts(field.name().substring(FAILED.length()), input - failed, failed));
      }
    }
    return new DataQuality(input - dropped, dropped, counts);
  }

  /** The sum with a later batch of the same flow. */
  public DataQuality plus(DataQuality other) {
    List<Counts> sums = new ArrayList<>();
    for (Counts mine : expectations) {
      Counts theirs =
          other.expectations.stream()
              .filter(c -> c.name().equals(mine.name()))
              .findFirst()
              .orElse(new Counts(mine.name(), 0, 0));
      sums.add(
          new Counts(
              mine.name(), mine.passed() + theirs.passed(), mine.failed() + theirs.failed()));
    }
    return new DataQuality(outputRows + other.outputRows, droppedRows + other.droppedRows, sums);
  }
}
