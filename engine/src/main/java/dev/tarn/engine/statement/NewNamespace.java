package dev.tarn.engine.statement;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.SchemaName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;

/**
 * CREATE CATALOG, and CREATE SCHEMA with a MANAGED LOCATION, which Spark does not know.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-schema">CREATE
 *     SCHEMA</a>
 */
record NewNamespace(
    Optional<String> comment, Optional<String> location, Map<String, String> properties) {
  /** Whether a statement makes a schema with a managed location. */
  static boolean begins(CommonTokenStream tokens) {
    if (tokens.LA(1) != TarnSqlLexer.CREATE
        || (tokens.LA(2) != TarnSqlLexer.SCHEMA && tokens.LA(2) != TarnSqlLexer.DATABASE)) {
      return false;
    }
    int at = 3;
    while (tokens.LA(at) != Token.EOF) {
      if (tokens.LA(at) == TarnSqlLexer.MANAGED && tokens.LA(at + 1) == TarnSqlLexer.LOCATION) {
        return true;
      }
      at++;
    }
    return false;
  }

  static NewNamespace of(List<TarnSqlParser.NamespaceClauseContext> clauses) {
    Optional<String> comment = Optional.empty();
    Optional<String> location = Optional.empty();
    Map<String, String> properties = new LinkedHashMap<>();
    for (TarnSqlParser.NamespaceClauseContext c : clauses) {
      if (c.comment != null) {
        requireOnce(comment.isEmpty(), "COMMENT");
        comment = SqlNames.unquoted(c.comment);
      } else if (c.location != null) {
        requireOnce(location.isEmpty(), "MANAGED LOCATION");
        location = SqlNames.unquoted(c.location);
      } else {
        requireOnce(properties.isEmpty(), "WITH DBPROPERTIES");
        c.property().forEach(each -> NamespaceSyntax.put(properties, each));
      }
    }
    return new NewNamespace(comment, location, properties);
  }

  private static void requireOnce(boolean first, String words) {
    if (!first) {
      throw TarnException.invalid(words + " is there twice. Leave one out.");
    }
  }

  Statement catalog(String name, boolean ifNotExists) {
    if (!properties.isEmpty()) {
      throw TarnException.invalid("CREATE CATALOG takes no DBPROPERTIES. Leave them out.");
    }
    return Statement.Call.of(
        context ->
            Statements.unlessExists(
                ifNotExists,
                () ->
                    context
                        .catalogs()
                        .create(
                            context.principal(),
                            name,
                            comment.orElse(null),
                            properties,
                            location)));
  }

  Statement schema(SchemaName name, boolean ifNotExists) {
    return Statement.Call.of(
        context ->
            Statements.unlessExists(
                ifNotExists,
                () ->
                    context
                        .schemas()
                        .create(
                            context.principal(),
                            name,
                            comment.orElse(null),
                            properties,
                            location)));
  }
}
