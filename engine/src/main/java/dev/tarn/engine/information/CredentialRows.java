package dev.tarn.engine.information;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.credentials.Credential;
import dev.tarn.govern.credentials.Purpose;
import dev.tarn.govern.grants.Grant;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** The credentials that the session's principal may see, without their secrets. */
record CredentialRows(SessionContext context) {
  List<Object[]> of(Relation relation) {
    boolean storageOnly =
        relation == Relation.STORAGE_CREDENTIALS
            || relation == Relation.STORAGE_CREDENTIAL_PRIVILEGES;
    List<Object[]> rows = new ArrayList<>();
    for (Credential each : context.facades().credentials().list(context.principal())) {
      if (!storageOnly || each.purpose() == Purpose.STORAGE) {
        switch (relation) {
          case CREDENTIALS, STORAGE_CREDENTIALS -> rows.add(credential(each, !storageOnly));
          default -> rows.addAll(privileges(each));
        }
      }
    }
    return rows;
  }

  private static Object[] credential(Credential each, boolean withPurpose) {
    List<Object> row =
        new ArrayList<>(Arrays.asList(each.credentialId(), each.name(), each.owner()));
    if (withPurpose) {
      row.add(each.purpose().name());
    }
    row.addAll(
        Arrays.asList(
            each.kind().name(),
            Json.string(new TreeMap<>(each.identity())),
            "NO",
            each.comment(),
            each.createdAt() * 1000,
            each.createdBy(),
            each.updatedAt() * 1000,
            each.updatedBy()));
    return row.toArray();
  }

  private List<Object[]> privileges(Credential each) {
    List<Object[]> rows = new ArrayList<>();
    for (Grant grant : PrivilegeRows.grants(context, Securable.storageCredential(each.name()))) {
      rows.add(PrivilegeRows.row(grant, List.of(each.name())));
    }
    return rows;
  }
}
