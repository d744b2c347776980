package dev.tarn.govern.tags;

import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.kernel.error.TarnException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a tag is on: a securable, or a column of a table or view.
 *
 * @param securable a catalog, schema, table, view, volume or function
 */
public record TaggedEntity(Securable securable, Optional<String> column) {
  private static final String COLUMNS = "columns";
  private static final int PARTS_OF_A_COLUMN = 4;

  private static final Map<String, SecurableType> TYPES =
      Map.of(
          "catalogs", SecurableType.CATALOG,
          "schemas", SecurableType.SCHEMA,
          "tables", SecurableType.TABLE,
          "volumes", SecurableType.VOLUME,
          "functions", SecurableType.FUNCTION);

  public TaggedEntity {
    if (!TYPES.containsValue(securable.type())) {
      throw TarnException.invalid(securable + " cannot have tags.");
    }
    if (column.isPresent() && securable.type() != SecurableType.TABLE) {
      throw TarnException.invalid(securable + " has no columns.");
    }
  }

  public static TaggedEntity of(Securable securable) {
    return new TaggedEntity(securable, Optional.empty());
  }

  public static TaggedEntity column(Securable table, String column) {
    return new TaggedEntity(table, Optional.of(column));
  }

  /**
   * @param type as the REST API spells it: {@code tables}
   * @param name {@code catalog.schema.table}; of a column {@code catalog.schema.table.column}
   * @throws TarnException INVALID_PARAMETER_VALUE
   */
  public static TaggedEntity parse(String type, String name) {
    if (COLUMNS.equals(type)) {
      // The name of a column may have dots in it.
      String[] parts = (name == null ? "" : name).split("\\.", PARTS_OF_A_COLUMN);
      if (parts.length != PARTS_OF_A_COLUMN) {
        throw TarnException.invalid(
            "'" + name + "' is not the name of a column. Write it as catalog.schema.table.column.");
      }
      String table = String.join(".", List.of(parts).subList(0, PARTS_OF_A_COLUMN - 1));
      return column(new Securable(SecurableType.TABLE, table), parts[PARTS_OF_A_COLUMN - 1]);
    }
    SecurableType found = type == null ? null : TYPES.get(type);
    if (found == null) {
      throw TarnException.invalid(
          "Tags are on catalogs, schemas, tables, columns, volumes and functions, and not on '"
              + type
              + "'.");
    }
    return of(new Securable(found, name));
  }

  /** As {@link #parse} reads it. */
  public String type() {
    return column.isPresent()
        ? COLUMNS
        : TYPES.entrySet().stream()
            .filter(each -> each.getValue() == securable.type())
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
  }

  /** As {@link #parse} reads it. */
  public String name() {
    return securable.fullName() + column.map(each -> '.' + each).orElse("");
  }

  /** {@code Column 'ssn' of Table 'main.flights.gold'}, for messages. */
  @Override
  public String toString() {
    return column.map(each -> "Column '" + each + "' of ").orElse("") + securable;
  }
}
