package dev.tarn.kernel.name;

/** A schema in the three-level namespace, in stored (lower) case. */
public record SchemaName(String catalog, String schema) {
  public SchemaName {
    catalog = Names.normalized(catalog);
    schema = Names.normalized(schema);
  }

  public EntityName child(String name) {
    return new EntityName(catalog, schema, name);
  }

  /** {@code catalog.schema}, as the REST API spells full names. */
  public String fullName() {
    return catalog + '.' + schema;
  }

  @Override
  public String toString() {
    return fullName();
  }
}
