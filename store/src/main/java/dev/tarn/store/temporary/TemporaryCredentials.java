package dev.tarn.store.temporary;

import dev.tarn.govern.Govern;
import dev.tarn.govern.catalog.CatalogIds;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.catalog.VolumeInfo;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.models.ModelVersion;
import dev.tarn.govern.models.Models;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.store.objects.ObjectStores;
import dev.tarn.store.samples.Samples;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * Lets engines outside the platform at the files of tables, volumes and external locations for a
 * short time. Only where the metastore allows access from outside, to those who were granted {@code
 * EXTERNAL USE SCHEMA} or {@code EXTERNAL USE LOCATION} by name, and never to a table of which
 * anything is hidden: files know no filters.
 *
 * @see <a href="https://docs.databricks.com/aws/en/external-access/credential-vending">Credential
 *     vending</a>
 */
public final class TemporaryCredentials {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);
  private static final String READ = "rl";
  private static final String WRITE = "racwdl";
  private static final Pattern CONTAINER =
      Pattern.compile("abfss?://(?<container>[^@/]+)@(?<host>[^/:]+).*");

  private final Govern govern;
  private final CatalogIds ids;
  private final Samples samples;
  private final ObjectStores stores;
  private final Clock clock;

  public TemporaryCredentials(Govern govern, Samples samples, ObjectStores stores, Clock clock) {
    this.govern = govern;
    this.ids = govern.ids();
    this.samples = samples;
    this.stores = stores;
    this.clock = clock;
  }

  /**
   * @throws TarnException PERMISSION_DENIED without {@code SELECT}, to write {@code MODIFY}, and
   *     {@code EXTERNAL USE SCHEMA}, for a view, and for a table with filters, masks or policies
   *     for the principal; TABLE_DOES_NOT_EXIST also if the principal may not see it
   */
  public TemporaryCredential ofTable(Principal principal, String tableId, boolean write) {
    requireOutsideAccess();
    Optional<EntityName> made = ids.table(tableId);
    if (made.isEmpty()) {
      // It may be in the making, by whoever asks; then it is empty as yet.
      return credential(govern.commits().staged(principal, tableId).location(), write);
    }
    EntityName name =
        made.filter(each -> govern.grants().sees(principal, Securable.table(each)))
            .orElseThrow(
                () -> TarnException.notFound(ErrorCode.TABLE_DOES_NOT_EXIST, "Table", tableId));
    govern.grants().requireTable(principal, Privilege.SELECT, name);
    if (write) {
      govern.grants().requireTable(principal, Privilege.MODIFY, name);
    }
    requireUse(principal, Securable.table(name));
    TableInfo table = govern.tables().get(principal, name);
    if (table.tableType() != TableType.MANAGED && table.tableType() != TableType.EXTERNAL) {
      throw refused(
          "'"
              + name
              + "' is no table but a "
              + table.tableType().name().toLowerCase(Locale.ROOT).replace('_', ' ')
              + ", and what lies behind it is not handed out. Read it with SQL.");
    }
    // Files of older versions have columns that are gone.
    if (!govern.policies().seenInAnyVersion(principal, table).filters().none()) {
      throw refused(
          "Table '"
              + name
              + "' has a row filter, column masks or policies, which files would go around. Read it"
              + " with SQL.");
    }
    samples.prepare(table);
    return credential(table.storageLocation(), write);
  }

  /**
   * @throws TarnException PERMISSION_DENIED without {@code READ VOLUME}, or to write {@code WRITE
   *     VOLUME}, and {@code EXTERNAL USE SCHEMA}; VOLUME_DOES_NOT_EXIST also if the principal may
   *     not see it
   */
  public TemporaryCredential ofVolume(Principal principal, String volumeId, boolean write) {
    requireOutsideAccess();
    EntityName name =
        ids.volume(volumeId)
            .filter(each -> govern.grants().sees(principal, Securable.volume(each)))
            .orElseThrow(
                () -> TarnException.notFound(ErrorCode.VOLUME_DOES_NOT_EXIST, "Volume", volumeId));
    govern.grants().requireVolume(principal, Privilege.READ_VOLUME, name);
    if (write) {
      govern.grants().requireVolume(principal, Privilege.WRITE_VOLUME, name);
    }
    requireUse(principal, Securable.volume(name));
    VolumeInfo volume = govern.volumes().get(principal, name);
    return credential(volume.storageLocation(), write);
  }

  /**
   * @throws TarnException PERMISSION_DENIED without {@code EXECUTE}, to write {@code MANAGE}, and
   *     {@code EXTERNAL USE SCHEMA}; INVALID_STATE to write a version that is ready
   */
  public TemporaryCredential ofModelVersion(
      Principal principal, EntityName model, int number, boolean write) {
    requireOutsideAccess();
    ModelVersion version = govern.models().version(principal, model, number);
    if (write) {
      govern.grants().require(principal, Privilege.MANAGE, Securable.function(model));
      if (version.status() == ModelVersion.Status.READY) {
        throw new TarnException(
            ErrorCode.INVALID_STATE,
            "Version "
                + number
                + " of model '"
                + model
                + "' is ready: its files stay as they are. Make another version.");
      }
    }
    requireUse(principal, Securable.function(model));
    return credential(Models.location(govern.models().get(principal, model), version), write);
  }

  /**
   * @param privileges that are needed on the external location besides {@code EXTERNAL USE
   *     LOCATION}
   * @param write whether files may be written
   * @throws TarnException PERMISSION_DENIED also where tables or volumes lie
   */
  public TemporaryCredential ofPath(
      Principal principal, String url, List<Privilege> privileges, boolean write) {
    requireOutsideAccess();
    return credential(
        govern.externalLocations().requireHandingOut(principal, privileges, url), write);
  }

  private void requireOutsideAccess() {
    if (!govern.metastore().get().externalAccess()) {
      throw refused(
          "The metastore does not allow access to data from outside. An administrator can set its"
              + " external_access_enabled.");
    }
  }

  private void requireUse(Principal principal, Securable securable) {
    Securable schema = securable.parent().orElseThrow();
    if (!govern.grants().grantedByName(principal, Privilege.EXTERNAL_USE_SCHEMA, schema)) {
      throw TarnException.permissionDenied(
          principal.name(), Privilege.EXTERNAL_USE_SCHEMA.sql(), schema.toString());
    }
  }

  private static TarnException refused(String message) {
    return new TarnException(ErrorCode.PERMISSION_DENIED, "42501", message, null);
  }

  private TemporaryCredential credential(String url, boolean write) {
    Instant now = clock.instant();
    Instant until = now.plus(LIFE);
    if (url.startsWith("file:")) {
      return new TemporaryCredential(url, Optional.empty(), until);
    }
    String sas =
        AzureSas.sign(url, key(url), write ? WRITE : READ, now.minus(CLOCKS_DIFFER), until);
    return new TemporaryCredential(url, Optional.of(sas), until);
  }

  /** The key of the account that holds a location. */
  private String key(String url) {
    Matcher parts = CONTAINER.matcher(url);
    if (parts.matches() && AzureSas.covers(url)) {
      Configuration settings = stores.configuration();
      String account = "." + parts.group("host");
      String container = "." + parts.group("container") + account;
      for (String where : List.of(container, account, "")) {
        String type = settings.get("fs.azure.account.auth.type" + where);
        String key = settings.get("fs.azure.account.key" + where);
        if (type != null && !type.equals("SharedKey")) {
          break;
        }
        if (key != null) {
          return key;
        }
      }
    }
    throw new TarnException(
        ErrorCode.NOT_IMPLEMENTED,
        "The server has no storage key for '"
            + url
            + "', and can sign temporary credentials with one only. Give its external location a"
            + " credential with azure_storage_key.");
  }
}
