package dev.tarn.engine.statement;

import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
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
  private static final int LONGEST_DESCRIBE = 20;

  private final SqlNames names;

  StatementParser(String currentCatalog, String currentSchema) {
    this.names = new SqlNames(currentCatalog, currentSchema);
  }

  /** Whether the statement begins like one of ours; all others are Spark's. */
  static boolean isOurs(String sql) {
    return isOurs(tokens(sql));
  }

  private static CommonTokenStream tokens(String sql) {
    TarnSqlLexer lexer = new TarnSqlLexer(CharStreams.fromString(sql));
    lexer.removeErrorListeners();
    return new CommonTokenStream(lexer);
  }

  /**
   * Parses a statement of ours.
   *
   * @throws TarnException SQLSTATE 42601 if it is none
   */
  Statement parse(String sql) {
    CommonTokenStream tokens = tokens(sql);
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
    return new Builder().visit(parser.single().statement());
  }

  private static boolean isOurs(CommonTokenStream tokens) {
    int first = tokens.LA(1);
    int second = tokens.LA(2);
    return switch (first) {
      case TarnSqlLexer.GRANT, TarnSqlLexer.REVOKE -> true;
      case TarnSqlLexer.SET, TarnSqlLexer.UNSET ->
          second == TarnSqlLexer.TAG && tokens.LA(3) == TarnSqlLexer.ON;
      case TarnSqlLexer.CREATE ->
          PolicySyntax.creates(tokens)
              || second == TarnSqlLexer.CATALOG
              || second == TarnSqlLexer.VOLUME
              || (second == TarnSqlLexer.EXTERNAL && tokens.LA(3) == TarnSqlLexer.VOLUME);
      case TarnSqlLexer.DROP ->
          second == TarnSqlLexer.CATALOG
              || second == TarnSqlLexer.VOLUME
              || second == TarnSqlLexer.POLICY;
      case TarnSqlLexer.SHOW ->
          second == TarnSqlLexer.CATALOGS
              || second == TarnSqlLexer.POLICIES
              || (second == TarnSqlLexer.EFFECTIVE && tokens.LA(3) == TarnSqlLexer.POLICIES)
              || second == TarnSqlLexer.VOLUMES
              || second == TarnSqlLexer.VIEWS
              || second == TarnSqlLexer.GRANTS
              || second == TarnSqlLexer.GRANT
              || (second == TarnSqlLexer.CREATE && tokens.LA(3) == TarnSqlLexer.TABLE);
      case TarnSqlLexer.USE -> second == TarnSqlLexer.CATALOG && !ends(tokens, 3);
      case TarnSqlLexer.DESC, TarnSqlLexer.DESCRIBE ->
          ((second == TarnSqlLexer.CATALOG || second == TarnSqlLexer.VOLUME) && !ends(tokens, 3))
              || (second == TarnSqlLexer.POLICY && tokens.LA(4) == TarnSqlLexer.ON)
              || endsAsJson(tokens);
      case TarnSqlLexer.COMMENT ->
          second == TarnSqlLexer.ON
              && switch (tokens.LA(3)) {
                case TarnSqlLexer.CATALOG,
                    TarnSqlLexer.SCHEMA,
                    TarnSqlLexer.DATABASE,
                    TarnSqlLexer.VOLUME,
                    TarnSqlLexer.TABLE,
                    TarnSqlLexer.VIEW,
                    TarnSqlLexer.FUNCTION,
                    TarnSqlLexer.COLUMN ->
                    true;
                default -> false;
              };
      case TarnSqlLexer.ALTER ->
          switch (second) {
            case TarnSqlLexer.CATALOG, TarnSqlLexer.VOLUME, TarnSqlLexer.FUNCTION -> true;
            case TarnSqlLexer.SCHEMA,
                TarnSqlLexer.DATABASE,
                TarnSqlLexer.TABLE,
                TarnSqlLexer.VIEW ->
                Alterations.areOurs(tokens) || FilterStatements.begin(tokens);
            default -> false;
          };
      default -> false;
    };
  }

  private static boolean ends(CommonTokenStream tokens, int ahead) {
    int token = tokens.LA(ahead);
    return token == Token.EOF || token == TarnSqlLexer.SEMICOLON;
  }

  private static boolean endsAsJson(CommonTokenStream tokens) {
    int at = 1;
    while (at < LONGEST_DESCRIBE && !ends(tokens, at)) {
      at++;
    }
    return at > 2 && tokens.LA(at - 1) == TarnSqlLexer.JSON && tokens.LA(at - 2) == TarnSqlLexer.AS;
  }

  private final class Builder extends TarnSqlBaseVisitor<Statement> {
    private final TagSyntax tags = new TagSyntax(names);
    private final PolicySyntax policies = new PolicySyntax(names);

    @Override
    public Statement visitCreateCatalog(TarnSqlParser.CreateCatalogContext c) {
      return new Statement.CreateCatalog(
          SqlNames.text(c.name()), c.EXISTS() != null, SqlNames.unquoted(c.comment).orElse(null));
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
    public Statement visitGrant(TarnSqlParser.GrantContext c) {
      return new Statement.Grant(
          privileges(c.privileges()),
          securable(c.securable()),
          SqlNames.text(c.principal().name()));
    }

    @Override
    public Statement visitRevoke(TarnSqlParser.RevokeContext c) {
      return new Statement.Revoke(
          privileges(c.privileges()),
          securable(c.securable()),
          SqlNames.text(c.principal().name()));
    }

    @Override
    public Statement visitShowGrants(TarnSqlParser.ShowGrantsContext c) {
      return new Statement.ShowGrants(
          Optional.ofNullable(c.principal()).map(p -> SqlNames.text(p.name())),
          securable(c.securable()));
    }

    @Override
    public Statement visitUseCatalog(TarnSqlParser.UseCatalogContext c) {
      return new Statement.UseCatalog(SqlNames.text(c.name()));
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
      boolean table = c.TABLE() != null || c.VIEW() != null;
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
      boolean table = c.TABLE() != null || c.VIEW() != null;
      return new Statement.SetOwner(
          c.FUNCTION() != null
              ? Securable.function(names.entity(c.qualifiedName()))
              : table
                  ? Securable.table(names.entity(c.qualifiedName()))
                  : container(c.CATALOG() != null, c.VOLUME() != null, c.qualifiedName()),
          SqlNames.text(c.principal().name()));
    }

    @Override
    public Statement visitSetTags(TarnSqlParser.SetTagsContext c) {
      return tags.set(c);
    }

    @Override
    public Statement visitUnsetTags(TarnSqlParser.UnsetTagsContext c) {
      return tags.unset(c);
    }

    @Override
    public Statement visitSetColumnTags(TarnSqlParser.SetColumnTagsContext c) {
      return tags.set(c);
    }

    @Override
    public Statement visitUnsetColumnTags(TarnSqlParser.UnsetColumnTagsContext c) {
      return tags.unset(c);
    }

    @Override
    public Statement visitSetTag(TarnSqlParser.SetTagContext c) {
      return tags.set(c);
    }

    @Override
    public Statement visitUnsetTag(TarnSqlParser.UnsetTagContext c) {
      return tags.unset(c);
    }

    @Override
    public Statement visitSetRowFilter(TarnSqlParser.SetRowFilterContext c) {
      return new Statement.SetRowFilter(
          names.entity(c.qualifiedName()),
          names.entity(c.rowFilter().qualifiedName()),
          FilterStatements.arguments(c.rowFilter().filterArguments()));
    }

    @Override
    public Statement visitDropRowFilter(TarnSqlParser.DropRowFilterContext c) {
      return new Statement.DropRowFilter(names.entity(c.qualifiedName()));
    }

    @Override
    public Statement visitSetMask(TarnSqlParser.SetMaskContext c) {
      return new Statement.SetMask(
          names.entity(c.qualifiedName()),
          SqlNames.text(c.name()),
          names.entity(c.mask().qualifiedName()),
          FilterStatements.arguments(c.mask().filterArguments()));
    }

    @Override
    public Statement visitDropMask(TarnSqlParser.DropMaskContext c) {
      return new Statement.DropMask(names.entity(c.qualifiedName()), SqlNames.text(c.name()));
    }

    @Override
    public Statement visitDropPrimaryKey(TarnSqlParser.DropPrimaryKeyContext c) {
      return new Statement.DropPrimaryKey(
          names.entity(c.qualifiedName()), c.EXISTS() != null, c.CASCADE() != null);
    }

    @Override
    public Statement visitDropForeignKey(TarnSqlParser.DropForeignKeyContext c) {
      return new Statement.DropForeignKey(
          names.entity(c.qualifiedName()),
          c.EXISTS() != null,
          c.name().stream().map(SqlNames::text).toList());
    }

    @Override
    public Statement visitCreatePolicy(TarnSqlParser.CreatePolicyContext c) {
      return policies.created(c);
    }

    @Override
    public Statement visitDropPolicy(TarnSqlParser.DropPolicyContext c) {
      return policies.dropped(c);
    }

    @Override
    public Statement visitShowPolicies(TarnSqlParser.ShowPoliciesContext c) {
      return policies.shown(c);
    }

    @Override
    public Statement visitDescribePolicy(TarnSqlParser.DescribePolicyContext c) {
      return policies.described(c);
    }

    private Securable container(
        boolean catalog, boolean volume, TarnSqlParser.QualifiedNameContext name) {
      if (catalog) {
        return Securable.catalog(String.join(".", SqlNames.parts(name)));
      }
      return volume ? Securable.volume(names.entity(name)) : Securable.schema(names.schema(name));
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
        return Securable.catalog(SqlNames.text(on.name()));
      } else if (c instanceof TarnSqlParser.OnSchemaContext on) {
        return Securable.schema(names.schema(on.qualifiedName()));
      } else if (c instanceof TarnSqlParser.OnVolumeContext on) {
        return Securable.volume(names.entity(on.qualifiedName()));
      } else if (c instanceof TarnSqlParser.OnFunctionContext on) {
        return Securable.function(names.entity(on.qualifiedName()));
      } else if (c instanceof TarnSqlParser.OnExternalLocationContext on) {
        return Securable.externalLocation(SqlNames.text(on.name()));
      } else if (c instanceof TarnSqlParser.OnTableContext on) {
        return Securable.table(names.entity(on.qualifiedName()));
      }
      return Securable.METASTORE;
    }
  }
}
