package dev.tarn.store.delta;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The partition values that many files share.
 *
 * @param physical as the log has them, by physical name
 * @param logical by logical name, in the order of the table's partition columns; null for NULL
 */
record Partition(Map<String, String> physical, Map<String, String> logical) {

  /** Makes one partition of equal values, so that a file costs no map of its own. */
  static final class Interner {
    private final TableMetadata metadata;
    private final Map<Map<String, String>, Partition> known = new HashMap<>();

    Interner(TableMetadata metadata) {
      this.metadata = metadata;
    }

    Partition of(Map<String, String> physical) {
      Partition partition = known.get(physical);
      if (partition == null) {
        partition = new Partition(physical, logical(physical));
        known.put(physical, partition);
      }
      return partition;
    }

    private Map<String, String> logical(Map<String, String> physical) {
      Map<String, String> logical = new LinkedHashMap<>();
      for (String name : metadata.partitionColumns()) {
        SchemaColumn column = metadata.columns().get(name);
        logical.put(name, physical.get(column == null ? name : column.physicalName()));
      }
      return Collections.unmodifiableMap(logical);
    }
  }
}
