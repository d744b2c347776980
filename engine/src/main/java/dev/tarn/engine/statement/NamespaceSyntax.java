package dev.tarn.engine.statement;

import dev.tarn.govern.catalog.NamespaceChange;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Statements on catalogs, schemas and volumes, and what all that lies in them has in common. */
final class NamespaceSyntax extends TarnSqlBaseVisitor<Statement> {
  private final SqlNames names;

  NamespaceSyntax(SqlNames names) {
    this.names = names;
  }

  @Override
  public Statement visitCreateCatalog(TarnSqlParser.CreateCatalogContext c) {
    return NewNamespace.of(c.namespaceClause())
        .catalog(SqlNames.text(c.name()), c.EXISTS() != null);
  }

  @Override
  public Statement visitCreateSchema(TarnSqlParser.CreateSchemaContext c) {
    return NewNamespace.of(c.namespaceClause())
        .schema(names.schema(c.qualifiedName()), c.EXISTS() != null);
  }

  @Override
  public Statement visitSetManagedLocation(TarnSqlParser.SetManagedLocationContext c) {
    NamespaceChange change =
        NamespaceChange.ofStorageRoot(SqlNames.unquoted(c.location).orElseThrow());
    if (c.CATALOG() != null) {
      String catalog = String.join(".", SqlNames.parts(c.qualifiedName()));
      return Statement.Call.of(
          context -> context.catalogs().update(context.principal(), catalog, change));
    }
    SchemaName schema = names.schema(c.qualifiedName());
    return Statement.Call.of(
        context -> context.schemas().update(context.principal(), schema, change));
  }

  @Override
  public Statement visitDropCatalog(TarnSqlParser.DropCatalogContext c) {
    return new Statement.DropCatalog(
        SqlNames.text(c.name()), c.EXISTS() != null, c.CASCADE() != null);
  }

  @Override
  public Statement visitShowCatalogs(TarnSqlParser.ShowCatalogsContext c) {
    return new Statement.ShowCatalogs(SqlNames.unquoted(c.pattern));
  }

  @Override
  public Statement visitCreateVolume(TarnSqlParser.CreateVolumeContext c) {
    if ((c.EXTERNAL() == null) != (c.location == null)) {
      throw TarnException.invalid(
          "CREATE EXTERNAL VOLUME needs a LOCATION, and CREATE VOLUME takes none.");
    }
    return new Statement.CreateVolume(
        names.entity(c.qualifiedName()),
        c.EXISTS() != null,
        SqlNames.unquoted(c.location),
        SqlNames.unquoted(c.comment).orElse(null));
  }

  @Override
  public Statement visitDropVolume(TarnSqlParser.DropVolumeContext c) {
    return new Statement.DropVolume(names.entity(c.qualifiedName()), c.EXISTS() != null);
  }

  @Override
  public Statement visitShowVolumes(TarnSqlParser.ShowVolumesContext c) {
    return new Statement.ShowVolumes(
        c.qualifiedName() == null ? names.currentSchema() : names.schema(c.qualifiedName()),
        SqlNames.unquoted(c.pattern));
  }

  @Override
  public Statement visitUseCatalog(TarnSqlParser.UseCatalogContext c) {
    return new Statement.UseCatalog(
        SqlNames.unquoted(c.text).orElseGet(() -> SqlNames.text(c.name())));
  }

  @Override
  public Statement visitDescribeCatalog(TarnSqlParser.DescribeCatalogContext c) {
    return new Statement.DescribeCatalog(SqlNames.text(c.name()), c.EXTENDED() != null);
  }

  @Override
  public Statement visitDescribeVolume(TarnSqlParser.DescribeVolumeContext c) {
    return new Statement.DescribeVolume(names.entity(c.qualifiedName()));
  }

  @Override
  public Statement visitDescribeAsJson(TarnSqlParser.DescribeAsJsonContext c) {
    return new Statement.DescribeAsJson(names.entity(c.qualifiedName()));
  }

  @Override
  public Statement visitShowCreateTable(TarnSqlParser.ShowCreateTableContext c) {
    return new Statement.ShowCreateTable(names.entity(c.qualifiedName()));
  }

  @Override
  public Statement visitShowViews(TarnSqlParser.ShowViewsContext c) {
    return new Statement.ShowViews(
        c.qualifiedName() == null ? names.currentSchema() : names.schema(c.qualifiedName()),
        SqlNames.unquoted(c.pattern));
  }

  @Override
  public Statement visitCommentOn(TarnSqlParser.CommentOnContext c) {
    boolean table = c.relation() != null;
    return new Statement.CommentOn(
        c.FUNCTION() != null
            ? Securable.function(names.entity(c.qualifiedName()))
            : table
                ? Securable.table(names.entity(c.qualifiedName()))
                : container(c.CATALOG() != null, c.VOLUME() != null, c.qualifiedName()),
        SqlNames.unquoted(c.comment));
  }

