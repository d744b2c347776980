package dev.tarn.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.platform.identity.directory.PrincipalInfo;
import dev.tarn.platform.identity.secrets.IssuedSecret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Access tokens that somebody else made or changed. */
class ForgedTokensIT extends OpenIdentity {
  private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");

  private PrincipalInfo etl;
  private SignedJWT genuine;
  private ECKey key;

  @Override
  DatabaseConfig newDatabase() {
    return DatabaseConfig.defaults();
  }

  @BeforeEach
  void login() throws Exception {
    etl = servicePrincipal("etl");
    IssuedSecret secret = secret(etl);
    genuine = SignedJWT.parse(login(etl.name(), secret.secret()).accessToken());
    key = ECKey.parse(Files.readString(data.resolve("oauth.key")));
  }

  private JWSHeader.Builder header() {
    return new JWSHeader.Builder(JWSAlgorithm.ES256).type(TYPE).keyID(key.getKeyID());
  }

  private static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
      throws Exception {
    SignedJWT jwt = new SignedJWT(header, claims);
    jwt.sign(signer);
    return jwt.serialize();
  }

  /** Signed with the true key, so that only the claim is wrong. */
  private String with(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
    JWTClaimsSet claims = change.apply(new JWTClaimsSet.Builder(genuine.getJWTClaimsSet())).build();
    return signed(header().build(), claims, new ECDSASigner(key));
  }

  @Test
  void theGenuineOneAndItsCopyAreTaken() throws Exception {
    assertThat(identity.authenticate(genuine.serialize()).name()).isEqualTo(etl.name());
    assertThat(identity.authenticate(with(c -> c)).name()).isEqualTo(etl.name());
    assertThat(genuine.getJWTClaimsSet().getIssuer()).isEqualTo(HERE + "/oidc");
  }

  @Test
  void otherAlgorithmsAndKeysAreRefused() throws Exception {
    JWTClaimsSet claims = genuine.getJWTClaimsSet();
    refused(new PlainJWT(claims).serialize());
    refused(new PlainJWT(claims).serialize() + "AAAA");
    // The public key, which everybody has, taken for a shared secret.
    for (String shared :
        List.of(
            key.toPublicJWK().toJSONString(),
            java.util.Base64.getEncoder().encodeToString(key.toPublicKey().getEncoded()),
            new String(key.toPublicKey().getEncoded(), StandardCharsets.ISO_8859_1))) {
      refused(
          signed(
              new JWSHeader.Builder(JWSAlgorithm.HS256).type(TYPE).keyID(key.getKeyID()).build(),
              claims,
              new MACSigner(shared.getBytes(StandardCharsets.ISO_8859_1))));
    }
    ECKey own = new ECKeyGenerator(Curve.P_256).keyID(key.getKeyID()).generate();
    refused(signed(header().build(), claims, new ECDSASigner(own)));
    refused(signed(header().jwk(own.toPublicJWK()).build(), claims, new ECDSASigner(own)));
    refused(signed(header().keyID("unknown").build(), claims, new ECDSASigner(key)));
    refused(signed(header().keyID(null).build(), claims, new ECDSASigner(key)));
    refused(signed(header().type(JOSEObjectType.JWT).build(), claims, new ECDSASigner(key)));
  }

  @Test
  void wrongClaimsAreRefused() throws Exception {
    Date now = Date.from(clock.instant());
    Date later = Date.from(clock.instant().plus(Duration.ofMinutes(10)));
    refused(with(c -> c.expirationTime(now)));
    refused(with(c -> c.expirationTime(null)));
    refused(with(c -> c.notBeforeTime(later)));
    refused(with(c -> c.notBeforeTime(null)));
    refused(with(c -> c.audience("00000000-0000-0000-0000-000000000000")));
    refused(with(c -> c.audience((String) null)));
    refused(with(c -> c.issuer("https://lake.example:8443/other")));
    refused(with(c -> c.issuer("not an address")));
    refused(with(c -> c.issuer(null)));
    refused(with(c -> c.subject("admin")));
    refused(with(c -> c.subject("admin").claim("client_id", "admin")));
    refused(with(c -> c.claim("secret_id", null)));
    refused(with(c -> c.claim("secret_id", "unknown")));
    refused(with(c -> c.claim("secret_id", 7)));
  }

  @Test
  void aChangedByteAnywhereIsRefused() {
    long seed = Long.getLong("tarn.seed", 1);
    System.out.println("ForgedTokensIT seed " + seed);
    Random random = new Random(seed);
    String token = genuine.serialize();
    for (int i = 0; i < 300; i++) {
      char[] changed = token.toCharArray();
      int at = random.nextInt(changed.length);
      char other = (char) (' ' + random.nextInt(95));
      if (other == changed[at]) {
        continue;
      }
      changed[at] = other;
      refused(new String(changed));
    }
    String[] parts = token.split("\\.");
    refused(token + ";");
    refused(parts[0] + "." + parts[1] + ".;" + parts[2]);
    refused(parts[0] + "." + parts[1] + ".");
    refused(parts[0] + "." + parts[1]);
    refused(parts[0] + ".." + parts[2]);
    refused("..");
    refused(".");
    refused(token + "." + parts[2]);
    refused(Base64URL.encode("{\"alg\":\"ES256\",\"kid\":{}}") + "." + parts[1] + "." + parts[2]);
    refused(Base64URL.encode("[".repeat(2_000)) + "." + parts[1] + "." + parts[2]);
    refused(token + "A".repeat(100_000));
    // All zero: a signature that a careless verifier takes for any message.
    refused(parts[0] + "." + parts[1] + "." + Base64URL.encode(new byte[64]));
  }
}
