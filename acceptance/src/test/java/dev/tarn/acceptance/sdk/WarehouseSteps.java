package dev.tarn.acceptance.sdk;

import static dev.tarn.acceptance.sdk.SdkClient.all;
import static dev.tarn.acceptance.sdk.SdkClient.print;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.sql.CreateDefaultWarehouseOverrideRequest;
import com.databricks.sdk.service.sql.CreateWarehouseRequest;
import com.databricks.sdk.service.sql.DefaultWarehouseOverride;
import com.databricks.sdk.service.sql.DefaultWarehouseOverrideType;
import com.databricks.sdk.service.sql.EditWarehouseRequest;
import com.databricks.sdk.service.sql.GetWarehouseResponse;
import com.databricks.sdk.service.sql.ListDefaultWarehouseOverridesRequest;
import com.databricks.sdk.service.sql.ListWarehousesRequest;
import com.databricks.sdk.service.sql.SetWorkspaceWarehouseConfigRequest;
import com.databricks.sdk.service.sql.StartRequest;
import com.databricks.sdk.service.sql.StopRequest;
import com.databricks.sdk.service.sql.UpdateDefaultWarehouseOverrideRequest;
import com.databricks.sdk.service.sql.WarehouseAccessControlRequest;
import com.databricks.sdk.service.sql.WarehousePermissionLevel;
import com.databricks.sdk.service.sql.WarehousePermissionsRequest;
import com.databricks.sdk.service.sql.WarehousesAPI;
import com.databricks.sdk.support.Wait;
import com.google.protobuf.FieldMask;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Every method of the SDK's service {@code warehouses}. */
final class WarehouseSteps {
  private final WarehousesAPI api;

  WarehouseSteps(WorkspaceClient client) {
    this.api = client.warehouses();
  }

  /** In the order of a warehouse's life. */
  void life() {
    String id =
        await(
                api.create(
                    new CreateWarehouseRequest()
                        .setName("reports")
                        .setClusterSize("2X-Small")
                        .setMaxNumClusters(2L)
                        .setAutoStopMins(15L)))
            .getId();
    print("made", api.get(id).getClusterSize() + ' ' + api.get(id).getState());
    GetWarehouseResponse edited =
        await(
            api.edit(
                new EditWarehouseRequest().setId(id).setName("reporting").setClusterSize("Small")));
    print("edited", edited.getName() + ' ' + edited.getClusterSize());
    print("stopped", await(api.stop(new StopRequest().setId(id))).getState());
    print("started", await(api.start(new StartRequest().setId(id))).getState());
    permissions(id);
    settings(id);
    api.delete(id);
    print(
        "left",
        all(api.list(new ListWarehousesRequest())).stream()
            .filter(w -> w.getId().equals(id))
            .count());
    api.get(id); // Ends with an error.
  }

  private void permissions(String id) {
    print("levels", api.getPermissionLevels(id).getPermissionLevels().size());
    WarehousePermissionsRequest forAll =
        new WarehousePermissionsRequest()
            .setWarehouseId(id)
            .setAccessControlList(
                List.of(
                    new WarehouseAccessControlRequest()
                        .setGroupName("users")
                        .setPermissionLevel(WarehousePermissionLevel.CAN_USE)));
    api.updatePermissions(forAll);
    print(
        "permitted",
        api.setPermissions(forAll).getAccessControlList().stream()
            .filter(entry -> "users".equals(entry.getGroupName()))
            .map(entry -> entry.getAllPermissions().iterator().next().getPermissionLevel())
            .toList());
    print("object", api.getPermissions(id).getObjectType());
  }

  private void settings(String id) {
    api.setWorkspaceWarehouseConfig(
        new SetWorkspaceWarehouseConfigRequest().setGoogleServiceAccount("nobody"));
    print("config", api.getWorkspaceWarehouseConfig().getGoogleServiceAccount());
    DefaultWarehouseOverride mine =
        api.createDefaultWarehouseOverride(
            new CreateDefaultWarehouseOverrideRequest()
                .setDefaultWarehouseOverrideId("me")
                .setDefaultWarehouseOverride(
                    new DefaultWarehouseOverride()
                        .setType(DefaultWarehouseOverrideType.CUSTOM)
                        .setWarehouseId(id)));
    print("default", api.getDefaultWarehouseOverride(mine.getName()).getWarehouseId().equals(id));
    print(
        "defaults",
        all(api.listDefaultWarehouseOverrides(new ListDefaultWarehouseOverridesRequest())).size());
    print(
        "updated",
        api.updateDefaultWarehouseOverride(
                new UpdateDefaultWarehouseOverrideRequest()
                    .setName(mine.getName())
                    .setDefaultWarehouseOverride(
                        new DefaultWarehouseOverride()
                            .setType(DefaultWarehouseOverrideType.LAST_SELECTED))
                    .setUpdateMask(FieldMask.newBuilder().addPaths("type").build()))
            .getType());
    api.deleteDefaultWarehouseOverride(mine.getName());
  }

  private static <R, S> R await(Wait<R, S> wait) {
    try {
      return wait.get();
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
