package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.govern.listing.Page;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.database.Epoch;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.Jdbi;

/** The functions of the schemas, written in SQL. Whether a body makes sense the engine knows. */
public final class Functions {
  private static final int CACHED_FUNCTIONS = 10_000;

  private final Jdbi jdbi;
  private final Grants grants;
  private final CatalogStore catalogs = new CatalogStore();
  private final FunctionsStore store = new FunctionsStore();
  private final Epoch.Kept<EntityName, Optional<FunctionInfo>> found;

  public Functions(MetadataDatabase database, Grants grants) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.found = grants.kept(CACHED_FUNCTIONS, EntityName::fullName);
  }

  /**
   * Makes a function; its owner is the principal.
   *
   * @param comment or null
   * @param replace gives an existing function another definition and comment; grants stay. Needs
   *     ownership of it, or {@code MANAGE}: who had only that owns it then
   * @throws TarnException PERMISSION_DENIED without {@code USE CATALOG}, {@code USE SCHEMA} and
   *     {@code CREATE FUNCTION}; SCHEMA_DOES_NOT_EXIST; RESOURCE_ALREADY_EXISTS
   */
  public FunctionInfo create(
      Principal principal,
      EntityName name,
      String comment,
      FunctionDefinition definition,
      boolean replace) {
    Securable securable = Securable.function(name);
    grants.requireUse(principal, securable);
    Optional<FunctionInfo> old = find(name);
    if (old.isPresent() && replace) {
      grants.require(principal, Privilege.MANAGE, securable);
    } else {
      grants.require(principal, Privilege.CREATE_FUNCTION, Securable.schema(name.parent()));
    }
    long now = System.currentTimeMillis();
    return grants.changing(
        Securable.function(name),
        handle -> {
          catalogs.requireOwnSchema(handle, name.parent());
          Optional<FunctionInfo> existing = store.find(handle, name);
          if (existing.isPresent() && !(replace && old.isPresent())) {
            throw TarnException.alreadyExists("Function", name.fullName());
          }
          if (existing.isEmpty() && store.modelHas(handle, name)) {
            throw TarnException.alreadyExists("Registered model", name.fullName());
          }
          FunctionInfo function =
              new FunctionInfo(
                  existing
                      .map(FunctionInfo::functionId)
                      .orElseGet(() -> UUID.randomUUID().toString()),
                  name,
                  existing
                      .map(f -> grants.ownerAfter(principal, f.owner()))
                      .orElseGet(() -> principal.name().toLowerCase(Locale.ROOT)),
                  comment,
                  definition,
                  existing.map(FunctionInfo::createdAt).orElse(now),
                  now);
          if (existing.isPresent()) {
            store.update(handle, function);
          } else {
            store.insert(handle, function);
            grants.forget(handle, securable);
          }
          return function;
        });
  }

  /** No check: for the engine, which checks itself. */
  public Optional<FunctionInfo> find(EntityName name) {
    return found.get(
        name, grants.epoch(), () -> jdbi.withHandle(handle -> store.find(handle, name)));
  }

  /**
   * @throws TarnException PERMISSION_DENIED unless the principal may see it;
   *     RESOURCE_DOES_NOT_EXIST
   */
  public FunctionInfo get(Principal principal, EntityName name) {
    Securable securable = Securable.function(name);
    if (grants.sees(principal, securable)) {
      return existing(name);
    }
    grants.requireUse(principal, securable);
    existing(name);
    throw TarnException.permissionDenied(
        principal.name(), Privilege.EXECUTE.sql(), securable.toString());
  }

  private FunctionInfo existing(EntityName name) {
    return find(name)
        .orElseThrow(
            () ->
                TarnException.notFound(
                    ErrorCode.RESOURCE_DOES_NOT_EXIST, "Function", name.fullName()));
  }

  /**
   * The functions of a schema that the principal may see, by name.
   *
   * @throws TarnException PERMISSION_DENIED unless the principal may see the schema
   */
  public List<FunctionInfo> list(Principal principal, SchemaName schema) {
    return page(principal, schema, "", Integer.MAX_VALUE - 1, function -> true).entries();
  }

  /**
   * Some of what {@link #list} answers.
   *
   * @param after the name that the page before ended with; empty for the first
   * @param size at most
   * @param shown asked of those that the principal may see
   */
  public Page<FunctionInfo> page(
      Principal principal,
      SchemaName schema,
      String after,
      int size,
      Predicate<FunctionInfo> shown) {
    Tables.requireVisible(grants, principal, schema);
    boolean all = grants.seesAll(principal, Securable.schema(schema), SecurableType.FUNCTION);
    return jdbi.withHandle(
        handle -> {
          catalogs.requireSchema(handle, schema);
          return Page.read(
              after,
              size,
              (from, most) -> store.list(handle, schema, from, most),
              function -> function.name().name(),
              function ->
                  (all || grants.sees(principal, Securable.function(function.name())))
                      && shown.test(function));
        });
  }

  /**
   * Changes comment or owner; needs ownership or {@code MANAGE}.
   *
   * @throws TarnException PERMISSION_DENIED also to give it to somebody else, unless by an
   *     administrator
   */
  public FunctionInfo update(
      Principal principal, EntityName name, Optional<String> comment, Optional<String> owner) {
    get(principal, name);
    requireManage(principal, name);
    Optional<String> newOwner = owner.map(heir -> grants.requireHeir(principal, heir));
    grants.changing(
        Securable.function(name),
        handle -> {
          FunctionInfo old =
              store
                  .find(handle, name)
                  .orElseThrow(
                      () ->
                          TarnException.notFound(
                              ErrorCode.RESOURCE_DOES_NOT_EXIST, "Function", name.fullName()));
          store.update(
              handle,
              new FunctionInfo(
                  old.functionId(),
                  old.name(),
                  newOwner.orElse(old.owner()),
                  comment.orElse(old.comment()),
                  old.definition(),
                  old.createdAt(),
                  System.currentTimeMillis()));
          return null;
        });
    return existing(name);
  }

  private void requireManage(Principal principal, EntityName name) {
    Securable securable = Securable.function(name);
    grants.requireUse(principal, securable);
    grants.require(principal, Privilege.MANAGE, securable);
  }

  /** Removes a function and its grants; needs ownership or {@code MANAGE}. */
  public void delete(Principal principal, EntityName name) {
    get(principal, name);
    requireManage(principal, name);
    grants.changing(
        Securable.function(name),
        handle -> {
          store.delete(handle, name);
          grants.forget(handle, Securable.function(name));
          return null;
        });
  }
}
