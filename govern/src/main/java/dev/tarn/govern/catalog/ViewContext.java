package dev.tarn.govern.catalog;

import java.util.List;
import java.util.Map;

/**
 * What the text of a view meant where it was written.
 *
 * @param catalog where its short names lie
 * @param namespace the schema in that catalog; empty if there was none
 * @param settings of the session that change what an expression means, by name
 * @param schemaMode how the view follows changes of its tables, in the words of {@code WITH SCHEMA}
 * @param queryColumns names of the query's own columns, in the order of the view's; empty if the
 *     view takes whatever the query gives
 */
public record ViewContext(
    String catalog,
    List<String> namespace,
    Map<String, String> settings,
    String schemaMode,
    List<String> queryColumns) {
  public ViewContext {
    namespace = namespace == null ? List.of() : List.copyOf(namespace);
    settings = settings == null ? Map.of() : Map.copyOf(settings);
    queryColumns = queryColumns == null ? List.of() : List.copyOf(queryColumns);
  }
}