  @Override
  public Statement visitCommentOnColumn(TarnSqlParser.CommentOnColumnContext c) {
    List<String> parts = SqlNames.parts(c.qualifiedName());
    if (parts.size() < 2) {
      throw TarnException.invalid("COMMENT ON COLUMN names the table too: table.column.");
    }
    return new Statement.CommentOnColumn(
        names.entity(parts.subList(0, parts.size() - 1), c.qualifiedName().getText()),
        parts.get(parts.size() - 1),
        SqlNames.unquoted(c.comment));
  }

  @Override
  public Statement visitSetOwner(TarnSqlParser.SetOwnerContext c) {
    boolean table = c.relation() != null;
    return new Statement.SetOwner(
        c.FUNCTION() != null
            ? Securable.function(names.entity(c.qualifiedName()))
            : table
                ? Securable.table(names.entity(c.qualifiedName()))
                : container(c.CATALOG() != null, c.VOLUME() != null, c.qualifiedName()),
        SqlNames.text(c.principal().name()));
  }

  @Override
  public Statement visitAlterComment(TarnSqlParser.AlterCommentContext c) {
    return new Statement.CommentOnColumn(
        names.entity(c.table),
        String.join(".", SqlNames.parts(c.column)),
        SqlNames.unquoted(c.comment));
  }

  @Override
  public Statement visitRenameVolume(TarnSqlParser.RenameVolumeContext c) {
    EntityName volume = names.entity(c.volume);
    List<String> parts = SqlNames.parts(c.newName);
    EntityName renamed =
        parts.size() == 1 ? volume.parent().child(parts.get(0)) : names.entity(c.newName);
    if (!renamed.parent().equals(volume.parent())) {
      throw TarnException.invalid(
          "A volume is renamed within its schema; '" + renamed + "' lies in another.");
    }
    return Statement.Call.of(
        context -> context.volumes().rename(context.principal(), volume, renamed.name()));
  }

  @Override
  public Statement visitSetProperties(TarnSqlParser.SetPropertiesContext c) {
    Map<String, String> set = new LinkedHashMap<>();
    c.property().forEach(each -> put(set, each));
    return changed(names.schema(c.qualifiedName()), properties -> properties.putAll(set));
  }

  @Override
  public Statement visitUnsetProperties(TarnSqlParser.UnsetPropertiesContext c) {
    List<String> keys = c.propertyKey().stream().map(NamespaceSyntax::key).toList();
    return changed(
        names.schema(c.qualifiedName()), properties -> properties.keySet().removeAll(keys));
  }

  static void put(Map<String, String> properties, TarnSqlParser.PropertyContext c) {
    properties.put(key(c.propertyKey()), SqlNames.unquoted(c.value).orElseThrow());
  }

  private static String key(TarnSqlParser.PropertyKeyContext c) {
    return c.STRING() == null
        ? String.join(".", SqlNames.parts(c.qualifiedName()))
        : SqlNames.unquoted(c.STRING().getSymbol()).orElseThrow();
  }

  private static Statement changed(SchemaName schema, Consumer<Map<String, String>> change) {
    return Statement.Call.of(
        context ->
            context
                .schemas()
                .updateProperties(
                    context.principal(),
                    schema,
                    now -> {
                      Map<String, String> properties = new TreeMap<>(now);
                      change.accept(properties);
                      return properties;
                    }));
  }

  @Override
  public Statement visitDropComputed(TarnSqlParser.DropComputedContext c) {
    EntityName name = names.entity(c.qualifiedName());
    TableType type = c.VIEW() == null ? TableType.STREAMING_TABLE : TableType.MATERIALIZED_VIEW;
    boolean ifExists = c.EXISTS() != null;
    return Statement.Call.of(
        context ->
            Statements.ifExists(
                ifExists,
                () -> {
                  requireType(context.tables().get(context.principal(), name), type);
                  context.tables().delete(context.principal(), name);
                }));
  }

  private static void requireType(TableInfo table, TableType type) {
    if (table.tableType() != type) {
      throw new TarnException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "42809",
          "[WRONG_COMMAND_FOR_OBJECT_TYPE] '"
              + table.name()
              + "' is of type "
              + table.tableType()
              + ", and not "
              + type
              + ". Drop it as what it is.",
          null);
    }
  }

  private Securable container(
      boolean catalog, boolean volume, TarnSqlParser.QualifiedNameContext name) {
    if (catalog) {
      return Securable.catalog(String.join(".", SqlNames.parts(name)));
    }
    return volume ? Securable.volume(names.entity(name)) : Securable.schema(names.schema(name));
  }
}
