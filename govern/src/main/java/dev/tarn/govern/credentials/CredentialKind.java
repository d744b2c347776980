package dev.tarn.govern.credentials;

import dev.tarn.kernel.error.TarnException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a credential is, and what is known of it. */
public enum CredentialKind {
  AZURE_SERVICE_PRINCIPAL(List.of("directory_id", "application_id"), "client_secret"),
  /** The server's own, or one that it has been given. */
  AZURE_MANAGED_IDENTITY(List.of("access_connector_id", "managed_identity_id"), null),
  /** The key of a storage account; Tarn's own kind. */
  AZURE_STORAGE_KEY(List.of("account_name"), "account_key"),
  AWS_IAM_ROLE(List.of("role_arn"), null),
  CLOUDFLARE_API_TOKEN(List.of("account_id", "access_key_id"), "secret_access_key");

  private final List<String> identity;
  private final String secret;

  CredentialKind(List<String> identity, String secret) {
    this.identity = identity;
    this.secret = secret;
  }

  /** The field of the REST API that holds it. */
  public String field() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Names of what everybody may see who sees the credential; the first is required. */
  public List<String> identity() {
    return identity;
  }

  /** The name of what nobody ever sees again; null if there is no such thing. */
  public String secret() {
    return secret;
  }

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE for an unknown one
   */
  public static CredentialKind parse(String field) {
    return Arrays.stream(values())
        .filter(kind -> kind.field().equalsIgnoreCase(field))
        .findFirst()
        .orElseThrow(
            () ->
                TarnException.invalid(
                    "A credential cannot be '"
                        + field
                        + "'. It is one of: "
                        + Arrays.stream(values())
                            .map(CredentialKind::field)
                            .collect(Collectors.joining(", "))
                        + "."));
  }
}
