package dev.tarn.acceptance.open;

import io.unitycatalog.client.ApiClient;
import io.unitycatalog.client.ApiClientBuilder;
import io.unitycatalog.client.ApiException;
import io.unitycatalog.client.api.CatalogsApi;
import io.unitycatalog.client.api.CredentialsApi;
import io.unitycatalog.client.api.ExternalLocationsApi;
import io.unitycatalog.client.api.FunctionsApi;
import io.unitycatalog.client.api.GrantsApi;
import io.unitycatalog.client.api.ModelVersionsApi;
import io.unitycatalog.client.api.RegisteredModelsApi;
import io.unitycatalog.client.api.SchemasApi;
import io.unitycatalog.client.api.TablesApi;
import io.unitycatalog.client.api.TemporaryCredentialsApi;
import io.unitycatalog.client.api.VolumesApi;
import io.unitycatalog.client.auth.TokenProvider;
import io.unitycatalog.client.model.AwsIamRoleRequest;
import io.unitycatalog.client.model.CatalogInfo;
import io.unitycatalog.client.model.ColumnTypeName;
import io.unitycatalog.client.model.CreateCatalog;
import io.unitycatalog.client.model.CreateCredentialRequest;
import io.unitycatalog.client.model.CreateExternalLocation;
import io.unitycatalog.client.model.CreateFunction;
import io.unitycatalog.client.model.CreateFunctionRequest;
import io.unitycatalog.client.model.CreateModelVersion;
import io.unitycatalog.client.model.CreateRegisteredModel;
import io.unitycatalog.client.model.CreateSchema;
import io.unitycatalog.client.model.CreateVolumeRequestContent;
import io.unitycatalog.client.model.CredentialInfo;
import io.unitycatalog.client.model.CredentialPurpose;
import io.unitycatalog.client.model.ExternalLocationInfo;
import io.unitycatalog.client.model.FinalizeModelVersion;
import io.unitycatalog.client.model.FunctionInfo;
import io.unitycatalog.client.model.FunctionParameterInfos;
import io.unitycatalog.client.model.GenerateTemporaryModelVersionCredential;
import io.unitycatalog.client.model.GenerateTemporaryTableCredential;
import io.unitycatalog.client.model.GenerateTemporaryVolumeCredential;
import io.unitycatalog.client.model.ModelVersionOperation;
import io.unitycatalog.client.model.PermissionsChange;
import io.unitycatalog.client.model.Privilege;
import io.unitycatalog.client.model.RegisteredModelInfo;
import io.unitycatalog.client.model.SchemaInfo;
import io.unitycatalog.client.model.SecurableType;
import io.unitycatalog.client.model.TableInfo;
import io.unitycatalog.client.model.TableOperation;
import io.unitycatalog.client.model.UpdateCatalog;
import io.unitycatalog.client.model.UpdateCredentialRequest;
import io.unitycatalog.client.model.UpdateExternalLocation;
import io.unitycatalog.client.model.UpdatePermissions;
import io.unitycatalog.client.model.UpdateRegisteredModel;
import io.unitycatalog.client.model.UpdateSchema;
import io.unitycatalog.client.model.UpdateVolumeRequestContent;
import io.unitycatalog.client.model.VolumeInfo;
import io.unitycatalog.client.model.VolumeOperation;
import io.unitycatalog.client.model.VolumeType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A stranger's program: the open Unity Catalog's client, unmodified. Reads steps and prints rows as
 * {@code ClientProcess} says.
 */
public final class OpenCatalogClient {
  private static final String IN = "main.default.";

  private final CatalogsApi catalogs;
  private final SchemasApi schemas;
  private final VolumesApi volumes;
  private final TablesApi tables;
  private final FunctionsApi functions;
  private final RegisteredModelsApi models;
  private final ModelVersionsApi versions;
  private final CredentialsApi credentials;
  private final ExternalLocationsApi locations;
  private final GrantsApi grants;
  private final TemporaryCredentialsApi temporary;

