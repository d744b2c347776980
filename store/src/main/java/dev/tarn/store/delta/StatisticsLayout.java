package dev.tarn.store.delta;

import java.util.HashMap;
import java.util.Map;

/**
 * Numbers for the columns that statistics speak of, so that a file's statistics need no names. A
 * column keeps its number for as long as it keeps its physical name.
 */
final class StatisticsLayout {
  /** A column without fields has a number; one with fields has -1. */
  record Node(int number, Map<String, Node> fields) {}

  static final StatisticsLayout EMPTY = new StatisticsLayout(new Node(-1, Map.of()), 0);

  private final Node root;
  private final int size;

  private StatisticsLayout(Node root, int size) {
    this.root = root;
    this.size = size;
  }

  /** With the schema's columns added to those that this layout has. */
  StatisticsLayout with(Map<String, SchemaColumn> columns) {
    int[] next = {size};
    Node extended = extend(root, columns, next);
    return new StatisticsLayout(extended, next[0]);
  }

  Node root() {
    return root;
  }

  private static Node extend(Node node, Map<String, SchemaColumn> columns, int[] next) {
    Map<String, Node> fields = new HashMap<>(node.fields);
    for (SchemaColumn column : columns.values()) {
      Node known = fields.get(column.physicalName());
      boolean struct = column.type().equals("struct");
      if (struct) {
        boolean wasStruct = known != null && known.number < 0;
        Node from = wasStruct ? known : new Node(-1, Map.of());
        fields.put(column.physicalName(), extend(from, column.fields(), next));
      } else if (known == null || known.number < 0) {
        fields.put(column.physicalName(), new Node(next[0]++, Map.of()));
      }
    }
    return new Node(node.number, fields);
  }
}
