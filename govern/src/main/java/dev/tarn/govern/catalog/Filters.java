package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/**
 * Row filters and column masks of tables. They hold for everybody, whoever owns the table: whom
 * they spare their functions say. Whether a function fits the types of its arguments the engine
 * knows.
 */
public final class Filters {
  private final Tables tables;
  private final Functions functions;
  private final Grants grants;
  private final TablesStore store;

  Filters(Tables tables, Functions functions, Grants grants, TablesStore store) {
    this.tables = tables;
    this.functions = functions;
    this.grants = grants;
    this.store = store;
  }

  /**
   * Gives a table a row filter in place of the one that it has.
   *
   * @return the filter as it is kept
   * @throws TarnException PERMISSION_DENIED without ownership of the table or {@code MANAGE} on it,
   *     and {@code EXECUTE} on the function; TABLE_DOES_NOT_EXIST; RESOURCE_DOES_NOT_EXIST for the
   *     function; INVALID_PARAMETER_VALUE for a view, an unknown column or a function that does not
   *     fit
   */
  public RowFilter setRowFilter(
      Principal principal, EntityName table, EntityName function, List<FilterArgument> arguments) {
    RowFilter filter = rowFilter(principal, managed(principal, table), function, arguments);
    change(table, old -> old.with(filter));
    return filter;
  }

  /**
   * Registers a table that has a filter or masks from the start.
   *
   * @param filters gives them for the table as it will be
   * @param also done in the same transaction, with the id of the table
   * @throws TarnException as {@link Tables#register}
   */
  public TableInfo register(
      Principal principal,
      NewTable table,
      Function<TableInfo, TableFilters> filters,
      BiConsumer<Handle, String> also) {
    long now = System.currentTimeMillis();
    String id = UUID.randomUUID().toString();
    TableFilters made =
        filters.apply(
            new TableInfo(
                id,
                table.name(),
                table.tableType(),
                table.dataSourceFormat(),
                table.storageLocation(),
                principal.name(),
                table.comment(),
                table.columns(),
                table.properties(),
                null,
                null,
                now,
                now,
                TableFilters.NONE));
    return tables.register(
        principal,
        table,
        id,
        handle -> {
          if (!made.none()) {
            store.filter(handle, table.name(), made, now);
          }
          also.accept(handle, id);
        });
  }

  /** Gives a table this filter and these masks and no others; needs ownership or {@code MANAGE}. */
  public void replace(Principal principal, EntityName table, TableFilters filters) {
    managed(principal, table);
    change(table, old -> filters);
  }

  /**
   * Gives a table this filter and these masks; those that it has and these say nothing about stay.
   * Needs ownership or {@code MANAGE}.
   */
  public void define(Principal principal, EntityName table, TableFilters filters) {
    managed(principal, table);
    change(table, filters::over);
  }

  /** Checks as {@link #setRowFilter} does, and sets nothing. */
  public RowFilter rowFilter(
      Principal principal, TableInfo table, EntityName function, List<FilterArgument> arguments) {
    FunctionInfo found = callable(principal, function);
    requireArguments(found, arguments.size());
    requireColumns(table, arguments);
    if (!"BOOLEAN".equalsIgnoreCase(found.definition().returnType())) {
      throw TarnException.invalid(
          "Function '"
              + function
              + "' cannot filter rows: it returns "
              + found.definition().returnType()
              + ", and a row filter returns BOOLEAN.");
    }
    return new RowFilter(function.fullName(), found.functionId(), arguments);
  }

  /** Shows all rows again; needs ownership or {@code MANAGE}. */
  public void dropRowFilter(Principal principal, EntityName table) {
    if (managed(principal, table).filters().rowFilter() == null) {
      throw TarnException.invalid("Table '" + table + "' has no row filter.");
    }
    change(table, old -> old.with(null));
  }

