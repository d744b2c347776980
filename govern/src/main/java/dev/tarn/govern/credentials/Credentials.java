package dev.tarn.govern.credentials;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.Names;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.platform.encryption.EncryptionKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What opens stores and services, by name. A secret goes in and never comes out again, but to the
 * store that uses it. What is told is not tried: see the validation for that.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/storagecredentials">Databricks REST:
 *     storage credentials</a>
 */
public final class Credentials {
  /** What the server's own settings are called where a credential is named. */
  public static final String SERVER = "server";

  private final Jdbi jdbi;
  private final Grants grants;
  private final EncryptionKey key;
  private final CredentialsStore store = new CredentialsStore();

  public Credentials(MetadataDatabase database, Grants grants, EncryptionKey key) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.key = key;
  }

  /**
   * Keeps a credential; its owner is the principal.
   *
   * @param comment or null
   * @throws TarnException PERMISSION_DENIED without {@code CREATE STORAGE CREDENTIAL} or {@code
   *     CREATE SERVICE CREDENTIAL}; RESOURCE_ALREADY_EXISTS; INVALID_PARAMETER_VALUE without the
   *     secret
   */
  public Credential create(
      Principal principal,
      String name,
      Purpose purpose,
      CredentialContent content,
      String comment,
      boolean readOnly) {
    grants.require(
        principal,
        purpose == Purpose.STORAGE
            ? Privilege.CREATE_STORAGE_CREDENTIAL
            : Privilege.CREATE_SERVICE_CREDENTIAL,
        Securable.METASTORE);
    requireSecret(content);
    requireOwn(principal, content);
    long now = System.currentTimeMillis();
    String by = principal.name().toLowerCase(Locale.ROOT);
    Credential credential =
        new Credential(
            UUID.randomUUID().toString(),
            newName(name),
            purpose,
            content.kind(),
            content.identity(),
            by,
            comment,
            readOnly,
            false,
            by,
            now,
            by,
            now);
    return grants.changing(
        handle -> {
          requireFree(handle, credential.name());
          store.insert(handle, credential, encrypted(credential.credentialId(), content));
          grants.forget(handle, Securable.storageCredential(credential.name()));
          return credential;
        });
  }

  private static String newName(String name) {
    String normalized = Names.normalized(name);
    if (normalized.equals(SERVER)) {
      throw TarnException.invalid(
          "'" + SERVER + "' is what the server's own settings are called. Choose another name.");
    }
    return normalized;
  }

  private static void requireSecret(CredentialContent content) {
    if (content.kind().secret() != null && content.secret().isEmpty()) {
      throw TarnException.invalid(
          "A credential with '"
              + content.kind().field()
              + "' needs '"
              + content.kind().secret()
              + "'.");
    }
  }

  /** What the machine itself may reach, its administrators hand out. */
  private static void requireOwn(Principal principal, CredentialContent content) {
    if (content.kind() == CredentialKind.AZURE_MANAGED_IDENTITY && !principal.administrator()) {
      throw TarnException.permissionDenied(
          principal.name(), "to be an administrator", "the identity of the server's machine");
    }
  }

  private String encrypted(String id, CredentialContent content) {
    return content.secret().map(secret -> key.encrypt(secret, id)).orElse(null);
  }

  private void requireFree(Handle handle, String name) {
    if (store.find(handle, name).isPresent()) {
      throw TarnException.alreadyExists("Credential", name);
    }
  }

  /**
   * @throws TarnException RESOURCE_DOES_NOT_EXIST also if the principal may not see it
   */
  public Credential get(Principal principal, String name) {
    String normalized = Names.normalized(name);
    return jdbi.withHandle(handle -> store.find(handle, normalized))
        .filter(credential -> sees(principal, credential))
        .orElseThrow(
            () ->
                TarnException.notFound(
                    ErrorCode.RESOURCE_DOES_NOT_EXIST, "Credential", normalized));
  }

  private boolean sees(Principal principal, Credential credential) {
    return grants.sees(principal, Securable.storageCredential(credential.name()));
  }

  /** Those that the principal may see, by name. */
  public List<Credential> list(Principal principal) {
    return list(principal, credential -> false);
  }

  /**
   * As the other.
   *
   * @param also shown, although the workspace does not reach it
   */
  public List<Credential> list(Principal principal, Predicate<Credential> also) {
    return jdbi.withHandle(store::list).stream()
        .filter(credential -> sees(principal, credential) || also.test(credential))
        .toList();
  }

  /**
   * The credential, for whoever may use it for what is no storage.
   *
   * @throws TarnException PERMISSION_DENIED without {@code ACCESS}; as {@link #get}
   */
  public Credential requireAccess(Principal principal, String name) {
    Credential credential = get(principal, name);
    grants.require(principal, Privilege.ACCESS, Securable.storageCredential(credential.name()));
    return credential;
  }

  /** By id; no check. */
  public Optional<Credential> find(Handle handle, String credentialId) {
    return store.byId(handle, credentialId);
  }

  /**
   * A credential of a store, for whoever may reach locations with it.
   *
   * @throws TarnException PERMISSION_DENIED without {@code CREATE EXTERNAL LOCATION} on it; as
   *     {@link #get}
   */
  public Credential requireForLocation(Principal principal, String name) {
    Credential credential = get(principal, name);
    grants.require(
        principal,
        Privilege.CREATE_EXTERNAL_LOCATION,
        Securable.storageCredential(credential.name()));
    if (credential.purpose() != Purpose.STORAGE) {
      throw TarnException.invalid(
          "Credential '" + credential.name() + "' is for services, not for storage.");
    }
    return credential;
  }

  /** As {@link #content(Handle, String)}. */
  public Optional<CredentialContent> content(Credential credential) {
    return jdbi.withHandle(handle -> content(handle, credential.credentialId()));
  }

  /**
   * What is not kept, but tried.
   *
   * @throws TarnException PERMISSION_DENIED to whoever could not keep it either
   */
  public void requireTry(Principal principal, CredentialContent content) {
    grants.require(principal, Privilege.CREATE_STORAGE_CREDENTIAL, Securable.METASTORE);
    requireSecret(content);
    requireOwn(principal, content);
  }

  /**
   * With its secret: for the store, which uses it. No check.
   *
   * @throws TarnException INVALID_STATE if the secret cannot be decrypted
   */
  public Optional<CredentialContent> content(Handle handle, String credentialId) {
    return store
        .byId(handle, credentialId)
        .map(
            credential ->
                new CredentialContent(
                    credential.kind(),
                    credential.identity(),
                    store.secret(handle, credentialId).map(s -> key.decrypt(s, credentialId))));
  }

  /**
   * Changes a credential; needs ownership or {@code MANAGE}.
   *
   * @throws TarnException as {@link #get} and {@link #create}
   */
  public Credential update(Principal principal, String name, CredentialChange change) {
    Credential old = get(principal, name);
    Securable securable = Securable.storageCredential(old.name());
    grants.require(principal, Privilege.MANAGE, securable);
    change.content().ifPresent(content -> requireSameKind(old, content));
    change.content().ifPresent(content -> requireOwn(principal, content));
    Credential changed =
        new Credential(
            old.credentialId(),
            change.name().map(Credentials::newName).orElse(old.name()),
            old.purpose(),
            change.content().map(CredentialContent::kind).orElse(old.kind()),
            change.content().map(CredentialContent::identity).orElse(old.identity()),
            change.owner().map(grants::requirePrincipal).orElse(old.owner()),
            change.comment().orElse(old.comment()),
            change.readOnly().orElse(old.readOnly()),
            change.isolated().orElse(old.isolated()),
            old.createdBy(),
            old.createdAt(),
            principal.name().toLowerCase(Locale.ROOT),
            System.currentTimeMillis());
    return grants.changing(
        handle -> {
          if (!changed.name().equals(old.name())) {
            requireFree(handle, changed.name());
            grants.moved(handle, securable, Securable.storageCredential(changed.name()));
          }
          String secret =
              change
                  .content()
                  .map(content -> encrypted(old.credentialId(), content))
                  .orElseGet(() -> store.secret(handle, old.credentialId()).orElse(null));
          store.update(handle, changed, secret);
          return changed;
        });
  }

  /** An old secret must not be taken elsewhere by whoever manages the name. */
  private static void requireSameKind(Credential old, CredentialContent content) {
    boolean same = content.kind() == old.kind() && content.identity().equals(old.identity());
    if (!same || content.kind().secret() != null) {
      requireSecret(content);
    }
  }

  /**
   * Removes a credential, its secret and its grants; needs ownership or {@code MANAGE}.
   *
   * @param force whether locations may use it, which then cannot be reached any more
   * @throws TarnException INVALID_STATE if it is in use and not forced
   */
  public void delete(Principal principal, String name, boolean force) {
    Credential credential = get(principal, name);
    Securable securable = Securable.storageCredential(credential.name());
    grants.require(principal, Privilege.MANAGE, securable);
    grants.changing(
        handle -> {
          if (!force) {
            store
                .location(handle, credential.credentialId())
                .ifPresent(
                    user -> {
                      throw new TarnException(
                          ErrorCode.INVALID_STATE,
                          "Credential '"
                              + credential.name()
                              + "' is used by external location '"
                              + user
                              + "'. Give that another one first, or say force=true.");
                    });
          }
          store.delete(handle, credential.credentialId());
          grants.forget(handle, securable);
          return null;
        });
  }
}
