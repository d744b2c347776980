package dev.tarn.acceptance.sdk;

import static dev.tarn.acceptance.sdk.SecurableKind.names;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.catalog.AwsIamRole;
import com.databricks.sdk.service.catalog.AzureServicePrincipal;
import com.databricks.sdk.service.catalog.ConnectionInfo;
import com.databricks.sdk.service.catalog.ConnectionType;
import com.databricks.sdk.service.catalog.CreateConnection;
import com.databricks.sdk.service.catalog.CreateCredentialRequest;
import com.databricks.sdk.service.catalog.CreateExternalLocation;
import com.databricks.sdk.service.catalog.CreateStorageCredential;
import com.databricks.sdk.service.catalog.CredentialInfo;
import com.databricks.sdk.service.catalog.CredentialPurpose;
import com.databricks.sdk.service.catalog.ExternalLocationInfo;
import com.databricks.sdk.service.catalog.ListConnectionsRequest;
import com.databricks.sdk.service.catalog.ListCredentialsRequest;
import com.databricks.sdk.service.catalog.ListExternalLocationsRequest;
import com.databricks.sdk.service.catalog.ListStorageCredentialsRequest;
import com.databricks.sdk.service.catalog.Privilege;
import com.databricks.sdk.service.catalog.StorageCredentialInfo;
import com.databricks.sdk.service.catalog.UpdateConnection;
import com.databricks.sdk.service.catalog.UpdateCredentialRequest;
import com.databricks.sdk.service.catalog.UpdateExternalLocation;
import com.databricks.sdk.service.catalog.UpdateStorageCredential;
import java.util.List;
import java.util.Map;

/** What leads to storage and to other systems. */
final class StorageKinds {

  private final WorkspaceClient client;

  StorageKinds(WorkspaceClient client) {
    this.client = client;
  }

  /** In an order in which they can be made. */
  List<SecurableKind> kinds() {
    return List.of(storageCredential(), serviceCredential(), location(), connection());
  }

  private SecurableKind storageCredential() {
    return new SecurableKind(
        "storage_credential",
        "sdk_credential",
        Privilege.CREATE_EXTERNAL_LOCATION,
        () ->
            client
                .storageCredentials()
                .create(
                    new CreateStorageCredential()
                        .setName("sdk_credential")
                        .setAzureServicePrincipal(
                            new AzureServicePrincipal()
                                .setDirectoryId("directory")
                                .setApplicationId("application")
                                .setClientSecret("sdk-hunter2"))),
        () -> {
          StorageCredentialInfo info = client.storageCredentials().get("sdk_credential");
          if (info.getAzureServicePrincipal().getClientSecret() != null) {
            throw new IllegalStateException("The secret came out");
          }
          return info.getName() + " " + info.getOwner() + " " + info.getComment();
        },
        () ->
            names(
                client.storageCredentials().list(new ListStorageCredentialsRequest()),
                StorageCredentialInfo::getName),
        () ->
            client
                .storageCredentials()
                .update(
                    new UpdateStorageCredential().setName("sdk_credential").setComment("changed")),
        () -> client.storageCredentials().delete("sdk_credential"));
  }

  private SecurableKind serviceCredential() {
    return new SecurableKind(
        "credential",
        "sdk_service",
        Privilege.ACCESS,
        () ->
            client
                .credentials()
                .createCredential(
                    new CreateCredentialRequest()
                        .setName("sdk_service")
                        .setPurpose(CredentialPurpose.SERVICE)
                        .setAwsIamRole(new AwsIamRole().setRoleArn("arn:aws:iam::1:role/x"))),
        () -> {
          CredentialInfo info = client.credentials().getCredential("sdk_service");
          return info.getName() + " " + info.getOwner() + " " + info.getComment();
        },
        () ->
            names(
                client.credentials().listCredentials(new ListCredentialsRequest()),
                CredentialInfo::getName),
        () ->
            client
                .credentials()
                .updateCredential(
                    new UpdateCredentialRequest().setNameArg("sdk_service").setComment("changed")),
        () -> client.credentials().deleteCredential("sdk_service"));
  }

  private SecurableKind location() {
    return new SecurableKind(
        "external_location",
        "sdk_location",
        Privilege.READ_FILES,
        () ->
            client
                .externalLocations()
                .create(
                    new CreateExternalLocation()
                        .setName("sdk_location")
                        .setUrl("abfss://sdk@sdklake.dfs.core.windows.net/in")
                        .setCredentialName("server")),
        () -> {
          ExternalLocationInfo info = client.externalLocations().get("sdk_location");
          return info.getName() + " " + info.getOwner() + " " + info.getComment();
        },
        () ->
            names(
                client.externalLocations().list(new ListExternalLocationsRequest()),
                ExternalLocationInfo::getName),
        () ->
            client
                .externalLocations()
                .update(new UpdateExternalLocation().setName("sdk_location").setComment("changed")),
        () -> client.externalLocations().delete("sdk_location"));
  }

  private SecurableKind connection() {
    // A port that nothing listens at.
    Map<String, String> options =
        Map.of("host", "127.0.0.1", "port", "1", "user", "u", "password", "sdk-hunter3");
    return new SecurableKind(
        "connection",
        "sdk_connection",
        Privilege.USE_CONNECTION,
        () ->
            client
                .connections()
                .create(
                    new CreateConnection()
                        .setName("sdk_connection")
                        .setConnectionType(ConnectionType.POSTGRESQL)
                        .setComment("changed")
                        .setOptions(options)),
        () -> {
          ConnectionInfo info = client.connections().get("sdk_connection");
          if (info.getOptions().containsKey("password")) {
            throw new IllegalStateException("The password came out");
          }
          return info.getName() + " " + info.getOwner() + " " + info.getComment();
        },
        () ->
            names(client.connections().list(new ListConnectionsRequest()), ConnectionInfo::getName),
        () ->
            client
                .connections()
                .update(new UpdateConnection().setName("sdk_connection").setOptions(options)),
        () -> client.connections().delete("sdk_connection"));
  }
}
