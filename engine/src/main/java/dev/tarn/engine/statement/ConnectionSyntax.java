package dev.tarn.engine.statement;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.NamespaceChange;
import dev.tarn.govern.connections.Connection;
import dev.tarn.govern.connections.ConnectionChange;
import dev.tarn.govern.connections.ConnectionOptions;
import dev.tarn.govern.connections.Connections;
import dev.tarn.kernel.error.TarnException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Statements on connections, and on catalogs of what they lead to.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-connection">CREATE
 *     CONNECTION</a>
 */
final class ConnectionSyntax extends TarnSqlBaseVisitor<Statement> {
  /** Whether a statement begins like one of these. */
  static boolean begins(CommonTokenStream tokens) {
    return switch (tokens.LA(1)) {
      case TarnSqlLexer.CREATE ->
          isOne(tokens.LA(2))
              || (tokens.LA(2) == TarnSqlLexer.FOREIGN && tokens.LA(3) == TarnSqlLexer.CATALOG);
      case TarnSqlLexer.ALTER, TarnSqlLexer.DROP -> isOne(tokens.LA(2));
      case TarnSqlLexer.DESC, TarnSqlLexer.DESCRIBE ->
          isOne(tokens.LA(2))
              && tokens.LA(3) != Token.EOF
              && tokens.LA(3) != TarnSqlLexer.SEMICOLON
              && tokens.LA(3) != TarnSqlLexer.DOT;
      case TarnSqlLexer.COMMENT -> tokens.LA(2) == TarnSqlLexer.ON && isOne(tokens.LA(3));
      case TarnSqlLexer.SHOW -> tokens.LA(2) == TarnSqlLexer.CONNECTIONS;
      default -> false;
    };
  }

  private static boolean isOne(int token) {
    return token == TarnSqlLexer.CONNECTION || token == TarnSqlLexer.SERVER;
  }

  private static Connections connections(SessionContext context) {
    return context.facades().connections();
  }

  /** Without secrets: a statement is kept in the history as it was written. */
  private static Map<String, String> options(TarnSqlParser.ConnectionOptionsContext c) {
    Map<String, String> options = new LinkedHashMap<>();
    for (TarnSqlParser.ConnectionOptionContext option : c.connectionOption()) {
      String name = SqlNames.text(option.key);
      if (!ConnectionOptions.isShown(name)) {
        throw TarnException.invalid(
            "The option '"
                + name
                + "' may be a secret, and statements are kept in the query history. Give it with the"
                + " REST API.");
      }
      options.put(name, SqlNames.unquoted(option.value).orElseThrow());
    }
    return options;
  }

  @Override
  public Statement visitCreateConnection(TarnSqlParser.CreateConnectionContext c) {
    Connections.NewConnection made =
        new Connections.NewConnection(
            SqlNames.text(c.name(0)),
            SqlNames.text(c.type),
            options(c.connectionOptions()),
            Map.of(),
            SqlNames.unquoted(c.comment).orElse(null),
            false);
    boolean ifNotExists = c.EXISTS() != null;
    return Statement.Call.of(
        context ->
            Statements.unlessExists(
                ifNotExists, () -> connections(context).create(context.principal(), made)));
  }

  /**
   * @see <a
   *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-catalog">CREATE
   *     CATALOG</a>
   */
  @Override
  public Statement visitCreateForeignCatalog(TarnSqlParser.CreateForeignCatalogContext c) {
    String name = SqlNames.text(c.catalog);
    String comment = SqlNames.unquoted(c.comment).orElse(null);
    String source = SqlNames.text(c.source);
    Map<String, String> options =
        c.connectionOptions() == null ? Map.of() : options(c.connectionOptions());
    boolean ifNotExists = c.EXISTS() != null;
    return Statement.Call.of(
        context ->
            Statements.unlessExists(
                ifNotExists,
                () ->
                    context
                        .facades()
                        .foreignCatalogs()
                        .create(context.principal(), name, comment, Map.of(), source, options)));
  }

  @Override
  public Statement visitAlterForeignCatalog(TarnSqlParser.AlterForeignCatalogContext c) {
    String name = SqlNames.text(c.name());
    NamespaceChange change = NamespaceChange.ofOptions(options(c.connectionOptions()));
    return Statement.Call.of(
        context -> context.catalogs().update(context.principal(), name, change));
  }

  @Override
  public Statement visitAlterConnection(TarnSqlParser.AlterConnectionContext c) {
    return changed(
        SqlNames.text(c.name(0)),
        new ConnectionChange(
            Optional.ofNullable(c.newName).map(SqlNames::text),
            Optional.ofNullable(c.connectionOptions()).map(ConnectionSyntax::options),
            Optional.ofNullable(c.principal()).map(owner -> SqlNames.text(owner.name())),
            Optional.empty()));
  }

  private static Statement changed(String name, ConnectionChange change) {
    return Statement.Call.of(
        context -> connections(context).update(context.principal(), name, change));
  }

  @Override
  public Statement visitDropConnection(TarnSqlParser.DropConnectionContext c) {
    String name = SqlNames.text(c.name());
    boolean ifExists = c.EXISTS() != null;
    return Statement.Call.of(
        context ->
            Statements.ifExists(
                ifExists, () -> connections(context).delete(context.principal(), name)));
  }

  @Override
  public Statement visitDescribeConnection(TarnSqlParser.DescribeConnectionContext c) {
    String name = SqlNames.text(c.name());
    return new Statement.Call(
        List.of("info_name", "info_value"),
        context -> rows(connections(context).get(context.principal(), name)));
  }

  private static List<Row> rows(Connection connection) {
    List<Row> rows = new ArrayList<>();
    rows.add(RowFactory.create("Name", connection.name()));
    rows.add(RowFactory.create("Type", connection.connectionType()));
    rows.add(RowFactory.create("Owner", connection.owner()));
    rows.add(
        RowFactory.create("Created At", Instant.ofEpochMilli(connection.createdAt()).toString()));
    rows.add(RowFactory.create("Created By", connection.createdBy()));
    rows.add(RowFactory.create("Comment", connection.comment()));
    connection
        .options()
        .forEach((key, value) -> rows.add(RowFactory.create("Option " + key, value)));
    return rows;
  }

  @Override
  public Statement visitShowConnections(TarnSqlParser.ShowConnectionsContext c) {
    Predicate<String> matches = Statements.like(SqlNames.unquoted(c.pattern));
    return new Statement.Call(
        List.of("name", "type", "comment"),
        context ->
            connections(context).list(context.principal()).stream()
                .filter(each -> matches.test(each.name()))
                .map(each -> RowFactory.create(each.name(), each.connectionType(), each.comment()))
                .toList());
  }

  @Override
  public Statement visitCommentOnConnection(TarnSqlParser.CommentOnConnectionContext c) {
    return changed(
        SqlNames.text(c.name()),
        new ConnectionChange(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(SqlNames.unquoted(c.comment).orElse(""))));
  }
}
