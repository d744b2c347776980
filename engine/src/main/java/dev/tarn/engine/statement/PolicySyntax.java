package dev.tarn.engine.statement;

import dev.tarn.govern.abac.PolicyDefinition;
import dev.tarn.govern.abac.PolicyDefinition.Argument;
import dev.tarn.govern.abac.PolicyDefinition.Kind;
import dev.tarn.govern.abac.PolicyDefinition.MatchedColumn;
import dev.tarn.govern.grants.Securable;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.misc.Interval;

/**
 * Statements on policies by attributes.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-policy">CREATE
 *     POLICY</a>
 */
record PolicySyntax(SqlNames names) {
  static boolean creates(CommonTokenStream tokens) {
    return tokens.LA(2) == TarnSqlLexer.POLICY
        || (tokens.LA(2) == TarnSqlLexer.OR
            && tokens.LA(3) == TarnSqlLexer.REPLACE
            && tokens.LA(4) == TarnSqlLexer.POLICY);
  }

  Statement created(TarnSqlParser.CreatePolicyContext c) {
    List<MatchedColumn> matches =
        c.matched().stream()
            .map(
                each ->
                    new MatchedColumn(
                        written(each.condition()),
                        each.alias == null ? null : SqlNames.text(each.alias)))
            .toList();
    Set<String> aliases =
        matches.stream()
            .filter(each -> each.alias() != null)
            .map(each -> each.alias().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    PolicyDefinition definition =
        new PolicyDefinition(
            SqlNames.unquoted(c.comment).orElse(null),
            c.FILTER() == null ? Kind.COLUMN_MASK : Kind.ROW_FILTER,
            principals(c.principals(0)),
            c.except == null ? List.of() : principals(c.except),
            c.condition() == null ? null : written(c.condition()),
            matches,
            names.entity(c.function).fullName(),
            null,
            c.column == null ? null : SqlNames.text(c.column),
            FilterStatements.arguments(c.filterArguments()).stream()
                .map(text -> argument(text, aliases))
                .toList());
    return new Statement.CreatePolicy(
        on(c.policyScope()), SqlNames.text(c.policy), definition, c.REPLACE() != null);
  }

  private static Argument argument(String text, Set<String> aliases) {
    boolean quoted = text.length() > 2 && text.startsWith("`") && text.endsWith("`");
    String name = quoted ? text.substring(1, text.length() - 1).replace("``", "`") : text;
    return aliases.contains(name.toLowerCase(Locale.ROOT))
        ? new Argument(name, null)
        : new Argument(null, text);
  }

  private static List<String> principals(TarnSqlParser.PrincipalsContext c) {
    return c.principal().stream().map(each -> SqlNames.text(each.name())).toList();
  }

  private static String written(ParserRuleContext c) {
    return c.getStart()
        .getInputStream()
        .getText(Interval.of(c.getStart().getStartIndex(), c.getStop().getStopIndex()));
  }

  Statement dropped(TarnSqlParser.DropPolicyContext c) {
    return new Statement.DropPolicy(
        on(c.policyScope()), SqlNames.text(c.policy), c.EXISTS() != null);
  }

  Statement shown(TarnSqlParser.ShowPoliciesContext c) {
    return new Statement.ShowPolicies(on(c.policyScope()), c.EFFECTIVE() != null);
  }

  Statement described(TarnSqlParser.DescribePolicyContext c) {
    return new Statement.DescribePolicy(on(c.policyScope()), SqlNames.text(c.policy));
  }

  private Securable on(TarnSqlParser.PolicyScopeContext c) {
    if (c.CATALOG() != null) {
      return Securable.catalog(SqlNames.text(c.name()));
    }
    return c.TABLE() == null
        ? Securable.schema(names.schema(c.qualifiedName()))
        : Securable.table(names.entity(c.qualifiedName()));
  }
}
