package dev.tarn.acceptance.sdk;

import static dev.tarn.acceptance.sdk.SecurableKind.names;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.catalog.CatalogInfo;
import com.databricks.sdk.service.catalog.CatalogType;
import com.databricks.sdk.service.catalog.ColumnInfo;
import com.databricks.sdk.service.catalog.ColumnTypeName;
import com.databricks.sdk.service.catalog.CreateCatalog;
import com.databricks.sdk.service.catalog.CreateFunction;
import com.databricks.sdk.service.catalog.CreateFunctionParameterStyle;
import com.databricks.sdk.service.catalog.CreateFunctionRequest;
import com.databricks.sdk.service.catalog.CreateFunctionRoutineBody;
import com.databricks.sdk.service.catalog.CreateFunctionSecurityType;
import com.databricks.sdk.service.catalog.CreateFunctionSqlDataAccess;
import com.databricks.sdk.service.catalog.CreateRegisteredModelRequest;
import com.databricks.sdk.service.catalog.CreateSchema;
import com.databricks.sdk.service.catalog.CreateTableRequest;
import com.databricks.sdk.service.catalog.CreateVolumeRequestContent;
import com.databricks.sdk.service.catalog.DataSourceFormat;
import com.databricks.sdk.service.catalog.DeleteCatalogRequest;
import com.databricks.sdk.service.catalog.FunctionInfo;
import com.databricks.sdk.service.catalog.FunctionParameterInfo;
import com.databricks.sdk.service.catalog.FunctionParameterInfos;
import com.databricks.sdk.service.catalog.ListCatalogsRequest;
import com.databricks.sdk.service.catalog.ListRegisteredModelsRequest;
import com.databricks.sdk.service.catalog.Privilege;
import com.databricks.sdk.service.catalog.RegisteredModelInfo;
import com.databricks.sdk.service.catalog.SchemaInfo;
import com.databricks.sdk.service.catalog.TableInfo;
import com.databricks.sdk.service.catalog.TableType;
import com.databricks.sdk.service.catalog.UpdateCatalog;
import com.databricks.sdk.service.catalog.UpdateFunction;
import com.databricks.sdk.service.catalog.UpdateRegisteredModelRequest;
import com.databricks.sdk.service.catalog.UpdateSchema;
import com.databricks.sdk.service.catalog.UpdateTableRequest;
import com.databricks.sdk.service.catalog.UpdateVolumeRequestContent;
import com.databricks.sdk.service.catalog.VolumeInfo;
import com.databricks.sdk.service.catalog.VolumeType;
import java.util.List;
import java.util.Map;

/** What lies in the namespace of three levels, and a catalog of another system. */
final class NamespaceKinds {
  private static final String IN = "main.default.";
  private static final String OWNER = "admin";

  private final WorkspaceClient client;

  NamespaceKinds(WorkspaceClient client) {
    this.client = client;
  }

  /** In an order in which they can be made. */
  List<SecurableKind> kinds() {
    return List.of(catalog(), schema(), volume(), function(), model(), table(), foreignCatalog());
  }

  private SecurableKind catalog() {
    return new SecurableKind(
        "catalog",
        "sdk_catalog",
        Privilege.USE_CATALOG,
        () -> client.catalogs().create(new CreateCatalog().setName("sdk_catalog")),
        () -> {
          CatalogInfo info = client.catalogs().get("sdk_catalog");
          return info.getName() + " " + info.getOwner() + " " + info.getComment();
        },
        () -> names(client.catalogs().list(new ListCatalogsRequest()), CatalogInfo::getName),
        () ->
            client
                .catalogs()
                .update(new UpdateCatalog().setName("sdk_catalog").setComment("changed")),
        () ->
            client
                .catalogs()
                .delete(new DeleteCatalogRequest().setName("sdk_catalog").setForce(true)));
  }

  private SecurableKind schema() {
    return new SecurableKind(
        "schema",
        "main.sdk_schema",
        Privilege.USE_SCHEMA,
        () ->
            client
                .schemas()
                .create(new CreateSchema().setCatalogName("main").setName("sdk_schema")),
        () -> {
          SchemaInfo info = client.schemas().get("main.sdk_schema");
          return info.getFullName() + " " + info.getOwner() + " " + info.getComment();
        },
        () -> names(client.schemas().list("main"), SchemaInfo::getFullName),
        () ->
            client
                .schemas()
                .update(new UpdateSchema().setFullName("main.sdk_schema").setComment("changed")),
        () -> client.schemas().delete("main.sdk_schema"));
  }

  private SecurableKind volume() {
    return new SecurableKind(
        "volume",
        IN + "sdk_volume",
        Privilege.READ_VOLUME,
        () ->
            client
                .volumes()
                .create(
                    new CreateVolumeRequestContent()
                        .setCatalogName("main")
                        .setSchemaName("default")
                        .setName("sdk_volume")
                        .setVolumeType(VolumeType.MANAGED)),
        () -> {
          VolumeInfo info = client.volumes().read(IN + "sdk_volume");
          return info.getFullName() + " " + info.getOwner() + " " + info.getComment();
        },
        () -> names(client.volumes().list("main", "default"), VolumeInfo::getFullName),
        () ->
            client
                .volumes()
                .update(
                    new UpdateVolumeRequestContent()
                        .setName(IN + "sdk_volume")
                        .setComment("changed")),
        () -> client.volumes().delete(IN + "sdk_volume"));
  }