  /**
   * Gives a column a mask in place of the one that it has. Conditions as for {@link #setRowFilter}.
   *
   * @param using what the function is called with after the column itself
   */
  public ColumnMask setMask(
      Principal principal,
      EntityName table,
      String column,
      EntityName function,
      List<FilterArgument> using) {
    ColumnMask mask = mask(principal, managed(principal, table), column, function, using);
    change(table, old -> old.with(column, mask));
    return mask;
  }

  /** Checks as {@link #setMask} does, and sets nothing. */
  public ColumnMask mask(
      Principal principal,
      TableInfo table,
      String column,
      EntityName function,
      List<FilterArgument> using) {
    FunctionInfo found = callable(principal, function);
    requireArguments(found, using.size() + 1);
    requireColumns(table, List.of(FilterArgument.column(column)));
    requireColumns(table, using);
    return new ColumnMask(function.fullName(), found.functionId(), using);
  }

  /** Shows the values of a column again; needs ownership or {@code MANAGE}. */
  public void dropMask(Principal principal, EntityName table, String column) {
    if (managed(principal, table).filters().mask(column).isEmpty()) {
      throw TarnException.invalid("Column '" + column + "' of '" + table + "' has no mask.");
    }
    change(table, old -> old.with(column, null));
  }

  /**
   * The function of a filter or mask as it stands now.
   *
   * @param policy what it is of, for the message
   * @throws TarnException INVALID_STATE if it is gone, so that nothing is shown in its stead
   */
  public FunctionInfo function(EntityName name, String id, String policy) {
    return functions
        .find(name)
        .filter(f -> f.functionId().equals(id))
        .orElseThrow(
            () ->
                new TarnException(
                    ErrorCode.INVALID_STATE,
                    "42883",
                    "[ROUTINE_NOT_FOUND] "
                        + policy
                        + " calls function '"
                        + name
                        + "', which was dropped. Nobody can read the table until its owner sets"
                        + " another, or drops it.",
                    null));
  }

  private TableInfo managed(Principal principal, EntityName table) {
    TableInfo info = tables.get(principal, table);
    grants.requireTable(principal, Privilege.MANAGE, table);
    if (info.tableType() == TableType.VIEW) {
      throw TarnException.invalid(
          "'"
              + table
              + "' is a view, which takes no row filter and no masks. Set them on the tables that it"
              + " reads: they hold through views too.");
    }
    return info;
  }

  private FunctionInfo callable(Principal principal, EntityName name) {
    FunctionInfo function = functions.get(principal, name);
    grants.requireExecute(principal, name);
    if (function.definition().table()) {
      throw TarnException.invalid(
          "Function '" + name + "' gives a table; filters and masks call one that gives a value.");
    }
    return function;
  }

  private static void requireArguments(FunctionInfo function, int given) {
    List<FunctionParameter> parameters = function.definition().parameters();
    long needed = parameters.stream().filter(p -> p.defaultText() == null).count();
    if (given < needed || given > parameters.size()) {
      throw TarnException.invalid(
          "Function '"
              + function.name()
              + "' takes "
              + parameters.size()
              + " arguments, and would be called with "
              + given
              + ".");
    }
  }

  private static void requireColumns(TableInfo table, List<FilterArgument> arguments) {
    for (FilterArgument argument : arguments) {
      String column = argument.column();
      if (column != null
          && table.columns().stream().noneMatch(c -> c.name().equalsIgnoreCase(column))) {
        throw new TarnException(
            ErrorCode.INVALID_PARAMETER_VALUE,
            "42703",
            "Table '"
                + table.name()
                + "' has no column '"
                + column
                + "'. Filters and masks take columns and constants.",
            null);
      }
    }
  }

  private void change(EntityName table, UnaryOperator<TableFilters> change) {
    grants.changing(
        Securable.table(table),
        handle -> {
          TableInfo info =
              store
                  .find(handle, table)
                  .orElseThrow(
                      () ->
                          TarnException.notFound(
                              ErrorCode.TABLE_DOES_NOT_EXIST, "Table", table.fullName()));
          store.filter(handle, table, change.apply(info.filters()), System.currentTimeMillis());
          return null;
        });
  }
}
