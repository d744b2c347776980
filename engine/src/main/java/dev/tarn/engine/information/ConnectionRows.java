package dev.tarn.engine.information;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.connections.Connection;
import dev.tarn.govern.grants.Grant;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The connections that the session's principal may see, without their secrets. */
record ConnectionRows(SessionContext context) {
  List<Object[]> of(Relation relation) {
    List<Object[]> rows = new ArrayList<>();
    for (Connection each : context.facades().connections().list(context.principal())) {
      if (relation == Relation.CONNECTIONS) {
        rows.add(connection(each));
      } else {
        for (Grant grant : PrivilegeRows.grants(context, Securable.connection(each.name()))) {
          rows.add(PrivilegeRows.row(grant, List.of(each.name())));
        }
      }
    }
    return rows;
  }

  private static Object[] connection(Connection each) {
    return new Object[] {
      each.name(),
      each.connectionType(),
      each.owner(),
      each.comment(),
      each.createdAt() * 1000,
      each.createdBy(),
      each.options().containsKey("user") ? "USERNAME_PASSWORD" : "UNKNOWN_CREDENTIAL_TYPE",
      each.updatedAt() * 1000,
      each.updatedBy(),
      Json.string(new TreeMap<>(each.options())),
      each.options().getOrDefault("host", "")
    };
  }
}
