package dev.tarn.engine.statement;

import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Statements on who may do what. */
final class GrantSyntax extends TarnSqlBaseVisitor<Statement> {
  private final SqlNames names;

  GrantSyntax(SqlNames names) {
    this.names = names;
  }

  @Override
  public Statement visitGrant(TarnSqlParser.GrantContext c) {
    return new Statement.Grant(
        privileges(c.privileges()), securable(c.securable()), SqlNames.text(c.principal().name()));
  }

  @Override
  public Statement visitRevoke(TarnSqlParser.RevokeContext c) {
    return new Statement.Revoke(
        privileges(c.privileges()), securable(c.securable()), SqlNames.text(c.principal().name()));
  }

  @Override
  public Statement visitShowGrants(TarnSqlParser.ShowGrantsContext c) {
    return new Statement.ShowGrants(
        Optional.ofNullable(c.principal()).map(p -> SqlNames.text(p.name())),
        securable(c.securable()));
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
      return Securable.catalog(on.name() == null ? names.catalog() : SqlNames.text(on.name()));
    } else if (c instanceof TarnSqlParser.OnSchemaContext on) {
      return Securable.schema(names.schema(on.qualifiedName()));
    } else if (c instanceof TarnSqlParser.OnVolumeContext on) {
      return Securable.volume(names.entity(on.qualifiedName()));
    } else if (c instanceof TarnSqlParser.OnFunctionContext on) {
      return Securable.function(names.entity(on.qualifiedName()));
    } else if (c instanceof TarnSqlParser.OnExternalLocationContext on) {
      return Securable.externalLocation(SqlNames.text(on.name()));
    } else if (c instanceof TarnSqlParser.OnCredentialContext on) {
      return Securable.storageCredential(SqlNames.text(on.credential().name()));
    } else if (c instanceof TarnSqlParser.OnConnectionContext on) {
      return Securable.connection(SqlNames.text(on.name()));
    } else if (c instanceof TarnSqlParser.OnTableContext on) {
      return Securable.table(names.entity(on.qualifiedName()));
    }
    return Securable.METASTORE;
  }
}
