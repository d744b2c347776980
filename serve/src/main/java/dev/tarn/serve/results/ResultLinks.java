package dev.tarn.serve.results;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signed links to chunks, valid without a login until they expire. The key is made anew at every
 * start, so no link outlives the process.
 */
public final class ResultLinks {
  static final String PATH = "/api/2.0/sql/results/";
  private static final String ALGORITHM = "HmacSHA256";

  private final Clock clock;
  private final ResultsConfig config;
  private final SecretKeySpec key;

  /** A link and the moment it stops working. */
  public record Link(String url, Instant expiration) {}

  public ResultLinks(Clock clock, ResultsConfig config) {
    this.clock = clock;
    this.config = config;
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    this.key = new SecretKeySpec(secret, ALGORITHM);
  }

  /**
   * @param base scheme, host and port that the client reached us under
   */
  public Link sign(URI base, String statementId, int chunk) {
    long expires = clock.instant().plus(config.linkLifetime()).getEpochSecond();
    String url =
        base.resolve(PATH + statementId + '/' + chunk)
            + "?expires="
            + expires
            + "&signature="
            + HexFormat.of().formatHex(signature(statementId, chunk, expires));
    return new Link(url, Instant.ofEpochSecond(expires));
  }

  /**
   * @throws TarnException PERMISSION_DENIED if the link is forged, changed or expired
   */
  void verify(String statementId, int chunk, String expires, String signature) {
    boolean valid;
    try {
      long until = Long.parseLong(expires);
      String wanted = HexFormat.of().formatHex(signature(statementId, chunk, until));
      valid =
          // There is one way to write a link, so that nobody has to wonder about others.
          expires.equals(Long.toString(until))
              && MessageDigest.isEqual(
                  signature.getBytes(StandardCharsets.UTF_8),
                  wanted.getBytes(StandardCharsets.UTF_8))
              && clock.instant().getEpochSecond() < until;
    } catch (NumberFormatException e) {
      valid = false;
    }
    if (!valid) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "This link to a result is not valid or has expired. Ask for the chunk again to get a new"
              + " link.");
    }
  }

  private byte[] signature(String statementId, int chunk, long expires) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(
          (statementId + '/' + chunk + '/' + expires).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK lacks " + ALGORITHM, e);
    }
  }
}
