package dev.tarn.process.pipelines;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of a pipeline, as the Pipelines API spells them.
 *
 * @param catalog where unqualified names go; {@code main} by default
 * @param schema the same; {@code target} is its older name; {@code default} by default
 * @param libraries where the SQL lies in the workspace
 * @param configuration values of {@code ${name}} in the SQL
 * @see <a href="https://docs.databricks.com/api/azure/workspace/pipelines/create">Pipelines API</a>
 */
public record PipelineSpec(
    String id,
    String name,
    String catalog,
    String schema,
    String target,
    List<Library> libraries,
    Map<String, String> configuration,
    Boolean development,
    Boolean continuous) {

  public PipelineSpec {
    catalog = Optional.ofNullable(catalog).orElse("main");
    schema = schema != null ? schema : Optional.ofNullable(target).orElse("default");
    target = null;
    libraries = libraries == null ? List.of() : List.copyOf(libraries);
    configuration = configuration == null ? Map.of() : Map.copyOf(configuration);
    development = development != null && development;
    continuous = continuous != null && continuous;
  }

  /** One place of SQL: a file of the workspace, or a folder as {@code /path/**}. */
  public record Library(FileLibrary file, Glob glob) {}

  public record FileLibrary(String path) {}

  public record Glob(String include) {}

  PipelineSpec withId(String id) {
    return new PipelineSpec(
        id, name, catalog, schema, null, libraries, configuration, development, continuous);
  }
}
