package dev.tarn.engine.catalog;

import dev.tarn.engine.information.InformationSchema;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.kernel.error.TarnException;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.NamespaceChange;
import org.apache.spark.sql.connector.catalog.SupportsNamespaces;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.catalog.TableInfo;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** The catalog {@code system}: an information schema over all catalogs, and nothing else. */
public final class SystemCatalog implements TableCatalog, SupportsNamespaces {
  public static final String NAME = "system";

  private SessionContext context;

  @Override
  public void initialize(String name, CaseInsensitiveStringMap options) {
    context = SessionRegistry.of((SparkSession) org.apache.spark.sql.SparkSession.active());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String[] defaultNamespace() {
    return new String[] {InformationSchema.NAME};
  }

  @Override
  public Identifier[] listTables(String[] namespace) {
    return InformationSchema.is(namespace)
        ? InformationSchema.names().stream()
            .map(table -> Identifier.of(namespace, table))
            .toArray(Identifier[]::new)
        : new Identifier[0];
  }

  @Override
  public Table loadTable(Identifier ident) throws NoSuchTableException {
    Optional<Table> table =
        InformationSchema.is(ident.namespace())
            ? InformationSchema.table(context, Optional.empty(), ident.name())
            : Optional.empty();
    return table.orElseThrow(() -> new NoSuchTableException(ident));
  }

  @Override
  public String[][] listNamespaces() {
    return new String[][] {{InformationSchema.NAME}};
  }

  @Override
  public String[][] listNamespaces(String[] namespace) {
    return namespace.length == 0 ? listNamespaces() : new String[0][];
  }

  @Override
  public boolean namespaceExists(String[] namespace) {
    return namespace.length == 0 || InformationSchema.is(namespace);
  }

  @Override
  public Map<String, String> loadNamespaceMetadata(String[] namespace)
      throws NoSuchNamespaceException {
    if (!namespaceExists(namespace)) {
      throw new NoSuchNamespaceException(namespace);
    }
    return Map.of();
  }

  @Override
  public Table createTable(Identifier ident, TableInfo table) {
    throw readOnly();
  }

  @Override
  public Table alterTable(Identifier ident, TableChange... changes) {
    throw readOnly();
  }

  @Override
  public boolean dropTable(Identifier ident) {
    throw readOnly();
  }

  @Override
  public void renameTable(Identifier from, Identifier to) {
    throw readOnly();
  }

  @Override
  public void createNamespace(String[] namespace, Map<String, String> metadata) {
    throw readOnly();
  }

  @Override
  public void alterNamespace(String[] namespace, NamespaceChange... changes) {
    throw readOnly();
  }

  @Override
  public boolean dropNamespace(String[] namespace, boolean cascade) {
    throw readOnly();
  }

  private static TarnException readOnly() {
    return TarnException.invalid(
        "The catalog 'system' belongs to Tarn and cannot be changed. Use a catalog of your own.");
  }
}
