package dev.tarn.platform.identity.secrets;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Texts that prove who somebody is. They are random, so that one round of SHA-256 keeps them: there
 * is nothing to guess from a dictionary.
 */
public final class Secret {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secret() {}

  /** The prefix, which tells people and scanners what it is, and random hexadecimal digits. */
  public static String random(String prefix, int bytes) {
    byte[] secret = new byte[bytes];
    RANDOM.nextBytes(secret);
    return prefix + HexFormat.of().formatHex(secret);
  }

  /** What is stored instead of the text: SHA-256, as hexadecimal digits. */
  public static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
