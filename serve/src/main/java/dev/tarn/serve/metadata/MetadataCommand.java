package dev.tarn.serve.metadata;

import dev.tarn.engine.statement.NamePattern;

/**
 * A question about metadata that drivers ask as SQL. A catalog of null means all catalogs; patterns
 * are those of {@link NamePattern}.
 */
sealed interface MetadataCommand {
  record ShowCatalogs(NamePattern name) implements MetadataCommand {}

  record ShowSchemas(String catalog, NamePattern name) implements MetadataCommand {}

  record ShowTables(String catalog, NamePattern schema, NamePattern name)
      implements MetadataCommand {}

  record ShowColumns(String catalog, NamePattern schema, NamePattern table, NamePattern name)
      implements MetadataCommand {}

  record ShowFunctions(String catalog) implements MetadataCommand {}

  /** Primary keys of a table. */
  record ShowKeys(String catalog, String schema, String table) implements MetadataCommand {}

  record ShowForeignKeys(String catalog, String schema, String table) implements MetadataCommand {}
}
