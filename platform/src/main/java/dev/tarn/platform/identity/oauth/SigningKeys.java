package dev.tarn.platform.identity.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.platform.datafolder.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that access tokens are signed with (ES256). Each server signs with a key of its own,
 * whose private half lies in {@code oauth.key} of its data folder and nowhere else; the public
 * halves of all servers are in the metadata database, where every server finds them. A key signs
 * for thirty days, and is published until the last token that it signed has expired.
 */
final class SigningKeys {
  static final Duration SIGNS_FOR = Duration.ofDays(30);

  private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  private final Jdbi jdbi;
  private final Path file;
  private final Clock clock;
  private final Duration tokenLifetime;
  private final SigningKeysStore store = new SigningKeysStore();
  private ECKey own;

  SigningKeys(MetadataDatabase database, Path file, Clock clock, Duration tokenLifetime) {
    this.jdbi = database.jdbi();
    this.file = file;
    this.clock = clock;
    this.tokenLifetime = tokenLifetime;
  }

  /** The key to sign with now; a new one at first, and when the last has served its time. */
  synchronized ECKey forSigning() {
    if (own == null) {
      own = read();
    }
    ECKey last = own;
    boolean good =
        last != null
            && jdbi.withHandle(handle -> store.get(handle, last.getKeyID()))
                .filter(row -> row.signsUntil() > clock.millis())
                .isPresent();
    if (!good) {
      rotate(false);
    }
    return own;
  }

  /**
   * Begins to sign with a new key.
   *
   * @param revoke whether the tokens signed so far, by any server, become worthless at once
   */
  synchronized void rotate(boolean revoke) {
    if (own == null) {
      own = read();
    }
    ECKey last = own;
    ECKey next = generate();
    long now = clock.millis();
    long signsUntil = now + SIGNS_FOR.toMillis();
    long remains = tokenLifetime.plus(CLOCK_SKEW).toMillis();
    // Public first: killed in between, a key that nobody can sign with is published for a while.
    jdbi.useTransaction(
        (Handle handle) -> {
          if (revoke) {
            store.deleteAll(handle);
          } else if (last != null) {
            store.retire(handle, last.getKeyID(), now, now + remains);
          }
          store.deleteEnded(handle, now);
          store.add(
              handle,
              new SigningKeysStore.Row(
                  next.getKeyID(),
                  next.toPublicJWK().toJSONString(),
                  signsUntil,
                  signsUntil + remains),
              now);
        });
    SecretFile.write(file, next.toJSONString() + "\n");
    own = next;
  }

  /** The public key of this id, while tokens signed with it can be valid. */
  Optional<ECKey> forVerifying(String kid) {
    return jdbi.withHandle(handle -> store.get(handle, kid))
        .filter(row -> row.publishedUntil() > clock.millis())
        .map(row -> parse(row.publicJwk()));
  }

  /** All public keys that valid tokens may be signed with. */
  List<ECKey> published() {
    forSigning();
    return jdbi.withHandle(handle -> store.published(handle, clock.millis())).stream()
        .map(row -> parse(row.publicJwk()))
        .toList();
  }

  private ECKey read() {
    if (!Files.exists(file)) {
      return null;
    }
    try {
      ECKey key = ECKey.parse(Files.readString(file));
      if (key.isPrivate() && key.getKeyID() != null) {
        return key;
      }
    } catch (IOException | ParseException e) {
      // Said below, without the exception: its message may hold parts of the key.
    }
    LOG.warn("'{}' does not hold a signing key; a new one is made.", file);
    return null;
  }

  private static ECKey parse(String jwk) {
    try {
      return ECKey.parse(jwk);
    } catch (ParseException e) {
      throw new IllegalStateException("A public key in table oauth_keys is damaged", e);
    }
  }

  private static ECKey generate() {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.ES256)
          .keyIDFromThumbprint(true)
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("The JDK lacks P-256", e);
    }
  }
}
