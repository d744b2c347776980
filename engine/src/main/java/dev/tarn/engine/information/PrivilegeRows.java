package dev.tarn.engine.information;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.grants.Grant;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.identity.Principal;
import java.util.ArrayList;
import java.util.List;

/** Grants as all relations of privileges have them. */
final class PrivilegeRows {
  private PrivilegeRows() {}

  /** Who may change grants may see them, and an administrator may see all. */
  static List<Grant> grants(SessionContext context, Securable securable) {
    Principal principal = context.principal();
    return principal.administrator()
            || context.grants().allows(principal, Privilege.MANAGE, securable)
        ? context.grants().list(principal, securable)
        : List.of();
  }

  /**
   * @param name the columns that say on what it was granted
   */
  static Object[] row(Grant grant, List<?> name) {
    List<Object> values = new ArrayList<>();
    values.add(grant.grantedBy());
    values.add(grant.principal());
    values.addAll(name);
    values.addAll(List.of(grant.privilege().name(), "NO", "NONE"));
    return values.toArray();
  }
}
