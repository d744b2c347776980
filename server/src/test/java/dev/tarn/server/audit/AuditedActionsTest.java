package dev.tarn.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.govern.audit.AuditedCall.Action;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditedActionsTest {
  @ParameterizedTest
  @CsvSource({
    "GET,/api/2.1/unity-catalog/tables/{full_name},unityCatalog,getTable",
    "GET,/api/2.1/unity-catalog/tables,unityCatalog,listTables",
    "PATCH,/api/2.1/unity-catalog/tables/{full_name},unityCatalog,updateTables",
    "POST,/api/2.1/unity-catalog/catalogs,unityCatalog,createCatalog",
    "GET,/api/2.1/unity-catalog/catalogs,unityCatalog,listCatalog",
    "DELETE,/api/2.1/unity-catalog/schemas/{full_name},unityCatalog,deleteSchema",
    "POST,/api/2.1/unity-catalog/storage-credentials,unityCatalog,createStorageCredential",
    "GET,/api/2.1/unity-catalog/storage-credentials,unityCatalog,listStorageCredentials",
    "PATCH,/api/2.1/unity-catalog/external-locations/{name},unityCatalog,updateExternalLocation",
    "PATCH,/api/2.1/unity-catalog/permissions/{type}/{name},unityCatalog,updatePermissions",
    "POST,/api/2.0/sql/statements/,databrickssql,commandSubmit",
    "POST,/api/2.0/sql/warehouses,databrickssql,createWarehouse",
    "DELETE,/api/2.0/sql/warehouses/{id},databrickssql,deleteWarehouse",
    "POST,/api/2.0/sql/warehouses/{id}/stop,databrickssql,stopWarehouse",
    "GET,/api/warehouses/v1/default-warehouse-overrides,databrickssql,listWarehousesDefaultWarehouseOverrides",
    "PUT,/api/2.0/fs/files{path...},filesystem,filesPut",
    "HEAD,/api/2.0/fs/directories{path...},filesystem,directoriesHead",
    "POST,/api/2.0/preview/scim/v2/Users,accounts,add",
    "PATCH,/api/2.0/preview/scim/v2/Groups/{id},accounts,updateGroup",
    "POST,/api/2.0/token/create,accounts,generateDbToken",
    "POST,/oidc/v1/token,accounts,mintOAuthToken",
    "POST,/api/2.0/pipelines/{id}/updates,deltaPipelines,startUpdate",
    "GET,/api/2.0/pipelines,deltaPipelines,listPipelines",
    "GET,/health,health,getHealth"
  })
  void routesAreNamedAsTheReferenceNamesThem(
      String method, String path, String service, String action) {
    assertThat(AuditedActions.of(method, path)).isEqualTo(new Action(service, action));
  }
}
