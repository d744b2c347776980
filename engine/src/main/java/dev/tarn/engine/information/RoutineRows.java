package dev.tarn.engine.information;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.FunctionDefinition;
import dev.tarn.govern.catalog.FunctionInfo;
import dev.tarn.govern.catalog.FunctionParameter;
import dev.tarn.govern.grants.Grant;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.name.SchemaName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The functions of one schema that the session's principal may see. */
record RoutineRows(SessionContext context, Wanted wanted) {
  List<Object[]> of(Relation relation, SchemaName schema) {
    List<Object[]> rows = new ArrayList<>();
    for (FunctionInfo function : context.functions().list(context.principal(), schema)) {
      if (wanted.name(function.name().name())) {
        FunctionDefinition definition = function.definition();
        switch (relation) {
          case ROUTINES -> rows.add(routine(function));
          case PARAMETERS -> definition.parameters().forEach(p -> rows.add(parameter(function, p)));
          case ROUTINE_COLUMNS ->
              definition.returnColumns().forEach(c -> rows.add(column(function, c)));
          default -> rows.addAll(privileges(function));
        }
      }
    }
    return rows;
  }

  private static List<Object> name(FunctionInfo function) {
    return new ArrayList<>(
        List.of(function.name().catalog(), function.name().schema(), function.name().name()));
  }

  private Object[] routine(FunctionInfo function) {
    FunctionDefinition definition = function.definition();
    Securable securable = Securable.function(function.name());
    List<Object> row = name(function);
    row.addAll(name(function));
    row.addAll(List.of(function.owner(), "FUNCTION"));
    row.addAll(type(definition.table() ? "TABLE" : definition.returnType()));
    row.addAll(
        Arrays.asList(
            "SQL",
            context.grants().browsesOnly(context.principal(), securable) ? null : definition.body(),
            null,
            null,
            "SQL",
            definition.deterministic() ? "YES" : "NO",
            definition.readsData() ? "READS SQL DATA" : "CONTAINS SQL",
            "YES",
            null,
            "DEFINER",
            "NO",
            function.comment(),
            function.createdAt() * 1000,
            null,
            function.updatedAt() * 1000,
            null));
    return row.toArray();
  }

  /** From {@code data_type} to {@code maximum_cardinality}, with {@code full_data_type} second. */
  private static List<Object> type(String typeText) {
    List<Object> values = new ArrayList<>(ColumnType.of(typeText).values());
    values.add(1, typeText.toLowerCase(Locale.ROOT));
    return values;
  }

  private static Object[] parameter(FunctionInfo function, FunctionParameter parameter) {
    List<Object> row = name(function);
    row.addAll(List.of(parameter.position() + 1, "IN", "NO", "NO", parameter.name()));
    row.addAll(type(parameter.typeText()));
    row.add(parameter.defaultText());
    row.add(parameter.comment());
    return row.toArray();
  }

  private static Object[] column(FunctionInfo function, FunctionParameter column) {
    List<Object> row = name(function);
    row.addAll(List.of(column.position() + 1, column.name()));
    row.addAll(type(column.typeText()));
    row.add(column.comment());
    return row.toArray();
  }

  private List<Object[]> privileges(FunctionInfo function) {
    List<Object[]> rows = new ArrayList<>();
    for (Grant grant : PrivilegeRows.grants(context, Securable.function(function.name()))) {
      List<Object> names = name(function);
      names.addAll(name(function));
      rows.add(PrivilegeRows.row(grant, names));
    }
    return rows;
  }
}
