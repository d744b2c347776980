package dev.tarn.govern.tags;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tags that hold for a table and for each of its columns, values by key. A table has those of
 * its schema and catalog too, where it says nothing else itself; its columns have their own only.
 *
 * @param columns by name in lower case
 */
public record TableTags(Map<String, String> table, Map<String, Map<String, String>> columns) {
  public TableTags {
    table = Map.copyOf(table);
    columns = Map.copyOf(columns);
  }

  static TableTags of(List<List<TagAssignment>> fromTheTop, List<TagAssignment> own) {
    Map<String, String> table = new TreeMap<>();
    fromTheTop.forEach(level -> level.forEach(tag -> table.put(tag.key(), tag.value())));
    Map<String, Map<String, String>> columns = new TreeMap<>();
    for (TagAssignment tag : own) {
      Optional<String> column = tag.entity().column();
      (column.isEmpty()
              ? table
              : columns.computeIfAbsent(
                  column.get().toLowerCase(Locale.ROOT), name -> new TreeMap<>()))
          .put(tag.key(), tag.value());
    }
    return new TableTags(table, columns);
  }

  /** The tags of a column, named in any case. */
  public Map<String, String> column(String name) {
    return columns.getOrDefault(name.toLowerCase(Locale.ROOT), Map.of());
  }
}
