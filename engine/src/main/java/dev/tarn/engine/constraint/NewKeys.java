package dev.tarn.engine.constraint;

import dev.tarn.govern.constraints.TableConstraint;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import dev.tarn.kernel.name.EntityName;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * The keys of a table that a statement makes, on their way past Spark, which knows no foreign keys
 * to tables of ours: as a property that nobody gets to see.
 */
public final class NewKeys {
  /** Name of the property. */
  public static final String PROPERTY = "tarn.keys";

  record Key(
      String name,
      TableConstraint.Kind kind,
      List<String> columns,
      List<String> timeseries,
      String parent,
      List<String> parentColumns,
      boolean rely) {}

  private NewKeys() {}

  static String property(List<Key> keys) {
    return Json.string(keys);
  }

  /** The keys of a table to be; none if the statement names none. */
  public static List<TableConstraint> of(Map<String, String> properties, EntityName table) {
    String text = properties.get(PROPERTY);
    if (text == null) {
      return List.of();
    }
    try {
      return List.of(Json.read(text, Key[].class)).stream()
          .map(key -> constraint(key, table))
          .toList();
    } catch (UncheckedIOException | NullPointerException e) {
      throw TarnException.invalid(
          "The property '" + PROPERTY + "' is not for use. Write keys as PRIMARY KEY (…).");
    }
  }

  static TableConstraint constraint(Key key, EntityName table) {
    if (key.kind() == TableConstraint.Kind.PRIMARY_KEY) {
      return new TableConstraint(
          table,
          key.name(),
          key.kind(),
          key.columns(),
          key.timeseries(),
          null,
          List.of(),
          key.rely(),
          null);
    }
    return TableConstraint.foreignKey(
        table,
        key.name(),
        key.columns(),
        EntityName.parse(key.parent()),
        key.parentColumns(),
        key.rely());
  }
}
