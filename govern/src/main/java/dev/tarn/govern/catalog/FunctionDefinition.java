package dev.tarn.govern.catalog;

import java.util.List;

/**
 * What an SQL function takes, gives and does.
 *
 * @param parameters in their order
 * @param parametersText the same as SQL writes them between the parentheses; null if there are none
 * @param returnType of a scalar function, as SQL writes it; null for a table function
 * @param returnColumns of a table function; empty for a scalar function
 * @param expression the body of a scalar function, if it is no query; else null
 * @param query the body that is a query; else null
 * @param deterministic whether equal arguments give equal results
 * @param readsData whether it reads tables
 * @param context what the names and expressions of the body mean
 */
public record FunctionDefinition(
    List<FunctionParameter> parameters,
    String parametersText,
    String returnType,
    List<FunctionParameter> returnColumns,
    String expression,
    String query,
    boolean deterministic,
    boolean readsData,
    ViewContext context) {
  public FunctionDefinition {
    parameters = parameters == null ? List.of() : List.copyOf(parameters);
    returnColumns = returnColumns == null ? List.of() : List.copyOf(returnColumns);
  }

  /** Whether it gives a table. */
  public boolean table() {
    return returnType == null;
  }

  /** The text after RETURN. */
  public String body() {
    return expression == null ? query : expression;
  }
}
