package dev.tarn.govern.abac;

import java.util.List;

/**
 * What a policy says.
 *
 * @param comment or null
 * @param kind what it does with the tables that it is for
 * @param to users and groups, in lower case
 * @param except those of them whom it is not for
 * @param when which tables it is for, by their tags; null for all
 * @param matches columns that a table needs to have for it, by their tags
 * @param functionName full name of the function that filters or masks
 * @param functionId of that very function: another of the same name is another policy
 * @param onColumn alias of the columns that are masked; null for a row filter
 * @param using what the function is called with, of a mask after the column itself
 */
public record PolicyDefinition(
    String comment,
    Kind kind,
    List<String> to,
    List<String> except,
    String when,
    List<MatchedColumn> matches,
    String functionName,
    String functionId,
    String onColumn,
    List<Argument> using) {
  /** What is hidden. */
  public enum Kind {
    ROW_FILTER,
    COLUMN_MASK
  }

  /**
   * @param alias that the rest of the policy calls such a column by; null for none
   */
  public record MatchedColumn(String condition, String alias) {}

  /**
   * @param alias of a matched column; null for a constant
   * @param constant as SQL writes it; null for a column
   */
  public record Argument(String alias, String constant) {}

  public PolicyDefinition {
    to = to == null ? List.of() : List.copyOf(to);
    except = except == null ? List.of() : List.copyOf(except);
    matches = matches == null ? List.of() : List.copyOf(matches);
    using = using == null ? List.of() : List.copyOf(using);
  }
}
