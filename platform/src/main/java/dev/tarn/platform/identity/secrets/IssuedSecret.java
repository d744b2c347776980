package dev.tarn.platform.identity.secrets;

/** A new secret, the only time its text is known. */
public record IssuedSecret(String secret, SecretInfo info) {
  /** Without the secret. */
  @Override
  public String toString() {
    return "IssuedSecret[" + info + "]";
  }
}
