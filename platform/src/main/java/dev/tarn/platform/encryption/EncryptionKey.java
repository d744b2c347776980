package dev.tarn.platform.encryption;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.platform.datafolder.SecretFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that secrets are encrypted with before they enter the metadata database: AES-256 in GCM
 * mode. It lies in one file of the data folder (mode 0600); servers that share a database need the
 * same file, and a backup of the database is worth nothing to whoever lacks it.
 */
public final class EncryptionKey {
  private static final String FILE = "encryption.key";
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  private EncryptionKey(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
  }

  /**
   * The key of a data folder; made at the first call.
   *
   * @throws TarnException INVALID_STATE if the file cannot be read or holds no key
   */
  public static EncryptionKey of(Path dataFolder) {
    Path file = dataFolder.resolve(FILE);
    try {
      if (!Files.exists(file)) {
        SecretFile.write(file, Base64.getEncoder().encodeToString(fresh()) + "\n");
      }
      byte[] key = Base64.getDecoder().decode(Files.readString(file).strip());
      if (key.length == KEY_BYTES) {
        return new EncryptionKey(key);
      }
    } catch (IOException | IllegalArgumentException e) {
      // Said below, without the exception: its message may hold parts of the key.
    }
    throw new TarnException(
        ErrorCode.INVALID_STATE,
        "The file '"
            + file
            + "' cannot be read, or is no encryption key. Restore it from a backup: without it the"
            + " secrets of credentials and connections are lost.");
  }

  /** A key that goes with the process. */
  public static EncryptionKey ephemeral() {
    return new EncryptionKey(fresh());
  }

  private static byte[] fresh() {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /**
   * @param owner what the secret belongs to; it cannot be decrypted as another's
   * @return text that reveals nothing
   */
  public String encrypt(String secret, String owner) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, nonce, owner)
              .doFinal(secret.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder()
          .encodeToString(
              ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK lacks AES-GCM", e);
    }
  }

  /**
   * @param owner as it was encrypted for
   * @throws TarnException INVALID_STATE if it was encrypted with another key, or for another owner
   */
  public String decrypt(String encrypted, String owner) {
    try {
      byte[] bytes = Base64.getDecoder().decode(encrypted);
      byte[] nonce = new byte[NONCE_BYTES];
      ByteBuffer buffer = ByteBuffer.wrap(bytes).get(nonce);
      byte[] sealed = new byte[buffer.remaining()];
      buffer.get(sealed);
      return new String(
          cipher(Cipher.DECRYPT_MODE, nonce, owner).doFinal(sealed), StandardCharsets.UTF_8);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "A secret of '"
              + owner
              + "' cannot be decrypted: it was kept with another "
              + FILE
              + " than that of this server. Give all servers of one database the same file, or set"
              + " the secret again.");
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String owner) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
