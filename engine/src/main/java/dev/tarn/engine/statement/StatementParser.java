package dev.tarn.engine.statement;

import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;

/** Recognises the statements that are Tarn's own, and leaves all others to Spark. */
final class StatementParser {
  private final String currentCatalog;
  private final String currentSchema;

  StatementParser(String currentCatalog, String currentSchema) {
    this.currentCatalog = currentCatalog;
    this.currentSchema = currentSchema;
  }

  /**
   * @return empty if the statement does not begin like one of ours
   * @throws TarnException SQLSTATE 42601 if it does, but goes on wrongly
   */
  Optional<Statement> parse(String sql) {
    TarnSqlLexer lexer = new TarnSqlLexer(CharStreams.fromString(sql));
    lexer.removeErrorListeners();
    CommonTokenStream tokens = new CommonTokenStream(lexer);
    if (!isOurs(tokens)) {
      return Optional.empty();
    }
    TarnSqlParser parser = new TarnSqlParser(tokens);
    parser.removeErrorListeners();
    parser.addErrorListener(
        new BaseErrorListener() {
          @Override
          public void syntaxError(
              Recognizer<?, ?> recognizer,
              Object symbol,
              int line,
              int column,
              String message,
              RecognitionException e) {
            throw new TarnException(
                ErrorCode.BAD_REQUEST,
                "42601",
                "[PARSE_SYNTAX_ERROR] Syntax error at line "
                    + line
                    + ", column "
                    + (column + 1)
                    + ": "
                    + message
                    + ".",
                null);
          }
        });
    return Optional.of(new Builder().visit(parser.single().statement()));
  }

  private static boolean isOurs(CommonTokenStream tokens) {
    int first = tokens.LA(1);
    int second = tokens.LA(2);
    return switch (first) {
      case TarnSqlLexer.GRANT, TarnSqlLexer.REVOKE -> true;
      case TarnSqlLexer.CREATE ->
          second == TarnSqlLexer.CATALOG
              || second == TarnSqlLexer.VOLUME
              || (second == TarnSqlLexer.EXTERNAL && tokens.LA(3) == TarnSqlLexer.VOLUME);
      case TarnSqlLexer.DROP -> second == TarnSqlLexer.CATALOG || second == TarnSqlLexer.VOLUME;
      case TarnSqlLexer.SHOW ->
          second == TarnSqlLexer.CATALOGS
              || second == TarnSqlLexer.VOLUMES
              || second == TarnSqlLexer.GRANTS
              || second == TarnSqlLexer.GRANT;
      default -> false;
    };
  }

  private final class Builder extends TarnSqlBaseVisitor<Statement> {
    @Override
    public Statement visitCreateCatalog(TarnSqlParser.CreateCatalogContext c) {
      return new Statement.CreateCatalog(
          text(c.name()), c.EXISTS() != null, unquoted(c.comment).orElse(null));
    }

    @Override
    public Statement visitDropCatalog(TarnSqlParser.DropCatalogContext c) {
      return new Statement.DropCatalog(text(c.name()), c.EXISTS() != null, c.CASCADE() != null);
    }

    @Override
    public Statement visitShowCatalogs(TarnSqlParser.ShowCatalogsContext c) {
      return new Statement.ShowCatalogs(unquoted(c.pattern));
    }

    @Override
    public Statement visitCreateVolume(TarnSqlParser.CreateVolumeContext c) {
      if ((c.EXTERNAL() == null) != (c.location == null)) {
        throw TarnException.invalid(
            "CREATE EXTERNAL VOLUME needs a LOCATION, and CREATE VOLUME takes none.");
      }
      return new Statement.CreateVolume(
          entity(c.qualifiedName()),
          c.EXISTS() != null,
          unquoted(c.location),
          unquoted(c.comment).orElse(null));
    }

    @Override
    public Statement visitDropVolume(TarnSqlParser.DropVolumeContext c) {
      return new Statement.DropVolume(entity(c.qualifiedName()), c.EXISTS() != null);
    }

    @Override
    public Statement visitShowVolumes(TarnSqlParser.ShowVolumesContext c) {
      return new Statement.ShowVolumes(
          c.qualifiedName() == null
              ? new SchemaName(currentCatalog, currentSchema)
              : schema(c.qualifiedName()),
          unquoted(c.pattern));
    }

    @Override
    public Statement visitGrant(TarnSqlParser.GrantContext c) {
      return new Statement.Grant(
          privileges(c.privileges()), securable(c.securable()), text(c.principal().name()));
    }

    @Override
    public Statement visitRevoke(TarnSqlParser.RevokeContext c) {
      return new Statement.Revoke(
          privileges(c.privileges()), securable(c.securable()), text(c.principal().name()));
    }

    @Override
    public Statement visitShowGrants(TarnSqlParser.ShowGrantsContext c) {
      return new Statement.ShowGrants(
          Optional.ofNullable(c.principal()).map(p -> text(p.name())), securable(c.securable()));
    }

    private Set<Privilege> privileges(TarnSqlParser.PrivilegesContext c) {
      Set<Privilege> privileges = new LinkedHashSet<>();
      for (TarnSqlParser.PrivilegeContext p : c.privilege()) {
        privileges.add(
            Privilege.parse(
                p.word().stream().map(w -> w.getText()).collect(Collectors.joining(" "))));
      }
      return privileges;
    }

    private Securable securable(TarnSqlParser.SecurableContext c) {
      if (c instanceof TarnSqlParser.OnCatalogContext on) {
        return Securable.catalog(text(on.name()));
      } else if (c instanceof TarnSqlParser.OnSchemaContext on) {
        return Securable.schema(schema(on.qualifiedName()));
      } else if (c instanceof TarnSqlParser.OnVolumeContext on) {
        return Securable.volume(entity(on.qualifiedName()));
      } else if (c instanceof TarnSqlParser.OnTableContext on) {
        return Securable.table(entity(on.qualifiedName()));
      }
      return Securable.METASTORE;
    }

    private SchemaName schema(TarnSqlParser.QualifiedNameContext c) {
      List<String> parts = parts(c);
      return switch (parts.size()) {
        case 1 -> new SchemaName(currentCatalog, parts.get(0));
        case 2 -> new SchemaName(parts.get(0), parts.get(1));
        default -> throw TarnException.invalid("'" + c.getText() + "' is not catalog.schema.");
      };
    }

    private EntityName entity(TarnSqlParser.QualifiedNameContext c) {
      List<String> parts = parts(c);
      return switch (parts.size()) {
        case 1 -> new EntityName(currentCatalog, currentSchema, parts.get(0));
        case 2 -> new EntityName(currentCatalog, parts.get(0), parts.get(1));
        case 3 -> new EntityName(parts.get(0), parts.get(1), parts.get(2));
        default -> throw TarnException.invalid("'" + c.getText() + "' is not catalog.schema.name.");
      };
    }

    private static List<String> parts(TarnSqlParser.QualifiedNameContext c) {
      return c.name().stream().map(Builder::text).toList();
    }

    private static String text(TarnSqlParser.NameContext c) {
      String text = c.getText();
      return c.QUOTED() == null ? text : text.substring(1, text.length() - 1).replace("``", "`");
    }

    private static Optional<String> unquoted(Token string) {
      return Optional.ofNullable(string)
          .map(Token::getText)
          .map(t -> t.substring(1, t.length() - 1).replace("''", "'").replace("\\'", "'"));
    }
  }
}
