package dev.tarn.govern.abac;

import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.govern.tags.TableTags;
import dev.tarn.govern.tags.Tags;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Keeps tables where their policies hold. Who owns a table need not manage the policies of its
 * schema, and so may not take the table, or the columns that they go by, away from them.
 */
public final class PolicyReach {
  private final Grants grants;
  private final Tags tags;
  private final Function<Securable, List<AccessPolicy>> holding;

  /**
   * @param holding the policies of a table, its schema and its catalog
   */
  PolicyReach(Grants grants, Tags tags, Function<Securable, List<AccessPolicy>> holding) {
    this.grants = grants;
    this.tags = tags;
    this.holding = holding;
  }

  /**
   * Before a table moves to another schema.
   *
   * @throws TarnException PERMISSION_DENIED if a policy that holds for it now would not hold there,
   *     unless by who has {@code MANAGE} on what that policy is of
   */
  public void requireMovable(Principal by, TableInfo table, EntityName to) {
    EntityName from = table.name();
    if (table.tableType() == TableType.VIEW || from.parent().equals(to.parent())) {
      return;
    }
    PolicyResolution here = resolution(table, tags.ofTable(from));
    PolicyResolution there = resolution(table, tags.ofTable(from, to.parent()));
    for (AccessPolicy policy : here.policies()) {
      boolean stays = policy.on().type() != SecurableType.SCHEMA && there.concerns(policy);
      if (here.concerns(policy) && !stays) {
        requireManage(
            by,
            policy,
            "Table '"
                + from
                + "' cannot move to schema '"
                + to.parent()
                + "', where it would not"
                + " hold");
      }
    }
  }

  /**
   * Before a column is dropped, which older versions of the table still have.
   *
   * @throws TarnException PERMISSION_DENIED if a policy goes by its tags, unless by who has {@code
   *     MANAGE} on what that policy is of
   */
  public void requireDroppable(Principal by, TableInfo table, String column) {
    PolicyResolution here = resolution(table, tags.ofTable(table.name()));
    for (AccessPolicy policy : here.policies()) {
      if (here.goesBy(policy, column)) {
        requireManage(
            by, policy, "Column '" + column + "' of '" + table.name() + "' cannot be dropped");
      }
    }
  }

  /**
   * Whether the principal has {@code MANAGE} on a table and on whatever a policy is of that hides
   * something of it, and so could do without them.
   */
  public boolean manages(Principal principal, TableInfo table) {
    PolicyResolution here = resolution(table, tags.ofTable(table.name()));
    return grants.allows(principal, Privilege.MANAGE, Securable.table(table.name()))
        && here.policies().stream()
            .filter(here::concerns)
            .allMatch(policy -> grants.allows(principal, Privilege.MANAGE, policy.on()));
  }

  private void requireManage(Principal by, AccessPolicy policy, String refusal) {
    if (!grants.allows(by, Privilege.MANAGE, policy.on())) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "42501",
          "PERMISSION_DENIED: "
              + refusal
              + ": policy '"
              + policy.name()
              + "' of "
              + policy.on()
              + " hides some of it. Ask somebody with MANAGE on "
              + policy.on()
              + ", or copy what you see: CREATE TABLE … AS SELECT.",
          null);
    }
  }

  private PolicyResolution resolution(TableInfo table, TableTags its) {
    Set<String> columns = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    table.columns().forEach(each -> columns.add(each.name()));
    columns.addAll(its.columns().keySet());
    return new PolicyResolution(
        table, List.copyOf(columns), its, holding.apply(Securable.table(table.name())));
  }
}
