package dev.tarn.store.delta;

import dev.tarn.store.delta.ColumnFilter.Comparison;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * Finds the files that may hold a row that meets all filters, by what the log says of their
 * partition values, bounds and nulls. Where the log does not say, or what it says cannot be relied
 * on, a file may hold any.
 */
final class FileSkipping {
  private static final Predicate<DataFile> ANY = file -> true;

  private final TableMetadata metadata;
  private final StatisticsLayout layout;

  FileSkipping(TableMetadata metadata, StatisticsLayout layout) {
    this.metadata = metadata;
    this.layout = layout;
  }

  private interface Knowledge {
    KnownValues of(DataFile file);
  }

  /** Whether a file may hold a row that meets all of the filters; for one thread. */
  Predicate<DataFile> mayHold(List<ColumnFilter> filters) {
    List<Predicate<DataFile>> tests =
        filters.stream().map(this::mayHold).filter(test -> test != ANY).toList();
    return tests.isEmpty()
        ? ANY
        : file -> {
          for (Predicate<DataFile> test : tests) {
            if (!test.test(file)) {
              return false;
            }
          }
          return true;
        };
  }

  private Predicate<DataFile> mayHold(ColumnFilter filter) {
    if (filter instanceof ColumnFilter.AllOf all) {
      return mayHold(all.filters());
    }
    if (filter instanceof ColumnFilter.AnyOf any) {
      List<Predicate<DataFile>> tests = any.filters().stream().map(this::mayHold).toList();
      return tests.contains(ANY) ? ANY : file -> tests.stream().anyMatch(test -> test.test(file));
    }
    if (filter instanceof ColumnFilter.Compare compare) {
      return on(
          compare.column(),
          (type, known) -> {
            Object value = type.literal(compare.value());
            return value == null || mayCompare(type, known, compare.comparison(), value);
          });
    }
    if (filter instanceof ColumnFilter.OneOf oneOf) {
      return oneOf(oneOf);
    }
    if (filter instanceof ColumnFilter.StartsWith starts) {
      return on(
          starts.column(),
          (type, known) -> type != ValueType.STRING || mayStart(known, starts.prefix()));
    }
    if (filter instanceof ColumnFilter.IsNull isNull) {
      // Some writers do not count the fields of a null struct.
      return isNull.column().size() > 1
          ? ANY
          : on(isNull.column(), (type, known) -> known.mayBeNull());
    }
    ColumnFilter.IsNotNull notNull = (ColumnFilter.IsNotNull) filter;
    return on(notNull.column(), (type, known) -> known.mayBeValue());
  }

  private Predicate<DataFile> oneOf(ColumnFilter.OneOf oneOf) {
    ValueType type = column(oneOf.column()).map(this::type).orElse(null);
    if (type == null) {
      return ANY;
    }
    List<Object> values = oneOf.values().stream().map(type::literal).toList();
    return values.stream().anyMatch(Objects::isNull)
        ? ANY
        : on(
            oneOf.column(),
            (t, known) -> {
              for (Object value : values) {
                if (mayCompare(t, known, Comparison.EQUAL, value)) {
                  return true;
                }
              }
              return false;
            });
  }

  private Predicate<DataFile> on(List<String> path, BiPredicate<ValueType, KnownValues> test) {
    SchemaColumn column = column(path).orElse(null);
    if (column == null) {
      return ANY;
    }
    // Whether there are nulls is known of any type.
    ValueType type = Objects.requireNonNullElse(type(column), ValueType.BOOLEAN);
    boolean comparable = type(column) != null;
    Knowledge knowledge =
        path.size() == 1 && metadata.isPartition(column)
            ? ofPartitions(column, comparable ? type : null)
            : ofStatistics(path, column, comparable ? type : null);
    return knowledge == null ? ANY : file -> test.test(type, knowledge.of(file));
  }

  private Optional<SchemaColumn> column(List<String> path) {
    return SchemaColumn.find(metadata.columns(), path);
  }

  /** Null if the column's values cannot be compared with what the log has. */
  private ValueType type(SchemaColumn column) {
    boolean partition = metadata.isPartition(column);
    return column.exact() && (partition || !column.widened())
        ? ValueType.of(column.type()).orElse(null)
        : null;
  }

  private static Knowledge ofPartitions(SchemaColumn column, ValueType type) {
    Map<Partition, KnownValues> known = new IdentityHashMap<>();
    return file ->
        known.computeIfAbsent(
            file.partition(), partition -> ofPartition(partition.physical(), column, type));
  }

  private static KnownValues ofPartition(
      Map<String, String> values, SchemaColumn column, ValueType type) {
    String text = values.get(column.physicalName());
    if (text == null) {
      return values.containsKey(column.physicalName()) ? KnownValues.NULL : KnownValues.ANY;
    }
    if (text.isEmpty()) {
      return KnownValues.ANY; // NULL to the protocol, though not to every reader.
    }
    Object value = type == null ? null : type.partitionValue(text);
    return new KnownValues(value, value, value != null, value == null, value == null, true);
  }

  /** Null if the layout has no such column. */
  private Knowledge ofStatistics(List<String> path, SchemaColumn column, ValueType type) {
    StatisticsLayout.Node node = layout.root();
    Map<String, SchemaColumn> level = metadata.columns();
    for (int i = 0; i < path.size() && node != null; i++) {
      SchemaColumn step = SchemaColumn.find(level, path.subList(i, i + 1)).orElseThrow();
      node = node.fields().get(step.physicalName());
      level = step.fields();
    }
    if (node == null || node.number() < 0 || column.type().equals("struct")) {
      return null;
    }
    int number = node.number();
    return file -> file.statistics().known(number, type);
  }

  private static boolean mayCompare(
      ValueType type, KnownValues known, Comparison comparison, Object value) {
    if (!known.mayBeValue()) {
      return false;
    }
    int lower = known.lower() == null ? -1 : type.compare(known.lower(), value);
    int upper = known.upper() == null ? 1 : type.compare(known.upper(), value);
    boolean nan = known.aboveUpper();
    return switch (comparison) {
      case EQUAL -> lower <= 0 && (upper >= 0 || nan && value.equals(Double.NaN));
      case NOT_EQUAL -> !known.exact() || nan || lower != 0 || upper != 0;
      case LESS -> lower < 0;
      case LESS_OR_EQUAL -> lower <= 0;
      case GREATER -> upper > 0 || nan;
      case GREATER_OR_EQUAL -> upper >= 0 || nan;
    };
  }

  private static boolean mayStart(KnownValues known, String prefix) {
    if (!known.mayBeValue()) {
      return false;
    }
    String lower = (String) known.lower();
    String start =
        lower == null ? "" : lower.substring(0, Math.min(lower.length(), prefix.length()));
    return ValueType.STRING.compare(start, prefix) <= 0
        && (known.upper() == null || ValueType.STRING.compare(known.upper(), prefix) >= 0);
  }
}
