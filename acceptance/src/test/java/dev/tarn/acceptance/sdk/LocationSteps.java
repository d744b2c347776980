package dev.tarn.acceptance.sdk;

import static dev.tarn.acceptance.sdk.SdkClient.all;
import static dev.tarn.acceptance.sdk.SdkClient.print;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.catalog.CreateExternalLocation;
import com.databricks.sdk.service.catalog.DeleteExternalLocationRequest;
import com.databricks.sdk.service.catalog.ExternalLocationInfo;
import com.databricks.sdk.service.catalog.ExternalLocationsAPI;
import com.databricks.sdk.service.catalog.ListExternalLocationsRequest;
import com.databricks.sdk.service.catalog.UpdateExternalLocation;

/** Every method of the SDK's service {@code externalLocations}. */
final class LocationSteps {
  private static final String CONTAINER = "abfss://raw@lake.dfs.core.windows.net/";

  private final ExternalLocationsAPI api;

  LocationSteps(WorkspaceClient client) {
    this.api = client.externalLocations();
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
