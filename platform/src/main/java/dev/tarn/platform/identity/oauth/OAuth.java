package dev.tarn.platform.identity.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.platform.identity.directory.Directory;
import dev.tarn.platform.identity.directory.PrincipalInfo;
import dev.tarn.platform.identity.secrets.ServicePrincipalSecrets;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * OAuth 2.0 for programs (RFC 6749, section 4.4): a service principal shows its id and a secret,
 * and gets a signed access token (RFC 9068) for an hour.
 *
 * <p>A token names as issuer the address that it was asked for under, since drivers compare it with
 * theirs; what ties it to this deployment is the signature and the audience, so it is valid under
 * every other address too. It stops working when its service principal is deleted or deactivated,
 * or the secret that it was obtained with is deleted.
 */
public final class OAuth {
  static final Duration LIFETIME = Duration.ofHours(1);
  static final String SCOPE = "all-apis";
  static final String ISSUER_PATH = "/oidc";

  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);
  private static final int MAX_LENGTH = 4_096;
  private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");
  private static final String SECRET_CLAIM = "secret_id";

  private final Directory directory;
  private final ServicePrincipalSecrets secrets;
  private final Deployment deployment;
  private final SigningKeys keys;
  private final Clock clock;

  /**
   * @param keyFile where this server's private key lies, or will
   */
  public OAuth(
      MetadataDatabase database,
      Directory directory,
      ServicePrincipalSecrets secrets,
      Path keyFile,
      Clock clock) {
    this.directory = directory;
    this.secrets = secrets;
    this.deployment = new Deployment(database);
    this.keys = new SigningKeys(database, keyFile, clock, LIFETIME);
    this.clock = clock;
  }

  /**
   * Issues an access token.
   *
   * @param base scheme, host and port that the client reached us under
   * @throws OAuthException {@code invalid_client} whichever of id and secret is wrong
   */
  public AccessToken issue(URI base, TokenRequest request) {
    if (request.grantType() == null) {
      throw new OAuthException("invalid_request", "The parameter grant_type is missing.");
    }
    if (!request.grantType().equals("client_credentials")) {
      throw new OAuthException(
          "unsupported_grant_type", "The only grant type is client_credentials.");
    }
    String clientId = Optional.ofNullable(request.clientId()).orElse("");
    String secret = Optional.ofNullable(request.clientSecret()).orElse("");
    Optional<String> secretId = secrets.verify(clientId, secret);
    Optional<PrincipalInfo> client = directory.find(clientId).filter(PrincipalInfo::active);
    if (secretId.isEmpty() || client.isEmpty()) {
      throw new OAuthException("invalid_client", "The client's id or secret is not valid.");
    }
    if (request.scope() != null
        && !request.scope().isBlank()
        && !Set.of(request.scope().strip().split(" +", 20)).equals(Set.of(SCOPE))) {
      throw new OAuthException("invalid_scope", "The only scope is " + SCOPE + ".");
    }
    return new AccessToken(
        signed(base, client.get().name(), secretId.get()), "Bearer", LIFETIME.toSeconds(), SCOPE);
  }

  private String signed(URI base, String name, String secretId) {
    ECKey key = keys.forSigning();
    long now = clock.instant().getEpochSecond();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(base + ISSUER_PATH)
            .subject(name)
            .audience(deployment.id().toString())
            .issueTime(date(now))
            .notBeforeTime(date(now))
            .expirationTime(date(now + LIFETIME.toSeconds()))
            .jwtID(UUID.randomUUID().toString())
            .claim("client_id", name)
            .claim("scope", SCOPE)
            .claim(SECRET_CLAIM, secretId)
            .build();
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).type(TYPE).keyID(key.getKeyID()).build(),
            claims);
    try {
      token.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("An access token could not be signed", e);
    }
    return token.serialize();
  }

  private static Date date(long epochSecond) {
    return new Date(epochSecond * 1_000);
  }

  /** Whose access token this is; empty if it is not one of ours, expired, or of a secret gone. */
  public Optional<String> subject(String token) {
    if (token.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    Optional<SignedJWT> parsed = parsed(token);
    if (parsed.isEmpty()) {
      return Optional.empty();
    }
    try {
      SignedJWT jwt = parsed.get();
      JWSHeader header = jwt.getHeader();
      // The algorithm is ours to choose, never the token's: neither "none" nor a MAC over our
      // public key.
      if (!JWSAlgorithm.ES256.equals(header.getAlgorithm())
          || !TYPE.equals(header.getType())
          || header.getKeyID() == null) {
        return Optional.empty();
      }
      Optional<ECKey> key = keys.forVerifying(header.getKeyID());
      if (key.isEmpty() || !jwt.verify(new ECDSAVerifier(key.get()))) {
        return Optional.empty();
      }
      return valid(jwt.getJWTClaimsSet());
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<SignedJWT> parsed(String token) {
    // The library skips what is no base64, so that one token would have many texts.
    for (String part : token.split("\\.", -1)) {
      if (!Base64URL.encode(new Base64URL(part).decode()).toString().equals(part)) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(SignedJWT.parse(token));
    } catch (ParseException | RuntimeException e) {
      // The library stumbles over a header that is JSON, but no object.
      return Optional.empty();
    }
  }

  private Optional<String> valid(JWTClaimsSet claims) throws ParseException {
    long now = clock.millis();
    String subject = claims.getSubject();
    String secretId = claims.getStringClaim(SECRET_CLAIM);
    boolean valid =
        subject != null
            && secretId != null
            && subject.equals(claims.getStringClaim("client_id"))
            && isIssuer(claims.getIssuer())
            && List.of(deployment.id().toString()).equals(claims.getAudience())
            && claims.getExpirationTime() != null
            && claims.getExpirationTime().getTime() > now
            && claims.getNotBeforeTime() != null
            && claims.getNotBeforeTime().getTime() <= now + CLOCK_SKEW.toMillis()
            && secrets.isValid(subject, secretId);
    return valid ? Optional.of(subject) : Optional.empty();
  }

  private static boolean isIssuer(String issuer) {
    if (issuer == null) {
      return false;
    }
    URI uri = URI.create(issuer);
    return Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
        && ISSUER_PATH.equals(uri.getPath());
  }

  /** The public keys as a JWK set (RFC 7517). */
  public Map<String, Object> publicKeys() {
    return Map.of("keys", keys.published().stream().map(ECKey::toJSONObject).toList());
  }

  /**
   * Signs with a new key from now on; it happens by itself every thirty days.
   *
   * @param revoke makes the tokens issued so far, by all servers, worthless at once
   * @throws TarnException PERMISSION_DENIED unless called by an administrator
   */
  public void rotateKeys(Principal administrator, boolean revoke) {
    if (!administrator.administrator()) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "User '" + administrator.name() + "' may not rotate keys. Ask an administrator.");
    }
    keys.rotate(revoke);
  }

  /** Which deployment this is: what clients call the account. */
  public String accountId() {
    return deployment.id().toString();
  }

  /** A number for clients that want one. */
  public long workspaceId() {
    return deployment.workspaceId();
  }
}
