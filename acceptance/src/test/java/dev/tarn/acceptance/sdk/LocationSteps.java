package dev.tarn.acceptance.sdk;

import static dev.tarn.acceptance.sdk.SdkClient.all;
import static dev.tarn.acceptance.sdk.SdkClient.print;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.catalog.CatalogInfo;
import com.databricks.sdk.service.catalog.CatalogsAPI;
import com.databricks.sdk.service.catalog.CreateCatalog;
import com.databricks.sdk.service.catalog.CreateExternalLocation;
import com.databricks.sdk.service.catalog.CreateSchema;
import com.databricks.sdk.service.catalog.DeleteCatalogRequest;
import com.databricks.sdk.service.catalog.DeleteExternalLocationRequest;
import com.databricks.sdk.service.catalog.ExternalLocationInfo;
import com.databricks.sdk.service.catalog.ExternalLocationsAPI;
import com.databricks.sdk.service.catalog.ListExternalLocationsRequest;
import com.databricks.sdk.service.catalog.SchemaInfo;
import com.databricks.sdk.service.catalog.SchemasAPI;
import com.databricks.sdk.service.catalog.UpdateExternalLocation;

/** Every method of the SDK's service {@code externalLocations}, and the storage it is for. */
final class LocationSteps {
  private static final String CONTAINER = "abfss://raw@lake.dfs.core.windows.net/";

  private final ExternalLocationsAPI api;
  private final CatalogsAPI catalogs;
  private final SchemasAPI schemas;

  LocationSteps(WorkspaceClient client) {
    this.api = client.externalLocations();
    this.catalogs = client.catalogs();
    this.schemas = client.schemas();
  }

  private void managedStorage() {
    create("lake");
    CatalogInfo catalog =
        catalogs.create(
            new CreateCatalog().setName("sdk_lake").setStorageRoot(CONTAINER + "lake/sales/"));
    print(
        "catalog",
        catalog.getStorageRoot()
            + ' '
            + catalog.getStorageLocation().replaceAll("[0-9a-f-]{36}$", "ID"));
    SchemaInfo schema =
        schemas.create(
            new CreateSchema()
                .setName("own")
                .setCatalogName("sdk_lake")
                .setStorageRoot(CONTAINER + "lake"));
    print("schema", schema.getStorageLocation().replaceAll("[0-9a-f-]{36}$", "ID"));
    catalogs.delete(new DeleteCatalogRequest().setName("sdk_lake").setForce(true));
    api.delete(new DeleteExternalLocationRequest().setName("lake").setForce(true));
  }

  private void create(String name) {
    api.create(
        new CreateExternalLocation()
            .setName(name)
            .setUrl(CONTAINER + name + "/")
            .setCredentialName("server")
            .setComment("made by the SDK"));
  }

  /** In the order of a location's life. */
  void life() {
    create("invoices");
    create("orders");
    ExternalLocationInfo made = api.get("orders");
    print("made", made.getUrl() + ' ' + made.getOwner() + ' ' + made.getCredentialName());
    print(
        "pages",
        all(api.list(new ListExternalLocationsRequest().setMaxResults(1L))).stream()
            .map(ExternalLocationInfo::getName)
            .toList());
    managedStorage();
    ExternalLocationInfo changed =
        api.update(
            new UpdateExternalLocation()
                .setName("orders")
                .setNewName("old_orders")
                .setReadOnly(true)
                .setComment("kept"));
    print("changed", changed.getName() + ' ' + changed.getReadOnly() + ' ' + changed.getComment());
    api.delete("invoices");
    api.delete(new DeleteExternalLocationRequest().setName("old_orders").setForce(true));
    print("left", all(api.list(new ListExternalLocationsRequest())).size());
    api.get("orders"); // Ends with an error.
  }
}
