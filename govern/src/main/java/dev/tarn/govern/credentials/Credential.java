package dev.tarn.govern.credentials;

import java.util.Map;

/**
 * Something that opens a store or a service, without its secret. Times are in milliseconds since
 * 1970.
 *
 * @param identity values by name, as {@link CredentialKind#identity} lists them
 * @param comment or null
 * @param readOnly whether nothing may be written with it
 * @param isolated whether only the workspaces that it is bound to may use it
 */
public record Credential(
    String credentialId,
    String name,
    Purpose purpose,
    CredentialKind kind,
    Map<String, String> identity,
    String owner,
    String comment,
    boolean readOnly,
    boolean isolated,
    String createdBy,
    long createdAt,
    String updatedBy,
    long updatedAt) {
  public Credential {
    identity = Map.copyOf(identity);
  }
}
