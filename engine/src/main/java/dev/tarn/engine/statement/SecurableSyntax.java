package dev.tarn.engine.statement;

import dev.tarn.govern.catalog.DroppedTable;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.time.Instant;
import java.util.List;
import org.antlr.v4.runtime.CommonTokenStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Statements on securables beside those of the namespace, and on what has left it. */
record SecurableSyntax(SqlNames names) {
  private static final int DIGITS = 9;

  /** Whether a statement begins like one of these. */
  static boolean begins(CommonTokenStream tokens) {
    return switch (tokens.LA(1)) {
      case TarnSqlLexer.UNDROP -> true;
      case TarnSqlLexer.REFRESH -> tokens.LA(2) == TarnSqlLexer.FOREIGN;
      case TarnSqlLexer.SHOW ->
          tokens.LA(2) == TarnSqlLexer.TABLES && tokens.LA(3) == TarnSqlLexer.DROPPED;
      default -> false;
    };
  }

  Statement undrop(TarnSqlParser.UndropContext c) {
    boolean materialized = c.MATERIALIZED() != null;
    if (c.id != null) {
      String id = SqlNames.unquoted(c.id).orElseThrow();
      return Statement.Call.of(
          context ->
              context.facades().droppedTables().undrop(context.principal(), id, materialized));
    }
    EntityName name = names.entity(c.qualifiedName());
    return Statement.Call.of(
        context ->
            context.facades().droppedTables().undrop(context.principal(), name, materialized));
  }

  /**
   * @see <a
   *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-refresh-foreign">REFRESH
   *     FOREIGN</a>
   */
  Statement refresh(TarnSqlParser.RefreshForeignContext c) {
    if (c.TABLE() != null) {
      EntityName table = names.entity(c.qualifiedName());
      return Statement.Call.of(
          context -> {
            context.tables().foreign().seekAgain(table);
            context.tables().get(context.principal(), table);
            context.tables().foreign().refresh(table);
          });
    } else if (c.CATALOG() == null) {
      SchemaName schema = names.schema(c.qualifiedName());
      return Statement.Call.of(
          context -> {
            context.schemas().get(context.principal(), schema);
            context.tables().foreign().refresh(schema);
          });
    }
    String catalog = SqlNames.text(c.qualifiedName().name(0));
    return Statement.Call.of(
        context ->
            context
                .tables()
                .foreign()
                .refresh(context.catalogs().get(context.principal(), catalog)));
  }

  Statement dropped(TarnSqlParser.ShowDroppedContext c) {
    SchemaName schema =
        c.qualifiedName() == null ? names.currentSchema() : names.schema(c.qualifiedName());
    long most = c.most == null ? Long.MAX_VALUE : number(c.most.getText());
    return new Statement.Call(
        List.of(
            "catalogName",
            "schemaName",
            "tableName",
            "tableId",
            "tableType",
            "deletedAt",
            "createdAt",
            "updatedAt",
            "createdBy",
            "owner",
            "comment"),
        context ->
            context.facades().droppedTables().list(context.principal(), schema).stream()
                .limit(most)
                .map(SecurableSyntax::row)
                .toList());
  }

  private static long number(String text) {
    if (text.length() > DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw TarnException.invalid("LIMIT takes a whole number, and '" + text + "' is none.");
    }
    return Long.parseLong(text);
  }

  private static Row row(DroppedTable table) {
    return RowFactory.create(
        table.name().catalog(),
        table.name().schema(),
        table.name().name(),
        table.tableId(),
        table.tableType().name(),
        time(table.droppedAt()),
        time(table.createdAt()),
        time(table.updatedAt()),
        table.createdBy(),
        table.owner(),
        table.comment());
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
