package dev.tarn.engine.statement;

/** Statements on what hangs on tables: tags, filters and masks, keys, policies. */
final class TableSyntax extends TarnSqlBaseVisitor<Statement> {
  private final SqlNames names;
  private final TagSyntax tags;
  private final PolicySyntax policies;
  private final SecurableSyntax securables;

  TableSyntax(SqlNames names) {
    this.names = names;
    this.tags = new TagSyntax(names);
    this.policies = new PolicySyntax(names);
    this.securables = new SecurableSyntax(names);
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

  @Override
  public Statement visitUndrop(TarnSqlParser.UndropContext c) {
    return securables.undrop(c);
  }

  @Override
  public Statement visitRefreshForeign(TarnSqlParser.RefreshForeignContext c) {
    return securables.refresh(c);
  }

  @Override
  public Statement visitShowDropped(TarnSqlParser.ShowDroppedContext c) {
    return securables.dropped(c);
  }
}
