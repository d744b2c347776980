package dev.tarn.platform.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.TarnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptionKeyIT {
  @TempDir Path folder;

  @Test
  void aSecretComesBackWithTheFileOfTheFolderOnly() throws Exception {
    String sealed = EncryptionKey.of(folder).encrypt("s3cret ✓", "one");
    assertThat(sealed).doesNotContain("s3cret");
    assertThat(EncryptionKey.of(folder).decrypt(sealed, "one")).isEqualTo("s3cret ✓");
    assertThat(EncryptionKey.of(folder).encrypt("s3cret ✓", "one"))
        .as("never twice the same")
        .isNotEqualTo(sealed);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("encryption.key"))))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> EncryptionKey.ephemeral().decrypt(sealed, "one"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("another encryption.key");
    assertThatThrownBy(() -> EncryptionKey.of(folder).decrypt(sealed, "two"))
        .as("moved to another")
        .isInstanceOf(TarnException.class);
    assertThatThrownBy(() -> EncryptionKey.of(folder).decrypt("AAAA", "one"))
        .isInstanceOf(TarnException.class);
  }

  @Test
  void aDamagedFileIsNeverReplaced() throws Exception {
    Path file = folder.resolve("encryption.key");
    Files.writeString(file, "bm90IGEga2V5");
    assertThatThrownBy(() -> EncryptionKey.of(folder))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("encryption.key")
        .hasMessageNotContaining("bm90");
    assertThat(Files.readString(file)).isEqualTo("bm90IGEga2V5");
  }
}
