package dev.tarn.kernel.name;

import dev.tarn.kernel.error.TarnException;

/**
 * The full name of what lives in a schema: a table, a volume, a function or a model. Parts are in
 * stored (lower) case.
 */
public record EntityName(String catalog, String schema, String name) {
  public EntityName {
    catalog = Names.normalized(catalog);
    schema = Names.normalized(schema);
    name = Names.normalized(name);
  }

  /**
   * Parses {@code catalog.schema.name}, as the REST API spells full names.
   *
   * @throws TarnException INVALID_PARAMETER_VALUE unless there are exactly three parts
   */
  public static EntityName parse(String fullName) {
    String[] parts = fullName == null ? new String[0] : fullName.split("\\.", -1);
    if (parts.length != 3) {
      throw TarnException.invalid(
          "'" + fullName + "' is not a full name. Write it as catalog.schema.name.");
    }
    return new EntityName(parts[0], parts[1], parts[2]);
  }

  public SchemaName parent() {
    return new SchemaName(catalog, schema);
  }

  public String fullName() {
    return catalog + '.' + schema + '.' + name;
  }

  /** The name as SQL text, every part quoted. */
  public String quoted() {
    return Names.quoted(catalog) + '.' + Names.quoted(schema) + '.' + Names.quoted(name);
  }

  @Override
  public String toString() {
    return fullName();
  }
}
