package dev.tarn.engine.differential;

import dev.tarn.engine.source.Source;
import dev.tarn.engine.source.SourceCall;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.Dataset;

/**
 * {@code local_files(path, schema => '…')}: bar-separated files of this machine. The engine has no
 * table function for files of its own; {@code read_files} comes from a room above it.
 */
public final class LocalFiles implements Source {
  @Override
  public String function() {
    return "local_files";
  }

  @Override
  public LogicalPlan read(SourceCall call) {
    return ((Dataset<?>)
            call.spark()
                .read()
                .schema(call.argument("schema").orElseThrow())
                .option("sep", "|")
                .option("quote", "")
                .csv(call.positional().orElseThrow()))
        .queryExecution()
        .analyzed();
  }

  @Override
  public Optional<Map<String, String>> describe(LogicalPlan leaf) {
    return Optional.empty();
  }

  @Override
  public String position(Map<String, String> description) {
    return "";
  }
}
