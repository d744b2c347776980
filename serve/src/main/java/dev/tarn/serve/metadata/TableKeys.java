package dev.tarn.serve.metadata;

import dev.tarn.govern.constraints.Constraints;
import dev.tarn.govern.constraints.TableConstraint;
import dev.tarn.govern.constraints.TableConstraint.Kind;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Primary and foreign keys as JDBC lists them: a row for each of their columns. */
final class TableKeys {
  private final Constraints constraints;

  TableKeys(Constraints constraints) {
    this.constraints = constraints;
  }

  /** Catalog, schema, table and column, place in the key from 1, name of the key. */
  List<List<Object>> primary(Principal principal, EntityName table) {
    List<List<Object>> rows = new ArrayList<>();
    for (TableConstraint key : constraints.visible(principal, table)) {
      if (key.kind() == Kind.PRIMARY_KEY) {
        for (int i = 0; i < key.columns().size(); i++) {
          rows.add(
              Arrays.asList(
                  table.catalog(),
                  table.schema(),
                  table.name(),
                  key.columns().get(i),
                  i + 1,
                  key.name()));
        }
      }
    }
    return rows;
  }

  /**
   * The foreign keys of one table, to another.
   *
   * @param parent that they refer to; null for any
   * @param foreign that they are of; null for any
   */
  List<List<Object>> foreign(Principal principal, EntityName parent, EntityName foreign) {
    if (parent == null && foreign == null) {
      return List.of();
    }
    List<TableConstraint> keys =
        foreign == null
            ? constraints.referring(principal, parent)
            : constraints.visible(principal, foreign);
    return keys.stream()
        .filter(key -> key.kind() == Kind.FOREIGN_KEY)
        .filter(key -> parent == null || parent.equals(key.parentTable()))
        .flatMap(key -> rows(key).stream())
        .toList();
  }

  private List<List<Object>> rows(TableConstraint key) {
    String primary = constraints.referred(key).map(TableConstraint::name).orElse(null);
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < key.columns().size(); i++) {
      rows.add(
          Arrays.asList(
              key.parentTable().catalog(),
              key.parentTable().schema(),
              key.parentTable().name(),
              key.parentColumns().get(i),
              key.table().catalog(),
              key.table().schema(),
              key.table().name(),
              key.columns().get(i),
              i + 1,
              DatabaseMetaData.importedKeyNoAction,
              DatabaseMetaData.importedKeyNoAction,
              key.name(),
              primary,
              DatabaseMetaData.importedKeyInitiallyDeferred));
    }
    return rows;
  }
}
