package dev.tarn.platform.identity.secrets;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.platform.identity.directory.Directory;
import dev.tarn.platform.identity.directory.PrincipalType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * The OAuth secrets of service principals. Their text is known once, to the administrator who made
 * them; only hashes are kept. Service principals are given by the id that SCIM shows.
 */
public final class ServicePrincipalSecrets {
  /** As many as Databricks allows a service principal. */
  static final int MAX_PER_OWNER = 5;

  private static final Duration MAX_LIFETIME = Duration.ofDays(730);

  private final Jdbi jdbi;
  private final Directory directory;
  private final Clock clock;
  private final ServicePrincipalSecretsStore store = new ServicePrincipalSecretsStore();

  public ServicePrincipalSecrets(MetadataDatabase database, Directory directory, Clock clock) {
    this.jdbi = database.jdbi();
    this.directory = directory;
    this.clock = clock;
  }

  /**
   * Makes a secret.
   *
   * @param lifetime at most 730 days; empty: as long as that
   * @throws TarnException PERMISSION_DENIED unless called by an administrator;
   *     RESOURCE_DOES_NOT_EXIST; RESOURCE_EXHAUSTED if there are five already
   */
  public IssuedSecret create(
      Principal administrator, long servicePrincipal, Optional<Duration> lifetime) {
    String owner = name(administrator, servicePrincipal);
    Duration time = lifetime.orElse(MAX_LIFETIME);
    if (time.isNegative() || time.isZero() || time.compareTo(MAX_LIFETIME) > 0) {
      throw TarnException.invalid(
          "The lifetime of a secret must be positive, and at most 730 days (63072000s).");
    }
    String text = Secret.random("dose", 16);
    long now = clock.millis();
    var row =
        new ServicePrincipalSecretsStore.Row(
            UUID.randomUUID().toString(), Secret.hash(text), owner, now, now + time.toMillis());
    jdbi.useTransaction(
        handle -> {
          if (store.of(handle, owner).size() >= MAX_PER_OWNER) {
            throw new TarnException(
                ErrorCode.RESOURCE_EXHAUSTED,
                "Service principal '"
                    + owner
                    + "' has "
                    + MAX_PER_OWNER
                    + " secrets, which is the most. Delete one first.");
          }
          store.add(handle, row);
        });
    return new IssuedSecret(text, info(row));
  }

  /** The secrets there are, the oldest first. Conditions as for {@link #create}. */
  public List<SecretInfo> list(Principal administrator, long servicePrincipal) {
    String owner = name(administrator, servicePrincipal);
    return jdbi.withHandle(handle -> store.of(handle, owner)).stream().map(this::info).toList();
  }

  /** Makes a secret, and the access tokens obtained with it, worthless at once. */
  public void delete(Principal administrator, long servicePrincipal, String secretId) {
    String owner = name(administrator, servicePrincipal);
    boolean id = secretId.indexOf('\0') < 0;
    if (!id || !jdbi.inTransaction(handle -> store.delete(handle, owner, secretId))) {
      throw new TarnException(
          ErrorCode.RESOURCE_DOES_NOT_EXIST,
          "Service principal '" + owner + "' has no such secret. List its secrets to see the ids.");
    }
  }

  /**
   * The id of the secret, if it is this active service principal's and has not expired. What is
   * done does not depend on which part is wrong.
   */
  public Optional<String> verify(String applicationId, String secret) {
    String owner = applicationId.toLowerCase(Locale.ROOT);
    return jdbi.withHandle(handle -> store.byHash(handle, Secret.hash(secret)))
        .filter(row -> row.owner().equals(owner) && row.expiresAt() > clock.millis())
        .map(ServicePrincipalSecretsStore.Row::id);
  }

  /** Whether a secret that {@link #verify} named is still valid. */
  public boolean isValid(String applicationId, String secretId) {
    return jdbi.withHandle(handle -> store.byId(handle, secretId))
        .filter(row -> row.owner().equals(applicationId) && row.expiresAt() > clock.millis())
        .isPresent();
  }

  private String name(Principal administrator, long servicePrincipal) {
    return directory.get(administrator, PrincipalType.SERVICE_PRINCIPAL, servicePrincipal).name();
  }

  private SecretInfo info(ServicePrincipalSecretsStore.Row row) {
    Instant created = Instant.ofEpochMilli(row.createdAt());
    return new SecretInfo(
        row.id(),
        row.hash(),
        row.expiresAt() > clock.millis() ? "ACTIVE" : "EXPIRED",
        created,
        created,
        Instant.ofEpochMilli(row.expiresAt()));
  }
}
