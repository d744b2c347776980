package dev.tarn.engine.statement;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.TableChange;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.Names;
import dev.tarn.kernel.name.SchemaName;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.TableCatalog;

/** What is said about securables, and whose they are. */
record CommentsAndOwners(SparkSession spark, SessionContext context) {
  /**
   * @param comment empty to remove it
   */
  void comment(Securable securable, String comment) {
    switch (securable.type()) {
      case TABLE -> comment(EntityName.parse(securable.fullName()), comment);
      default -> change(securable, Optional.of(comment), Optional.empty());
    }
  }

  private void comment(EntityName name, String comment) {
    TableInfo table = context.tables().get(context.principal(), name);
    if (table.tableType() == TableType.VIEW) {
      context
          .tables()
          .update(
              context.principal(),
              name,
              new TableChange(
                  Optional.empty(), Optional.of(comment), Optional.empty(), Optional.empty()));
      return;
    }
    TableCatalog catalog =
        (TableCatalog) spark.sessionState().catalogManager().catalog(name.catalog());
    try {
      // Delta keeps it in its log too.
      catalog.alterTable(
          Identifier.of(new String[] {name.schema()}, name.name()),
          org.apache.spark.sql.connector.catalog.TableChange.setProperty(
              TableCatalog.PROP_COMMENT, comment));
    } catch (NoSuchTableException e) {
      throw TarnException.notFound(ErrorCode.TABLE_DOES_NOT_EXIST, "Table", name.fullName());
    }
  }

  /**
   * @param comment empty to remove it
   */
  void comment(EntityName name, String column, String comment) {
    TableInfo table = context.tables().get(context.principal(), name);
    if (table.tableType() != TableType.VIEW) {
      spark.sql(
          "ALTER TABLE "
              + TableDescription.quoted(name)
              + " ALTER COLUMN "
              + Names.quoted(column)
              + " COMMENT "
              + TableDescription.literal(comment));
      return;
    }
    if (table.columns().stream().noneMatch(each -> each.name().equalsIgnoreCase(column))) {
      throw TarnException.notFound(ErrorCode.RESOURCE_DOES_NOT_EXIST, "Column", column);
    }
    List<ColumnInfo> columns =
        table.columns().stream()
            .map(each -> each.name().equalsIgnoreCase(column) ? commented(each, comment) : each)
            .toList();
    context
        .tables()
        .update(
            context.principal(),
            name,
            new TableChange(
                Optional.empty(), Optional.empty(), Optional.of(columns), Optional.empty()));
  }

  private static ColumnInfo commented(ColumnInfo column, String comment) {
    return new ColumnInfo(
        column.name(),
        column.typeText(),
        column.typeJson(),
        column.position(),
        column.nullable(),
        comment.isEmpty() ? null : comment);
  }

  void owner(Securable securable, String owner) {
    switch (securable.type()) {
      case TABLE ->
          context
              .tables()
              .setOwner(context.principal(), EntityName.parse(securable.fullName()), owner);
      default -> change(securable, Optional.empty(), Optional.of(owner));
    }
  }

  private void change(Securable securable, Optional<String> comment, Optional<String> owner) {
    Principal principal = context.principal();
    String[] parts = securable.fullName().split("\\.");
    switch (securable.type()) {
      case CATALOG -> context.catalogs().update(principal, parts[0], comment, owner);
      case SCHEMA ->
          context.schemas().update(principal, new SchemaName(parts[0], parts[1]), comment, owner);
      case VOLUME ->
          context
              .volumes()
              .update(principal, EntityName.parse(securable.fullName()), comment, owner);
      case FUNCTION ->
          context
              .functions()
              .update(principal, EntityName.parse(securable.fullName()), comment, owner);
      default -> throw TarnException.invalid(securable + " cannot be changed by this statement.");
    }
  }
}
