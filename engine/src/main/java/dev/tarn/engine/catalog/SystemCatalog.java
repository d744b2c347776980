package dev.tarn.engine.catalog;

import dev.tarn.engine.information.InformationSchema;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.engine.system.SystemTable;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.SchemaName;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
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
import org.apache.spark.sql.connector.catalog.TableWritePrivilege;
import org.apache.spark.sql.delta.catalog.DeltaTableV2;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.Option;

/**
 * The catalog {@code system}: an information schema over all catalogs, and what the platform itself
 * writes. Nobody can change anything in it.
 */
public final class SystemCatalog implements TableCatalog, SupportsNamespaces {
  public static final String NAME = SystemTable.CATALOG;

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
        : tables(namespace)
            .filter(t -> context.grants().sees(context.principal(), Securable.table(t.name())))
            .map(t -> Identifier.of(namespace, t.name().name()))
            .toArray(Identifier[]::new);
  }

  private Stream<SystemTable> tables(String[] namespace) {
    return context.systemTables().stream()
        .filter(t -> namespace.length == 1 && namespace[0].equalsIgnoreCase(t.name().schema()));
  }

  @Override
  public Table loadTable(Identifier ident) throws NoSuchTableException {
    if (InformationSchema.is(ident.namespace())) {
      return InformationSchema.table(context, Optional.empty(), ident.name())
          .orElseThrow(() -> new NoSuchTableException(ident));
    }
    SystemTable table =
        tables(ident.namespace())
            .filter(t -> t.name().name().equalsIgnoreCase(ident.name()))
            .findFirst()
            .orElseThrow(() -> new NoSuchTableException(ident));
    context.grants().requireTable(context.reader(), Privilege.SELECT, table.name());
    table.refresh().run();
    // The native executor refuses it, so that every statement comes by here and finds what is new.
    return new DeltaTableV2(
        org.apache.spark.sql.SparkSession.active(),
        new Path(table.location()),
        Option.apply(RegisteredTable.of(table)),
        Option.apply(table.name().toString()),
        Option.empty(),
        scala.collection.immutable.Map$.MODULE$.empty());
  }

  @Override
  public Table loadTable(Identifier ident, Set<TableWritePrivilege> privileges) {
    throw readOnly();
  }

  @Override
  public String[][] listNamespaces() {
    return Stream.concat(
            Stream.of(InformationSchema.NAME),
            context.systemTables().stream()
                .map(t -> t.name().parent())
                .distinct()
                .filter(s -> context.grants().sees(context.principal(), Securable.schema(s)))
                .map(SchemaName::schema))
        .sorted()
        .map(name -> new String[] {name})
        .toArray(String[][]::new);
  }

  @Override
  public String[][] listNamespaces(String[] namespace) {
    return namespace.length == 0 ? listNamespaces() : new String[0][];
  }

  @Override
  public boolean namespaceExists(String[] namespace) {
    return namespace.length == 0
        || Arrays.stream(listNamespaces())
            .anyMatch(each -> each[0].equalsIgnoreCase(String.join(".", namespace)));
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
