package dev.tarn.engine.information;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.credentials.Credential;
import dev.tarn.govern.grants.Grant;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.locations.ExternalLocation;
import dev.tarn.govern.metastore.MetastoreInfo;
import dev.tarn.platform.identity.directory.Directory;
import java.util.ArrayList;
import java.util.List;

/** The metastore and what lies in it beside catalogs: the same in all catalogs. */
record MetastoreRows(SessionContext context) {
  List<Object[]> of(Relation relation) {
    List<Object[]> rows = new ArrayList<>();
    switch (relation) {
      case METASTORES -> rows.add(metastore(context.facades().metastore().get()));
      case METASTORE_PRIVILEGES ->
          privileges(rows, Securable.METASTORE, context.facades().metastore().id());
      case EXTERNAL_LOCATIONS -> locations().forEach(each -> rows.add(location(each)));
      default ->
          locations()
              .forEach(
                  each -> privileges(rows, Securable.externalLocation(each.name()), each.name()));
    }
    return rows;
  }

  private List<ExternalLocation> locations() {
    return context.facades().externalLocations().list(context.principal());
  }

  private Object[] metastore(MetastoreInfo info) {
    return new Object[] {
      info.metastoreId(),
      info.name(),
      Directory.ADMINISTRATORS,
      // Where the server keeps its files is the business of those who run it.
      context.principal().administrator() ? context.locations().root() : null,
      null,
      null,
      "INTERNAL",
      null,
      null,
      "1.0",
      null,
      null,
      "tarn:" + info.metastoreId(),
      info.createdAt() * 1000,
      null,
      info.updatedAt() * 1000,
      info.updatedBy()
    };
  }

  private Object[] location(ExternalLocation each) {
    boolean browses =
        context.grants().browsesOnly(context.principal(), Securable.externalLocation(each.name()));
    return new Object[] {
      each.name(),
      each.owner(),
      browses ? null : each.url(),
      each.credentialId(),
      credential(each),
      each.readOnly() ? "YES" : "NO",
      each.comment(),
      each.createdAt() * 1000,
      each.createdBy(),
      each.updatedAt() * 1000,
      each.updatedBy()
    };
  }

  /** Its name, for those who may know of it. */
  private String credential(ExternalLocation location) {
    return context.facades().credentials().list(context.principal()).stream()
        .filter(each -> each.credentialId().equals(location.credentialId()))
        .map(Credential::name)
        .findFirst()
        .orElse(null);
  }

  private void privileges(List<Object[]> rows, Securable securable, String name) {
    for (Grant grant : PrivilegeRows.grants(context, securable)) {
      rows.add(PrivilegeRows.row(grant, List.of(name)));
    }
  }
}
