package dev.tarn.engine.information;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The catalogs, schemas and tables that a query may want rows of. */
final class Wanted {
  private enum Level {
    CATALOG,
    SCHEMA,
    NAME
  }

  private static final Map<String, Level> LEVELS =
      Map.ofEntries(
          Map.entry("catalog_name", Level.CATALOG),
          Map.entry("table_catalog", Level.CATALOG),
          Map.entry("volume_catalog", Level.CATALOG),
          Map.entry("routine_catalog", Level.CATALOG),
          Map.entry("specific_catalog", Level.CATALOG),
          Map.entry("schema_name", Level.SCHEMA),
          Map.entry("table_schema", Level.SCHEMA),
          Map.entry("volume_schema", Level.SCHEMA),
          Map.entry("routine_schema", Level.SCHEMA),
          Map.entry("specific_schema", Level.SCHEMA),
          Map.entry("table_name", Level.NAME),
          Map.entry("volume_name", Level.NAME),
          Map.entry("routine_name", Level.NAME),
          Map.entry("specific_name", Level.NAME));

  private final Map<Level, List<Set<String>>> only = new HashMap<>();

  /** Narrows by a condition on a column; conditions add up. */
  void only(String column, List<String> values) {
    Level level = LEVELS.get(column);
    if (level != null) {
      only.computeIfAbsent(level, l -> new ArrayList<>()).add(new HashSet<>(values));
    }
  }

  boolean catalog(String name) {
    return wants(Level.CATALOG, name);
  }

  boolean schema(String name) {
    return wants(Level.SCHEMA, name);
  }

  /** Whether only tables and the like of certain names are wanted. */
  boolean fewNames() {
    return only.containsKey(Level.NAME);
  }

  boolean name(String name) {
    return wants(Level.NAME, name);
  }

  private boolean wants(Level level, String name) {
    return only.getOrDefault(level, List.of()).stream().allMatch(names -> names.contains(name));
  }
}
