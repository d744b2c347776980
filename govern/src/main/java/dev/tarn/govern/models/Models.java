package dev.tarn.govern.models;

import dev.tarn.govern.catalog.DroppedTables;
import dev.tarn.govern.catalog.ManagedStorage;
import dev.tarn.govern.catalog.Schemas;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Registered models, their versions and the aliases of these. Models share names and grants with
 * functions: {@code EXECUTE} lets one use them.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/registeredmodels">Databricks REST:
 *     registered models</a>
 */
public final class Models {
  private static final Pattern ALIAS = Pattern.compile("(?!v\\d+$)[A-Za-z0-9_-]{1,255}");

  private final Jdbi jdbi;
  private final Grants grants;
  private final Schemas schemas;
  private final ManagedStorage storage;
  private final DroppedTables dropped;
  private final ModelsStore store = new ModelsStore();

  public Models(
      MetadataDatabase database,
      Grants grants,
      Schemas schemas,
      ManagedStorage storage,
      DroppedTables dropped) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.schemas = schemas;
    this.storage = storage;
    this.dropped = dropped;
  }

  private static String by(Principal principal) {
    return principal.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Makes a model without versions; its owner is the principal.
   *
   * @param comment or null
   * @throws TarnException PERMISSION_DENIED without {@code USE CATALOG}, {@code USE SCHEMA} and
   *     {@code CREATE MODEL}; SCHEMA_DOES_NOT_EXIST; RESOURCE_ALREADY_EXISTS, also for a function
   */
  public RegisteredModel create(Principal principal, EntityName name, String comment) {
    Securable securable = Securable.function(name);
    grants.requireUse(principal, securable);
    grants.require(principal, Privilege.CREATE_MODEL, Securable.schema(name.parent()));
    schemas.get(principal, name.parent());
    long now = System.currentTimeMillis();
    String id = UUID.randomUUID().toString();
    RegisteredModel model =
        new RegisteredModel(
            id,
            name,
            by(principal),
            comment,
            storage.of(name.parent()).newModel(id),
            by(principal),
            now,
            by(principal),
            now);
    return grants.changing(
        handle -> {
          requireFree(handle, name);
          store.insert(handle, model);
          grants.forget(handle, securable);
          return model;
        });
  }

  private void requireFree(Handle handle, EntityName name) {
    if (store.find(handle, name).isPresent()) {
      throw TarnException.alreadyExists("Registered model", name.fullName());
    }
    if (store.functionHas(handle, name)) {
      throw TarnException.alreadyExists("Function", name.fullName());
    }
  }

  /**
   * @throws TarnException PERMISSION_DENIED unless the principal may see it;
   *     RESOURCE_DOES_NOT_EXIST
   */
  public RegisteredModel get(Principal principal, EntityName name) {
    Securable securable = Securable.function(name);
    if (!grants.sees(principal, securable)) {
      grants.requireUse(principal, securable);
      existing(name);
      throw TarnException.permissionDenied(
          principal.name(), Privilege.EXECUTE.sql(), securable.toString());
    }
    return existing(name);
  }

  private RegisteredModel existing(EntityName name) {
    return jdbi.withHandle(handle -> store.find(handle, name))
        .orElseThrow(
            () ->
                TarnException.notFound(
                    ErrorCode.RESOURCE_DOES_NOT_EXIST, "Registered model", name.fullName()));
  }

  /**
   * Those that the principal may see, by name.
   *
   * @param schema those of which; all if empty
   */
  public List<RegisteredModel> list(Principal principal, Optional<SchemaName> schema) {
    schema.ifPresent(name -> schemas.get(principal, name));
    return jdbi
        .withHandle(
            handle ->
                schema.map(name -> store.list(handle, name)).orElseGet(() -> store.list(handle)))
        .stream()
        .filter(model -> grants.sees(principal, Securable.schema(model.name().parent())))
        .filter(model -> grants.sees(principal, Securable.function(model.name())))
        .toList();
  }

  private RegisteredModel managed(Principal principal, EntityName name) {
    RegisteredModel model = get(principal, name);
    Securable securable = Securable.function(name);
    grants.requireUse(principal, securable);
    grants.require(principal, Privilege.MANAGE, securable);
    return model;
  }

  /** A model whose versions the principal may use. */
  private RegisteredModel used(Principal principal, EntityName name) {
    RegisteredModel model = get(principal, name);
    grants.requireExecute(principal, name);
    return model;
  }

  /**
   * Changes a model; needs ownership or {@code MANAGE}, and to rename it {@code CREATE MODEL} too.
   *
   * @param newName within the schema
   */
  public RegisteredModel update(
      Principal principal,
      EntityName name,
      Optional<String> newName,
      Optional<String> comment,
      Optional<String> owner) {
    RegisteredModel old = managed(principal, name);
    EntityName to = newName.map(name.parent()::child).orElse(name);
    if (!to.equals(name)) {
      grants.require(principal, Privilege.CREATE_MODEL, Securable.schema(name.parent()));
    }
    RegisteredModel changed =
        new RegisteredModel(
            old.modelId(),
            to,
            owner.map(grants::requirePrincipal).orElse(old.owner()),
            comment.orElse(old.comment()),
            old.storageLocation(),
            old.createdBy(),
            old.createdAt(),
            by(principal),
            System.currentTimeMillis());
    return grants.changing(
        handle -> {
          if (!to.equals(name)) {
            requireFree(handle, to);
            grants.moved(handle, Securable.function(name), Securable.function(to));
          }
          store.update(handle, changed);
          return changed;
        });
  }

  /** Removes a model with its versions, and after a while their files; needs {@code MANAGE}. */
  public void delete(Principal principal, EntityName name) {
    RegisteredModel model = managed(principal, name);
    grants.changing(
        handle -> {
          store.delete(handle, model.modelId());
          dropped.discard(handle, model.storageLocation());
          grants.forget(handle, Securable.function(name));
          return null;
        });
  }

  /**
   * Makes the next version, whose files are still to be written; needs {@code MANAGE}.
   *
   * @param source where its files come from, or null
   * @param runId or null
   * @param comment or null
   */
  public ModelVersion createVersion(
      Principal principal, EntityName name, String source, String runId, String comment) {
    RegisteredModel model = managed(principal, name);
    long now = System.currentTimeMillis();
    return grants.changing(
        handle -> {
          ModelVersion version =
              new ModelVersion(
                  UUID.randomUUID().toString(),
                  store.nextVersion(handle, model.modelId()),
                  source,
                  runId,
                  ModelVersion.Status.PENDING_REGISTRATION,
                  comment,
                  by(principal),
                  now,
                  by(principal),
                  now);
          store.insert(handle, model.modelId(), version);
          return version;
        });
  }

  /** Where the files of a version lie. */
  public static String location(RegisteredModel model, ModelVersion version) {
    return model.storageLocation() + "/versions/" + version.versionId();
  }

  /** The newest first; needs {@code EXECUTE}. */
  public List<ModelVersion> versions(Principal principal, EntityName name) {
    RegisteredModel model = used(principal, name);
    return jdbi.withHandle(handle -> store.versions(handle, model.modelId()));
  }

  /**
   * One version; needs {@code EXECUTE}.
   *
   * @throws TarnException RESOURCE_DOES_NOT_EXIST
   */
  public ModelVersion version(Principal principal, EntityName name, int version) {
    return versions(principal, name).stream()
        .filter(each -> each.version() == version)
        .findFirst()
        .orElseThrow(
            () ->
                TarnException.notFound(
                    ErrorCode.RESOURCE_DOES_NOT_EXIST,
                    "Model version",
                    name.fullName() + "/" + version));
  }

  /** The version that an alias leads to; needs {@code EXECUTE}. */
  public ModelVersion version(Principal principal, EntityName name, String alias) {
    return aliases(principal, name).stream()
        .filter(each -> each.alias().equalsIgnoreCase(alias))
        .findFirst()
        .map(each -> version(principal, name, each.version()))
        .orElseThrow(() -> noAlias(name, alias));
  }

  private static TarnException noAlias(EntityName name, String alias) {
    return TarnException.notFound(
        ErrorCode.RESOURCE_DOES_NOT_EXIST, "Model alias", name.fullName() + "@" + alias);
  }

  /**
   * Changes a version; needs {@code MANAGE} on the model.
   *
   * @param ready whether its files are there for good
   */
  public ModelVersion updateVersion(
      Principal principal, EntityName name, int number, Optional<String> comment, boolean ready) {
    RegisteredModel model = managed(principal, name);
    ModelVersion old = version(principal, name, number);
    ModelVersion changed =
        old.with(
            ready ? ModelVersion.Status.READY : old.status(),
            comment.orElse(old.comment()),
            by(principal));
    return grants.changing(
        handle -> {
          store.update(handle, model.modelId(), changed);
          return changed;
        });
  }

  /** Removes a version and the aliases that lead to it; needs {@code MANAGE} on the model. */
  public void deleteVersion(Principal principal, EntityName name, int number) {
    RegisteredModel model = managed(principal, name);
    ModelVersion version = version(principal, name, number);
    grants.changing(
        handle -> {
          store.deleteVersion(handle, model.modelId(), number);
          dropped.discard(handle, location(model, version));
          return null;
        });
  }

  /** By alias; whoever sees the model sees them. */
  public List<ModelAlias> aliases(Principal principal, EntityName name) {
    RegisteredModel model = get(principal, name);
    return jdbi.withHandle(handle -> store.aliases(handle, model.modelId()));
  }

  /**
   * Lets an alias lead to a version, wherever it led before; needs {@code MANAGE} on the model.
   *
   * @throws TarnException INVALID_PARAMETER_VALUE for what looks like a number of a version
   */
  public ModelAlias setAlias(Principal principal, EntityName name, String alias, int number) {
    RegisteredModel model = managed(principal, name);
    if (!ALIAS.matcher(alias).matches()) {
      throw TarnException.invalid(
          "An alias is at most 255 letters, digits, '_' and '-', and not like 'v1'.");
    }
    version(principal, name, number);
    ModelAlias made = new ModelAlias(alias.toLowerCase(Locale.ROOT), number);
    return grants.changing(
        handle -> {
          store.setAlias(handle, model.modelId(), made);
          return made;
        });
  }

  /**
   * Removes an alias; needs {@code MANAGE} on the model.
   *
   * @throws TarnException RESOURCE_DOES_NOT_EXIST
   */
  public void deleteAlias(Principal principal, EntityName name, String alias) {
    RegisteredModel model = managed(principal, name);
    grants.changing(
        handle -> {
          if (!store.deleteAlias(handle, model.modelId(), alias.toLowerCase(Locale.ROOT))) {
            throw noAlias(name, alias);
          }
          return null;
        });
  }
}
