package dev.tarn.govern.locations;

import dev.tarn.govern.catalog.ExternalPaths;
import dev.tarn.govern.catalog.ManagedLocations;
import dev.tarn.govern.catalog.TakenLocations;
import dev.tarn.govern.credentials.Credentials;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.Names;
import dev.tarn.platform.database.Epoch;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Storage outside the managed one, by name: who may make tables and volumes of its files, or read
 * them. None overlaps with another, nor with the managed storage, so that one decides over a path.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/externallocations">Databricks REST:
 *     external locations</a>
 */
public final class ExternalLocations implements ExternalPaths {
  private static final Pattern PATTERN = Pattern.compile("[*?\\[{\\\\]");
  private static final Pattern SCHEMES = Pattern.compile("^(abfss?|file)://");

  private static final String ALL = "all";

  private final Jdbi jdbi;
  private final Grants grants;
  private final ManagedLocations managed;
  private final TakenLocations taken;
  private final LocationCredentials credentials;
  private final LocationsStore store = new LocationsStore();
  private final Epoch.Kept<String, List<String>> urls;

  public ExternalLocations(
      MetadataDatabase database,
      Grants grants,
      ManagedLocations managed,
      TakenLocations taken,
      Credentials credentials) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.urls = grants.kept(1);
    this.managed = managed;
    this.taken = taken;
    this.credentials = new LocationCredentials(credentials, managed);
  }

  /**
   * Makes a location; its owner is the principal.
   *
   * @param credential the name of one; null or {@link Credentials#SERVER} for the server's own
   *     settings
   * @param comment or null
   * @throws TarnException PERMISSION_DENIED without {@code CREATE EXTERNAL LOCATION} on the
   *     metastore and on the credential, or for a path on the server's own disks by whoever is no
   *     administrator; RESOURCE_ALREADY_EXISTS; INVALID_PARAMETER_VALUE if it overlaps
   */
  public ExternalLocation create(
      Principal principal,
      String name,
      String url,
      String credential,
      String comment,
      boolean readOnly) {
    grants.require(principal, Privilege.CREATE_EXTERNAL_LOCATION, Securable.METASTORE);
    String credentialId = credentials.id(principal, credential);
    String by = principal.name().toLowerCase(Locale.ROOT);
    long now = System.currentTimeMillis();
    ExternalLocation location =
        new ExternalLocation(
            UUID.randomUUID().toString(),
            Names.normalized(name),
            checked(principal, url),
            by,
            comment,
            readOnly,
            credentialId,
            false,
            by,
            now,
            by,
            now);
    return grants.changing(
        handle -> {
          if (store.find(handle, location.name()).isPresent()) {
            throw TarnException.alreadyExists("External location", location.name());
          }
          requireApart(handle, location);
          credentials.require(handle, location, store.list(handle));
          store.insert(handle, location);
          grants.forget(handle, Securable.externalLocation(location.name()));
          return location;
        });
  }

  /** As the other, with the server's own settings. */
  public ExternalLocation create(
      Principal principal, String name, String url, String comment, boolean readOnly) {
    return create(principal, name, url, null, comment, readOnly);
  }

  private String checked(Principal principal, String url) {
    String normalized = ManagedLocations.normalized(url);
    if (normalized.startsWith("file:") && !principal.administrator()) {
      // It would hand out the server's own files.
      throw TarnException.permissionDenied(
          principal.name(), "to be an administrator", "a path on the server's own disks");
    }
    if (!SCHEMES.matcher(normalized).find() && !principal.administrator()) {
      throw TarnException.invalid(
          "An external location begins with abfss://, and '" + url + "' does not.");
    }
    managed.requireOutside(normalized);
    return normalized;
  }

  private void requireApart(Handle handle, ExternalLocation location) {
    for (ExternalLocation other : store.list(handle)) {
      boolean overlaps = ManagedLocations.overlap(location.url(), other.url());
      if (overlaps && !other.locationId().equals(location.locationId())) {
        throw TarnException.invalid(
            "Location '"
                + location.url()
                + "' overlaps with external location '"
                + other.name()
                + "'. Choose a path that is neither inside nor above it.");
      }
    }
  }

  /**
   * @throws TarnException RESOURCE_DOES_NOT_EXIST also if the principal may not see it
   */
  public ExternalLocation get(Principal principal, String name) {
    String normalized = Names.normalized(name);
    return jdbi.withHandle(handle -> store.find(handle, normalized))
        .filter(location -> sees(principal, location))
        .orElseThrow(
            () ->
                TarnException.notFound(
                    ErrorCode.RESOURCE_DOES_NOT_EXIST, "External location", normalized));
  }

  /** The name of the credential that a location is reached with, to be shown. */
  public String credentialName(ExternalLocation location) {
    return jdbi.withHandle(handle -> credentials.name(handle, location));
  }

  private boolean sees(Principal principal, ExternalLocation location) {
    return grants.sees(principal, Securable.externalLocation(location.name()));
  }

  /** Those that the principal may see, by name. */
  public List<ExternalLocation> list(Principal principal) {
    return list(principal, location -> false);
  }

  /**
   * As the other.
   *
   * @param also shown, although the workspace does not reach it
   */
  public List<ExternalLocation> list(Principal principal, Predicate<ExternalLocation> also) {
    return jdbi.withHandle(store::list).stream()
        .filter(location -> sees(principal, location) || also.test(location))
        .toList();
  }

  /**
   * Changes a location; needs ownership or {@code MANAGE}, and to move it, to let it be written or
   * to reach it with another credential {@code CREATE EXTERNAL LOCATION} too.
   *
   * @throws TarnException as {@link #get} and {@link #create}; INVALID_STATE if tables or volumes
   *     lie where it will no longer be
   */
  public ExternalLocation update(Principal principal, String name, LocationChange change) {
    ExternalLocation old = get(principal, name);
    Securable securable = Securable.externalLocation(old.name());
    grants.require(principal, Privilege.MANAGE, securable);
    if (change.url().isPresent()
        || change.credential().isPresent()
        || (old.readOnly() && change.readOnly().equals(Optional.of(false)))) {
      // The server's rights there are not those of whoever manages the name.
      grants.require(principal, Privilege.CREATE_EXTERNAL_LOCATION, Securable.METASTORE);
    }
    if (change.url().isPresent() && change.credential().isEmpty() && old.credentialId() != null) {
      credentials.id(principal, credentialName(old));
    }
    ExternalLocation changed =
        new ExternalLocation(
            old.locationId(),
            change.name().map(Names::normalized).orElse(old.name()),
            change.url().map(url -> checked(principal, url)).orElse(old.url()),
            change.owner().map(grants::requirePrincipal).orElse(old.owner()),
            change.comment().orElse(old.comment()),
            change.readOnly().orElse(old.readOnly()),
            change.credential().isPresent()
                ? credentials.id(principal, change.credential().get())
                : old.credentialId(),
            change.isolated().orElse(old.isolated()),
            old.createdBy(),
            old.createdAt(),
            principal.name().toLowerCase(Locale.ROOT),
            System.currentTimeMillis());
    return grants.changing(
        handle -> {
          if (!changed.name().equals(old.name())) {
            if (store.find(handle, changed.name()).isPresent()) {
              throw TarnException.alreadyExists("External location", changed.name());
            }
            grants.moved(handle, securable, Securable.externalLocation(changed.name()));
          }
          if (!changed.url().equals(old.url())) {
            if (!change.force()) {
              requireUnused(handle, old);
            }
            requireApart(handle, changed);
          }
          if (!changed.url().equals(old.url())
              || change.credential().isPresent()
              || changed.readOnly() != old.readOnly()) {
            requireWritten(handle, changed, change.force());
            credentials.require(handle, changed, store.list(handle));
          }
          store.update(handle, changed);
          return changed;
        });
  }

  /**
   * Removes a location and its grants, no files; needs ownership or {@code MANAGE}.
   *
   * @param force whether tables and volumes may lie in it, which stay usable
   */
  public void delete(Principal principal, String name, boolean force) {
    ExternalLocation location = get(principal, name);
    Securable securable = Securable.externalLocation(location.name());
    grants.require(principal, Privilege.MANAGE, securable);
    grants.changing(
        handle -> {
          if (!force) {
            requireUnused(handle, location);
          }
          store.delete(handle, location.name());
          grants.forget(handle, securable);
          return null;
        });
  }

  private void requireWritten(Handle handle, ExternalLocation location, boolean force) {
    if (location.readOnly() && !force) {
      taken
          .managed(handle, location.url())
          .ifPresent(
              user -> {
                throw inUse(location, user, "Leave it writable");
              });
    }
  }

  private void requireUnused(Handle handle, ExternalLocation location) {
    taken
        .overlapping(handle, location.url())
        .ifPresent(
            user -> {
              throw inUse(location, user, "Drop that first");
            });
  }

  private static TarnException inUse(ExternalLocation location, String user, String advice) {
    return new TarnException(
        ErrorCode.INVALID_STATE,
        "External location '"
            + location.name()
            + "' is used by '"
            + user
            + "'. "
            + advice
            + ", or say force=true.");
  }

  @Override
  public void require(Principal principal, Privilege privilege, String path) {
    String normalized = ManagedLocations.normalized(path);
    Optional<ExternalLocation> location =
        jdbi.withHandle(store::list).stream()
            .filter(each -> ManagedLocations.within(normalized, each.url()))
            .findFirst();
    if (location.isPresent() && location.get().isolated()) {
      // What the workspace does not reach, its administrators do not reach either.
      grants.require(principal, privilege, Securable.externalLocation(location.get().name()));
    }
    if (principal.administrator()) {
      return;
    }
    if (location.isEmpty()
        || !grants.allows(
            principal, privilege, Securable.externalLocation(location.get().name()))) {
      throw TarnException.permissionDenied(
          principal.name(), privilege.sql(), "an external location of '" + normalized + "'");
    }
    if (privilege == Privilege.WRITE_FILES) {
      requireWritable(principal, privilege, location.get());
    }
  }

  @Override
  public void requireManaged(Principal principal, Privilege privilege, String path) {
    jdbi.useHandle(handle -> requireHeld(handle, path));
    require(principal, privilege, path);
  }

  @Override
  public void requireHeld(Handle handle, String path) {
    ExternalLocation location =
        store.list(handle).stream()
            .filter(each -> ManagedLocations.within(path, each.url()))
            .findFirst()
            .orElseThrow(
                () ->
                    TarnException.invalid(
                        "'"
                            + path
                            + "' lies in no external location, as managed storage has to. CREATE"
                            + " EXTERNAL LOCATION for it first."));
    if (location.readOnly()) {
      throw TarnException.invalid(
          "External location '"
              + location.name()
              + "' is read-only, and managed storage is written to. Choose another.");
    }
  }

  /**
   * The URL of the external location that a path lies in. No check: for the engine.
   *
   * @param path normalized
   */
  public Optional<String> holding(String path) {
    return urls.get(ALL, grants.epoch(), this::urls).stream()
        .filter(url -> ManagedLocations.within(path, url))
        .findFirst();
  }

  private List<String> urls() {
    return jdbi.withHandle(store::list).stream().map(ExternalLocation::url).toList();
  }

  @Override
  public void requireFiles(Principal principal, Privilege privilege, String path) {
    String folder = withoutPattern(ManagedLocations.normalized(path));
    require(principal, privilege, folder);
    if (principal.administrator()) {
      return;
    }
    requireFree(path, folder);
  }

  /**
   * Requires that files at a path may leave the platform: {@code EXTERNAL USE LOCATION}, granted by
   * name, and other privileges on the external location. Refused where a table or volume has its
   * files, to administrators too.
   *
   * @return the path, normalized
   * @throws TarnException PERMISSION_DENIED; INVALID_PARAMETER_VALUE if it is no path
   */
  public String requireHandingOut(Principal principal, List<Privilege> privileges, String path) {
    String normalized = ManagedLocations.normalized(path);
    ExternalLocation location =
        jdbi.withHandle(store::list).stream()
            .filter(each -> ManagedLocations.within(normalized, each.url()))
            .filter(each -> sees(principal, each))
            .findFirst()
            .orElseThrow(
                () ->
                    TarnException.permissionDenied(
                        principal.name(),
                        Privilege.EXTERNAL_USE_LOCATION.sql(),
                        "an external location of '" + normalized + "'"));
    Securable securable = Securable.externalLocation(location.name());
    if (!grants.grantedByName(principal, Privilege.EXTERNAL_USE_LOCATION, securable)) {
      throw TarnException.permissionDenied(
          principal.name(), Privilege.EXTERNAL_USE_LOCATION.sql(), securable.toString());
    }
    for (Privilege privilege : privileges) {
      grants.require(principal, privilege, securable);
      if (privilege != Privilege.READ_FILES) {
        requireWritable(principal, privilege, location);
      }
    }
    requireFree(path, normalized);
    return normalized;
  }

  private static void requireWritable(
      Principal principal, Privilege privilege, ExternalLocation location) {
    if (location.readOnly()) {
      throw TarnException.permissionDenied(
          principal.name(),
          privilege.sql(),
          "external location '" + location.name() + "', which is read-only");
    }
  }

  private void requireFree(String path, String folder) {
    jdbi.withHandle(handle -> taken.overlapping(handle, folder))
        .ifPresent(
            other -> {
              throw new TarnException(
                  ErrorCode.PERMISSION_DENIED,
                  "42501",
                  "The path '"
                      + path
                      + "' overlaps with '"
                      + other
                      + "', whose grants decide over its files. Use it by name.",
                  null);
            });
  }

  /** The folder in which all lies that a glob pattern can mean. */
  private static String withoutPattern(String path) {
    StringBuilder folder = new StringBuilder();
    for (String segment : path.split("/")) {
      if (PATTERN.matcher(segment).find()) {
        break;
      }
      folder.append(folder.isEmpty() ? "" : "/").append(segment);
    }
    return ManagedLocations.normalized(folder + "/");
  }
}
