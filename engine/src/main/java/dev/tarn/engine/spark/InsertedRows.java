package dev.tarn.engine.spark;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.plans.logical.CommandResult;
import org.apache.spark.sql.catalyst.plans.logical.V2WriteCommand;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.delta.catalog.DeltaTableV2;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * What an INSERT answers: Delta's own statements count their rows, Spark's INSERT says nothing. The
 * count is that of the commit which the statement made.
 *
 * @see <a href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-dml-insert">
 *     INSERT in Databricks SQL</a>
 */
final class InsertedRows {
  /** Where Delta leaves the version that a session committed last. */
  private static final String LAST_COMMIT = "spark.databricks.delta.lastCommitVersionInSession";

  private static final StructType SCHEMA =
      new StructType().add("num_affected_rows", "bigint").add("num_inserted_rows", "bigint");

  private final SparkSession spark;

  /** Made before the statement runs. */
  InsertedRows(SparkSession spark) {
    this.spark = spark;
    spark.sessionState().conf().unsetConf(LAST_COMMIT);
  }

  /** The result as it is, or the count of rows if it is that of an INSERT into a Delta table. */
  Dataset<Row> of(Dataset<Row> result) {
    if (((org.apache.spark.sql.classic.Dataset<Row>) result).queryExecution().commandExecuted()
            instanceof CommandResult command
        && command.commandLogicalPlan() instanceof V2WriteCommand write
        && write.table() instanceof DataSourceV2Relation relation
        && relation.table() instanceof DeltaTableV2 table) {
      Option<String> version = spark.conf().getOption(LAST_COMMIT);
      // No rows, no commit.
      long rows = version.isEmpty() ? 0 : rows(table, version.get());
      return spark.createDataFrame(List.of(RowFactory.create(rows, rows)), SCHEMA);
    }
    return result;
  }

  private long rows(DeltaTableV2 table, String version) {
    Path commit =
        new Path(
            new Path(table.path(), "_delta_log"),
            String.format(Locale.ROOT, "%020d.json", Long.parseLong(version)));
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                commit.getFileSystem(spark.sessionState().newHadoopConf()).open(commit),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode info = Json.tree(line).path("commitInfo");
        if (!info.isMissingNode()) {
          return info.path("operationMetrics").path("numOutputRows").asLong();
        }
      }
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
