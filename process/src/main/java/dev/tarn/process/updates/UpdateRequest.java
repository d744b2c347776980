package dev.tarn.process.updates;

import dev.tarn.kernel.identity.Principal;
import java.util.List;
import java.util.Map;

/**
 * One update of a pipeline: everything it depends on, as of its start.
 *
 * @param runAs the principal whose grants hold for every table and file that is touched
 * @param catalog where unqualified names go
 * @param configuration values of {@code ${name}} in the SQL
 * @param fullRefresh whether streaming tables are emptied and read their sources from the start
 * @param validateOnly whether to stop once every definition has been checked
 */
public record UpdateRequest(
    String pipelineId,
    Principal runAs,
    String catalog,
    String schema,
    List<SourceFile> files,
    Map<String, String> configuration,
    boolean fullRefresh,
    boolean validateOnly) {

  /** A file of SQL definitions. */
  public record SourceFile(String path, String text) {}
}
