package dev.tarn.govern.lineage;

import dev.tarn.kernel.name.EntityName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the rows of one statement come from and go to.
 *
 * @param target what is written; empty for a query
 * @param sources what is read: tables and views by name, files by path. Of a view, not what it
 *     reads itself
 * @param columns which column comes from which. Of a query, those that are read
 * @param writes whether the statement makes the target or changes it
 */
public record Flow(
    Optional<EntityName> target, Set<Source> sources, Set<Edge> columns, boolean writes) {
  public static final Flow NONE = new Flow(Optional.empty(), Set.of(), Set.of(), false);

  public Flow {
    sources = Set.copyOf(sources);
    columns = Set.copyOf(columns);
  }

  /**
   * Something that is read.
   *
   * @param table null for files
   * @param path null for a table or view
   */
  public record Source(EntityName table, String path) {
    public static Source of(EntityName table) {
      return new Source(table, null);
    }

    public static Source at(String path) {
      return new Source(null, path);
    }
  }

  /** A column of a table or view that is read. */
  public record Column(EntityName table, String name) {}

  /**
   * @param target the column that it goes into; null for a query
   */
  public record Edge(Column source, String target) {}

  /** Whether there is nothing to tell. */
  public boolean isEmpty() {
    return sources.isEmpty() && !writes;
  }

  /** The columns that a column of the target comes from. */
  public List<Column> origins(String column) {
    return columns.stream().filter(edge -> column.equals(edge.target())).map(Edge::source).toList();
  }

  /** All columns of the target that come from somewhere, in the order of their names. */
  public Collection<String> derived() {
    return columns.stream()
        .map(Edge::target)
        .filter(java.util.Objects::nonNull)
        .distinct()
        .sorted()
        .toList();
  }
}
