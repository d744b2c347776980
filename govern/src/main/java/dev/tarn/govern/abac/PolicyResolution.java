package dev.tarn.govern.abac;

import dev.tarn.govern.abac.PolicyDefinition.Argument;
import dev.tarn.govern.abac.PolicyDefinition.Kind;
import dev.tarn.govern.abac.PolicyDefinition.MatchedColumn;
import dev.tarn.govern.catalog.ColumnMask;
import dev.tarn.govern.catalog.FilterArgument;
import dev.tarn.govern.catalog.RowFilter;
import dev.tarn.govern.catalog.TableFilters;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.tags.TableTags;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which filter and masks hold for somebody who reads a table: its own, and those of the policies
 * that its tags and the reader call for. Where two would be for the same rows or the same column,
 * nobody can say which, and nothing is read.
 *
 * @param columns of the table, and of the version of it that is read
 * @param policies of the table, its schema and its catalog
 * @param read the columns of the version that is read; none if that is not one of its own
 */
record PolicyResolution(
    TableInfo table,
    List<String> columns,
    TableTags tags,
    List<AccessPolicy> policies,
    Collection<String> read) {
  /** Of a table as it stands. */
  PolicyResolution(
      TableInfo table, List<String> columns, TableTags tags, List<AccessPolicy> policies) {
    this(table, columns, tags, policies, List.of());
  }

  /**
   * @throws TarnException PERMISSION_DENIED if policies contradict each other, or one cannot be
   *     applied
   */
  TableFilters filters(Principal principal) {
    RowFilter filter = table.filters().rowFilter();
    Map<String, ColumnMask> masks = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    masks.putAll(table.filters().columnMasks());
    for (AccessPolicy policy : policies) {
      PolicyDefinition definition = policy.definition();
      if (!isFor(definition, principal) || !isForTable(definition)) {
        continue;
      }
      Map<String, List<String>> matched = matched(definition);
      if (matched.values().stream().anyMatch(List::isEmpty)) {
        continue;
      }
      List<FilterArgument> arguments =
          definition.using().stream().map(each -> argument(policy, each, matched)).toList();
      if (definition.kind() == Kind.ROW_FILTER) {
        RowFilter own =
            new RowFilter(definition.functionName(), definition.functionId(), arguments);
        if (filter != null && !filter.equals(own)) {
          throw several(policy, "row filters");
        }
        filter = own;
      } else {
        ColumnMask own =
            new ColumnMask(definition.functionName(), definition.functionId(), arguments);
        for (String column : matched.get(alias(definition.onColumn()))) {
          ColumnMask other = masks.put(column, own);
          if (other != null && !other.equals(own)) {
            throw several(policy, "masks of column '" + column + "'");
          }
        }
      }
    }
    return new TableFilters(filter, masks);
  }

  /** Whether a policy hides anything of the table, from whomever. */
  boolean concerns(AccessPolicy policy) {
    PolicyDefinition definition = policy.definition();
    return isForTable(definition) && matched(definition).values().stream().noneMatch(List::isEmpty);
  }

  /** Whether a policy that holds for the table has something to do with a column of it. */
  boolean goesBy(AccessPolicy policy, String column) {
    return isForTable(policy.definition())
        && policy.definition().matches().stream()
            .anyMatch(match -> TagCondition.parse(match.condition()).holds(tags.column(column)));
  }

  private static boolean isFor(PolicyDefinition definition, Principal principal) {
    return names(definition.to(), principal) && !names(definition.except(), principal);
  }

  private static boolean names(List<String> names, Principal principal) {
    return names.stream()
        .anyMatch(name -> name.equals(Grants.EVERYBODY) || principal.answersTo(name));
  }

  private boolean isForTable(PolicyDefinition definition) {
    return definition.when() == null || TagCondition.parse(definition.when()).holds(tags.table());
  }

  /** Columns by alias, and by the place of the condition where it has none. */
  private Map<String, List<String>> matched(PolicyDefinition definition) {
    Map<String, List<String>> matched = new HashMap<>();
    for (int i = 0; i < definition.matches().size(); i++) {
      MatchedColumn match = definition.matches().get(i);
      TagCondition condition = TagCondition.parse(match.condition());
      matched.put(
          match.alias() == null ? "#" + i : alias(match.alias()),
          columns.stream().filter(column -> holds(condition, column)).toList());
    }
    return matched;
  }

  /**
   * A column that the table has no more may have been renamed, and got its tags only then. It is
   * taken for each of the tagged ones that its version did not have yet, unless another column has
   * the same tags and is gone too, and so was that one's earlier name.
   */
  private boolean holds(TagCondition condition, String column) {
    return condition.holds(tags.column(column))
        || (isGone(column)
            && tags.columns().entrySet().stream()
                .filter(each -> !names(read, each.getKey()) && condition.holds(each.getValue()))
                .anyMatch(
                    each ->
                        read.stream()
                            .noneMatch(c -> isGone(c) && tags.column(c).equals(each.getValue()))));
  }

  private boolean isGone(String column) {
    return names(read, column)
        && table.columns().stream().noneMatch(each -> each.name().equalsIgnoreCase(column));
  }

  private static boolean names(Collection<String> columns, String column) {
    return columns.stream().anyMatch(column::equalsIgnoreCase);
  }

  static String alias(String alias) {
    return alias.toLowerCase(Locale.ROOT);
  }

  private FilterArgument argument(
      AccessPolicy policy, Argument argument, Map<String, List<String>> matched) {
    if (argument.alias() == null) {
      return FilterArgument.constant(argument.constant());
    }
    List<String> columns = matched.get(alias(argument.alias()));
    if (columns.size() > 1) {
      throw refused(
          policy,
          "calls its function with '"
              + argument.alias()
              + "', and columns "
              + String.join(", ", columns)
              + " all match that");
    }
    return FilterArgument.column(columns.get(0));
  }

  private TarnException several(AccessPolicy policy, String what) {
    return refused(policy, "is one of several that set different " + what);
  }

  private TarnException refused(AccessPolicy policy, String why) {
    return new TarnException(
        ErrorCode.PERMISSION_DENIED,
        "42501",
        "PERMISSION_DENIED: '"
            + table.name()
            + "' cannot be read: policy '"
            + policy.name()
            + "' of "
            + policy.on()
            + ' '
            + why
            + ". Ask who manages it to change it, or the tags.",
        null);
  }
}