  private OpenCatalogClient(ApiClient client) {
    catalogs = new CatalogsApi(client);
    schemas = new SchemasApi(client);
    volumes = new VolumesApi(client);
    tables = new TablesApi(client);
    functions = new FunctionsApi(client);
    models = new RegisteredModelsApi(client);
    versions = new ModelVersionsApi(client);
    credentials = new CredentialsApi(client);
    locations = new ExternalLocationsApi(client);
    grants = new GrantsApi(client);
    temporary = new TemporaryCredentialsApi(client);
  }

  /** Calls the service, as its methods do. */
  @FunctionalInterface
  private interface Call<T> {
    T run() throws ApiException;
  }

  /** How one kind is dealt with; what {@code get} answers is its name and comment. */
  private record Kind(
      SecurableType type,
      String name,
      Privilege privilege,
      Call<?> create,
      Call<String> get,
      Call<List<String>> list,
      Call<?> update,
      Call<?> delete) {}

  public static void main(String[] args) throws IOException {
    TokenProvider tokens =
        TokenProvider.create(Map.of("type", "static", "token", System.getenv("TOKEN_OF_TEST")));
    OpenCatalogClient client =
        new OpenCatalogClient(
            ApiClientBuilder.create()
                .uri(System.getenv("HOST_UNDER_TEST"))
                .tokenProvider(tokens)
                .build());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] step =
          Arrays.stream(line.split("\t"))
              .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
              .toArray(String[]::new);
      try {
        client.run(step).forEach(System.out::println);
        System.out.println(".");
      } catch (Exception e) {
        System.out.println(
            "!" + e.getClass().getSimpleName() + "\t" + (e + "").replaceAll("\\s+", " "));
      }
      System.out.flush();
    }
  }

  private List<String> run(String[] step) throws ApiException {
    return switch (step[0]) {
      case "life" -> life(step[1]);
      case "refused" -> refused();
      case "end" -> end();
      case "model" -> model();
      case "table" -> table(step[1]);
      case "volume" -> volume(step[1]);
      default -> throw new IllegalArgumentException("No such step: " + step[0]);
    };
  }

  private static String row(Object... values) {
    List<String> cells = new ArrayList<>();
    for (Object value : values) {
      cells.add("\"" + value + "\"");
    }
    return cells.toString();
  }

  private List<Kind> kinds() {
    return List.of(
        new Kind(
            SecurableType.CATALOG,
            "open_catalog",
            Privilege.USE_CATALOG,
            () -> catalogs.createCatalog(new CreateCatalog().name("open_catalog")),
            () -> {
              CatalogInfo info = catalogs.getCatalog("open_catalog");
              return info.getName() + " " + info.getComment();
            },
            () ->
                catalogs.listCatalogs(null, null).getCatalogs().stream()
                    .map(CatalogInfo::getName)
                    .toList(),
            () -> catalogs.updateCatalog("open_catalog", new UpdateCatalog().comment("changed")),
            () -> catalogs.deleteCatalog("open_catalog", true)),
        new Kind(
            SecurableType.SCHEMA,
            "main.open_schema",
            Privilege.USE_SCHEMA,
            () -> schemas.createSchema(new CreateSchema().catalogName("main").name("open_schema")),
            () -> {
              SchemaInfo info = schemas.getSchema("main.open_schema");
              return info.getFullName() + " " + info.getComment();
            },
            () ->
                schemas.listSchemas("main", null, null).getSchemas().stream()
                    .map(SchemaInfo::getFullName)
                    .toList(),
            () -> schemas.updateSchema("main.open_schema", new UpdateSchema().comment("changed")),
            () -> schemas.deleteSchema("main.open_schema", true)),
        new Kind(
            SecurableType.VOLUME,
            IN + "open_volume",
            Privilege.READ_VOLUME,
            () ->
                volumes.createVolume(
                    new CreateVolumeRequestContent()
                        .catalogName("main")
                        .schemaName("default")
                        .name("open_volume")
                        .volumeType(VolumeType.MANAGED)),
            () -> {
              VolumeInfo info = volumes.getVolume(IN + "open_volume");
              return info.getFullName() + " " + info.getComment();
            },
            () ->
                volumes.listVolumes("main", "default", null, null).getVolumes().stream()
                    .map(VolumeInfo::getFullName)
                    .toList(),
            () ->
                volumes.updateVolume(
                    IN + "open_volume", new UpdateVolumeRequestContent().comment("changed")),
            () -> volumes.deleteVolume(IN + "open_volume")),
        new Kind(
            SecurableType.FUNCTION,
            IN + "open_function",
            Privilege.EXECUTE,
            () ->
                functions.createFunction(
                    new CreateFunctionRequest()
                        .functionInfo(
                            new CreateFunction()
                                .catalogName("main")
                                .schemaName("default")
                                .name("open_function")
                                .comment("changed")
                                .inputParams(new FunctionParameterInfos().parameters(List.of()))
                                .dataType(ColumnTypeName.INT)
                                .fullDataType("INT")
                                .routineBody(CreateFunction.RoutineBodyEnum.SQL)
                                .routineDefinition("40 + 2")
                                .parameterStyle(CreateFunction.ParameterStyleEnum.S)
                                .isDeterministic(true)
                                .isNullCall(false)
                                .sqlDataAccess(CreateFunction.SqlDataAccessEnum.CONTAINS_SQL)
                                .securityType(CreateFunction.SecurityTypeEnum.DEFINER)
                                .specificName("open_function"))),
            () -> {
              FunctionInfo info = functions.getFunction(IN + "open_function");
              return info.getFullName() + " " + info.getComment();
            },
            () ->
                functions.listFunctions("main", "default", null, null).getFunctions().stream()
                    .map(FunctionInfo::getFullName)
                    .toList(),
            () -> functions.getFunction(IN + "open_function"),
            () -> functions.deleteFunction(IN + "open_function")),
        new Kind(
            SecurableType.REGISTERED_MODEL,
            IN + "open_model",
            Privilege.EXECUTE,
            () ->
                models.createRegisteredModel(
                    new CreateRegisteredModel()
                        .catalogName("main")
                        .schemaName("default")
                        .name("open_model")),
            () -> {
              RegisteredModelInfo info = models.getRegisteredModel(IN + "open_model");
              return info.getFullName() + " " + info.getComment();
            },
            () ->
                models.listRegisteredModels(null, null, null, null).getRegisteredModels().stream()
                    .map(RegisteredModelInfo::getFullName)
                    .toList(),
            () ->
                models.updateRegisteredModel(
                    IN + "open_model", new UpdateRegisteredModel().comment("changed")),
            () -> models.deleteRegisteredModel(IN + "open_model", true)),
        new Kind(
            SecurableType.CREDENTIAL,
            "open_credential",
            Privilege.CREATE_EXTERNAL_LOCATION,
            () ->
                credentials.createCredential(
                    new CreateCredentialRequest()
                        .name("open_credential")
                        .purpose(CredentialPurpose.STORAGE)
                        .awsIamRole(new AwsIamRoleRequest().roleArn("arn:aws:iam::1:role/x"))),
            () -> {
              CredentialInfo info = credentials.getCredential("open_credential");
              return info.getName() + " " + info.getComment();
            },
            () ->
                credentials.listCredentials(null, null, null).getCredentials().stream()
                    .map(CredentialInfo::getName)
                    .toList(),
            () ->
                credentials.updateCredential(
                    "open_credential", new UpdateCredentialRequest().comment("changed")),
            () -> credentials.deleteCredential("open_credential", false)),
        new Kind(
            SecurableType.EXTERNAL_LOCATION,
            "open_location",
            Privilege.READ_FILES,
            () ->
                locations.createExternalLocation(
                    new CreateExternalLocation()
                        .name("open_location")
                        .url("abfss://open@openlake.dfs.core.windows.net/in")
                        .credentialName("server")),
            () -> {
              ExternalLocationInfo info = locations.getExternalLocation("open_location");
              return info.getName() + " " + info.getComment();
            },
            () ->
                locations.listExternalLocations(null, null).getExternalLocations().stream()
                    .map(ExternalLocationInfo::getName)
                    .toList(),
            () ->
                locations.updateExternalLocation(
                    "open_location", new UpdateExternalLocation().comment("changed")),
            () -> {
              locations.deleteExternalLocation("open_location", false);
              return "";
            }));
  }

  private Object change(Kind kind, String principal, boolean add) throws ApiException {
    PermissionsChange change = new PermissionsChange().principal(principal);
    List<Privilege> some = List.of(kind.privilege());
    return grants.update(
        kind.type(),
        kind.name(),
        new UpdatePermissions()
            .changes(
                List.of(
                    add
                        ? change.add(some).remove(List.of())
                        : change.remove(some).add(List.of()))));
  }

  private List<String> life(String principal) throws ApiException {
    List<String> rows = new ArrayList<>();
    for (Kind kind : kinds()) {
      kind.create().run();
      boolean listed = kind.list().run().contains(kind.name());
      kind.update().run();
      change(kind, principal, true);
      change(kind, principal, false);
      rows.add(row(kind.name(), kind.get().run() + " " + listed));
    }
    return rows;
  }

  private List<String> refused() {
    List<String> rows = new ArrayList<>();
    for (Kind kind : kinds()) {
      boolean listed;
      try {
        listed = kind.list().run().contains(kind.name());
      } catch (ApiException e) {
        listed = false;
      }
      rows.add(
          row(
              kind.name(),
              refuses(kind.create())
                  + " "
                  + refuses(kind.get())
                  + " "
                  + refuses(kind.update())
                  + " "
                  + refuses(() -> change(kind, "account users", true))
                  + " "
                  + refuses(kind.delete())
                  + " "
                  + listed));
    }
    return rows;
  }

  private static boolean refuses(Call<?> call) {
    try {
      call.run();
      return false;
    } catch (ApiException e) {
      return e.getCode() == 403 || e.getCode() == 404;
    }
  }

  private List<String> end() throws ApiException {
    List<String> rows = new ArrayList<>();
    for (Kind kind : kinds()) {
      kind.delete().run();
      rows.add(
          row(kind.name(), refuses(kind.get()) + " " + kind.list().run().contains(kind.name())));
    }
    return rows;
  }

  /** A version is made, its place is opened for writing, and it is made ready. */
  private List<String> model() throws ApiException {
    String name = IN + "open_versions";
    models.createRegisteredModel(
        new CreateRegisteredModel()
            .catalogName("main")
            .schemaName("default")
            .name("open_versions"));
    Long version =
        versions
            .createModelVersion(
                new CreateModelVersion()
                    .catalogName("main")
                    .schemaName("default")
                    .modelName("open_versions")
                    .source("file:///tmp/run"))
            .getVersion();
    String place = versions.getModelVersion(name, version).getStorageLocation();
    GenerateTemporaryModelVersionCredential write =
        new GenerateTemporaryModelVersionCredential()
            .catalogName("main")
            .schemaName("default")
            .modelName("open_versions")
            .version(version)
            .operation(ModelVersionOperation.READ_WRITE_MODEL_VERSION);
    boolean opened =
        place.equals(temporary.generateTemporaryModelVersionCredentials(write).getUrl());
    String status =
        versions
            .finalizeModelVersion(
                name, version, new FinalizeModelVersion().fullName(name).version(version))
            .getStatus()
            .getValue();
    boolean closed;
    try {
      temporary.generateTemporaryModelVersionCredentials(write);
      closed = false;
    } catch (ApiException e) {
      closed = e.getMessage().contains("is ready");
    }
    int listed = versions.listModelVersions(name, null, null).getModelVersions().size();
    models.deleteRegisteredModel(name, true);
    return List.of(row(version, opened, status, closed, listed));
  }

  private List<String> table(String name) throws ApiException {
    TableInfo table = tables.getTable(name, null, null);
    return List.of(
        row(
            temporary
                .generateTemporaryTableCredentials(
                    new GenerateTemporaryTableCredential()
                        .tableId(table.getTableId())
                        .operation(TableOperation.READ))
                .getUrl()
                .equals(table.getStorageLocation())));
  }

  private List<String> volume(String name) throws ApiException {
    VolumeInfo volume = volumes.getVolume(name);
    return List.of(
        row(
            temporary
                .generateTemporaryVolumeCredentials(
                    new GenerateTemporaryVolumeCredential()
                        .volumeId(volume.getVolumeId())
                        .operation(VolumeOperation.READ_VOLUME))
                .getUrl()
                .equals(volume.getStorageLocation())));
  }
}
