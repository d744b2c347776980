package dev.tarn.engine.information;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.constraints.TableConstraint;
import dev.tarn.govern.constraints.TableConstraint.Kind;
import dev.tarn.kernel.name.EntityName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The constraints of one catalog, of tables that the session's principal may see. */
record ConstraintRows(SessionContext context) {
  List<Object[]> of(Relation relation, String catalog) {
    List<Object[]> rows = new ArrayList<>();
    for (TableConstraint each : context.constraints().within(context.principal(), catalog)) {
      switch (relation) {
        case TABLE_CONSTRAINTS -> rows.add(constraint(each));
        case KEY_COLUMN_USAGE -> rows.addAll(keyColumns(each));
        case REFERENTIAL_CONSTRAINTS -> referential(each).ifPresent(rows::add);
        case CHECK_CONSTRAINTS -> check(each).ifPresent(rows::add);
        case CONSTRAINT_COLUMN_USAGE -> rows.addAll(usedColumns(each));
        default -> rows.add(row(name(used(each)), name(each)));
      }
    }
    return rows;
  }

  private Object[] constraint(TableConstraint each) {
    boolean check = each.kind() == Kind.CHECK;
    return row(
        name(each),
        name(each.table()),
        Arrays.asList(
            each.kind().name().replace('_', ' '),
            check ? "NO" : "YES",
            check ? "NO" : "YES",
            check ? "YES" : "NO",
            null));
  }

  private List<Object[]> keyColumns(TableConstraint each) {
    List<String> referred =
        each.kind() == Kind.FOREIGN_KEY
            ? context
                .constraints()
                .referred(each)
                .map(TableConstraint::columns)
                .orElse(each.parentColumns())
            : List.of();
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < each.columns().size(); i++) {
      Integer position =
          each.kind() == Kind.FOREIGN_KEY
              ? Integer.valueOf(referred.indexOf(each.parentColumns().get(i)) + 1)
              : null;
      rows.add(
          row(
              name(each),
              name(each.table()),
              Arrays.asList(each.columns().get(i), i + 1, position)));
    }
    return rows;
  }

  private Optional<Object[]> referential(TableConstraint each) {
    return each.kind() == Kind.FOREIGN_KEY
        ? context
            .constraints()
            .referred(each)
            .map(key -> row(name(each), name(key), List.of("FULL", "NO ACTION", "NO ACTION")))
        : Optional.empty();
  }

  private Optional<Object[]> check(TableConstraint each) {
    return each.kind() == Kind.CHECK
        ? Optional.of(row(name(each), Arrays.asList(each.expression(), null)))
        : Optional.empty();
  }

  private List<Object[]> usedColumns(TableConstraint each) {
    List<String> columns = each.kind() == Kind.FOREIGN_KEY ? each.parentColumns() : each.columns();
    return columns.stream()
        .map(column -> row(name(used(each)), List.of(column), name(each)))
        .toList();
  }

  private static EntityName used(TableConstraint each) {
    return each.kind() == Kind.FOREIGN_KEY ? each.parentTable() : each.table();
  }

  private static List<Object> name(TableConstraint each) {
    return List.of(each.table().catalog(), each.table().schema(), each.name());
  }

  private static List<Object> name(EntityName table) {
    return List.of(table.catalog(), table.schema(), table.name());
  }

  @SafeVarargs
  private static Object[] row(List<? extends Object>... parts) {
    List<Object> row = new ArrayList<>();
    for (List<? extends Object> part : parts) {
      row.addAll(part);
    }
    return row.toArray();
  }
}
