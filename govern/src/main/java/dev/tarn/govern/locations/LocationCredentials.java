package dev.tarn.govern.locations;

import dev.tarn.govern.catalog.ManagedLocations;
import dev.tarn.govern.credentials.Credential;
import dev.tarn.govern.credentials.Credentials;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Which credential a location is reached with: one for each storage account. */
record LocationCredentials(Credentials credentials, ManagedLocations managed) {
  /**
   * The id of the credential that is named; null for the server's own settings.
   *
   * @param name or null
   * @throws TarnException as {@link Credentials#requireForLocation}
   */
  String id(Principal principal, String name) {
    return name == null || name.equals(Credentials.SERVER)
        ? null
        : credentials.requireForLocation(principal, name).credentialId();
  }

  Optional<Credential> of(Handle handle, ExternalLocation location) {
    return Optional.ofNullable(location.credentialId()).flatMap(id -> credentials.find(handle, id));
  }

  /** The name to show; that of what is gone is its id. */
  String name(Handle handle, ExternalLocation location) {
    return location.credentialId() == null
        ? Credentials.SERVER
        : of(handle, location).map(Credential::name).orElse(location.credentialId());
  }

  /**
   * @param all the locations
   * @throws TarnException INVALID_PARAMETER_VALUE if the credential does not open the location, or
   *     another opens its account already
   */
  void require(Handle handle, ExternalLocation location, List<ExternalLocation> all) {
    String account = StorageSettings.account(location.url());
    if (location.credentialId() != null) {
      Credential credential =
          of(handle, location)
              .orElseThrow(
                  () -> TarnException.invalid("The credential has just been deleted. Choose one."));
      if (!StorageSettings.fits(location.url(), credential.kind())) {
        throw TarnException.invalid(
            "Credential '"
                + credential.name()
                + "' ("
                + credential.kind().field()
                + ") does not open '"
                + location.url()
                + "'. Locations of Azure's store (abfss://) take one of Azure's kinds; others take"
                + " '"
                + Credentials.SERVER
                + "'.");
      }
      if (credential.readOnly() && !location.readOnly()) {
        throw TarnException.invalid(
            "Credential '"
                + credential.name()
                + "' is read-only. Make the location read-only too, or choose another.");
      }
      if (account.equals(StorageSettings.account(managed.root()))) {
        throw TarnException.invalid(
            "The managed storage lies in the storage account of '"
                + location.url()
                + "', which the server reaches with its own settings. Use another account, or"
                + " credential '"
                + Credentials.SERVER
                + "'.");
      }
    }
    for (ExternalLocation other : all) {
      if (!account.isEmpty()
          && !other.locationId().equals(location.locationId())
          && account.equals(StorageSettings.account(other.url()))
          && !Objects.equals(other.credentialId(), location.credentialId())) {
        throw TarnException.invalid(
            "The storage account of '"
                + location.url()
                + "' is reached with credential '"
                + name(handle, other)
                + "' for external location '"
                + other.name()
                + "'. Use that one here too.");
      }
    }
  }
}