  private SecurableKind function() {
    FunctionParameterInfo parameter =
        new FunctionParameterInfo()
            .setName("n")
            .setTypeName(ColumnTypeName.INT)
            .setTypeText("int")
            .setPosition(0L);
    return new SecurableKind(
        "function",
        IN + "sdk_function",
        Privilege.EXECUTE,
        () ->
            client
                .functions()
                .create(
                    new CreateFunctionRequest()
                        .setFunctionInfo(
                            new CreateFunction()
                                .setCatalogName("main")
                                .setSchemaName("default")
                                .setName("sdk_function")
                                .setComment("changed")
                                .setInputParams(
                                    new FunctionParameterInfos().setParameters(List.of(parameter)))
                                .setDataType(ColumnTypeName.INT)
                                .setFullDataType("INT")
                                .setRoutineBody(CreateFunctionRoutineBody.SQL)
                                .setRoutineDefinition("n + 1")
                                .setParameterStyle(CreateFunctionParameterStyle.S)
                                .setSecurityType(CreateFunctionSecurityType.DEFINER)
                                .setSqlDataAccess(CreateFunctionSqlDataAccess.CONTAINS_SQL)
                                .setIsDeterministic(true)
                                .setIsNullCall(false)
                                .setSpecificName("sdk_function"))),
        () -> {
          FunctionInfo info = client.functions().get(IN + "sdk_function");
          return info.getFullName() + " " + info.getOwner() + " " + info.getComment();
        },
        () -> names(client.functions().list("main", "default"), FunctionInfo::getFullName),
        () ->
            client
                .functions()
                .update(new UpdateFunction().setName(IN + "sdk_function").setOwner(OWNER)),
        () -> client.functions().delete(IN + "sdk_function"));
  }

  private SecurableKind model() {
    return new SecurableKind(
        "function",
        IN + "sdk_model",
        Privilege.EXECUTE,
        () ->
            client
                .registeredModels()
                .create(
                    new CreateRegisteredModelRequest()
                        .setCatalogName("main")
                        .setSchemaName("default")
                        .setName("sdk_model")),
        () -> {
          RegisteredModelInfo info = client.registeredModels().get(IN + "sdk_model");
          return info.getFullName() + " " + info.getOwner() + " " + info.getComment();
        },
        () ->
            names(
                client.registeredModels().list(new ListRegisteredModelsRequest()),
                RegisteredModelInfo::getFullName),
        () ->
            client
                .registeredModels()
                .update(
                    new UpdateRegisteredModelRequest()
                        .setFullName(IN + "sdk_model")
                        .setComment("changed")),
        () -> client.registeredModels().delete(IN + "sdk_model"));
  }

  private SecurableKind table() {
    return new SecurableKind(
        "table",
        IN + "sdk_table",
        Privilege.SELECT,
        () ->
            client
                .tables()
                .create(
                    new CreateTableRequest()
                        .setCatalogName("main")
                        .setSchemaName("default")
                        .setName("sdk_table")
                        .setTableType(TableType.EXTERNAL)
                        .setDataSourceFormat(DataSourceFormat.DELTA)
                        .setStorageLocation("abfss://sdk@sdklake.dfs.core.windows.net/in/table")
                        .setProperties(Map.of("made", "by the SDK"))
                        .setColumns(
                            List.of(
                                new ColumnInfo()
                                    .setName("id")
                                    .setTypeName(ColumnTypeName.LONG)
                                    .setTypeText("bigint")
                                    .setNullable(false)
                                    .setPosition(0L)))),
        () -> {
          TableInfo info = client.tables().get(IN + "sdk_table");
          if (info.getColumns().size() != 1 || !info.getProperties().containsKey("made")) {
            throw new IllegalStateException("Not the table that was made: " + info);
          }
          return info.getFullName() + " " + info.getOwner() + " changed";
        },
        () -> names(client.tables().list("main", "default"), TableInfo::getFullName),
        () ->
            client
                .tables()
                .update(new UpdateTableRequest().setFullName(IN + "sdk_table").setOwner(OWNER)),
        () -> client.tables().delete(IN + "sdk_table"));
  }

  private SecurableKind foreignCatalog() {
    return new SecurableKind(
        "catalog",
        "sdk_foreign",
        Privilege.USE_CATALOG,
        () ->
            client
                .catalogs()
                .create(
                    new CreateCatalog()
                        .setName("sdk_foreign")
                        .setConnectionName("sdk_connection")
                        .setOptions(Map.of("database", "shop"))),
        () -> {
          CatalogInfo info = client.catalogs().get("sdk_foreign");
          if (info.getCatalogType() != CatalogType.FOREIGN_CATALOG
              || !info.getConnectionName().equals("sdk_connection")
              || !info.getOptions().equals(Map.of("database", "sales"))) {
            throw new IllegalStateException("Not the catalog that was made: " + info);
          }
          return info.getName() + " " + info.getOwner() + " " + info.getComment();
        },
        () -> names(client.catalogs().list(new ListCatalogsRequest()), CatalogInfo::getName),
        () ->
            client
                .catalogs()
                .update(
                    new UpdateCatalog()
                        .setName("sdk_foreign")
                        .setComment("changed")
                        .setOptions(Map.of("database", "sales"))),
        () -> client.catalogs().delete("sdk_foreign"));
  }
}
