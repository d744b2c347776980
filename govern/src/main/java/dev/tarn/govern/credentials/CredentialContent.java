package dev.tarn.govern.credentials;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a credential consists of.
 *
 * @param secret empty where the kind has none, or where it is not told
 */
public record CredentialContent(
    CredentialKind kind, Map<String, String> identity, Optional<String> secret) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:/+@=,-]{1,500}");

  public CredentialContent {
    identity = Map.copyOf(identity);
  }

  /**
   * @param fields as the REST API names them
   * @throws TarnException INVALID_PARAMETER_VALUE if one is missing that is needed
   */
  public static CredentialContent of(CredentialKind kind, Map<String, String> fields) {
    Map<String, String> identity = new LinkedHashMap<>();
    for (String name : kind.identity()) {
      String value = fields.get(name);
      if (value != null && !value.isBlank()) {
        identity.put(name, plain(name, value.strip()));
      }
    }
    String first = kind.identity().get(0);
    boolean whole = kind == CredentialKind.AZURE_MANAGED_IDENTITY;
    for (String name : kind.identity()) {
      if (!identity.containsKey(name) && (!whole || name.equals(first))) {
        throw TarnException.invalid(
            "A credential with '" + kind.field() + "' needs '" + name + "'.");
      }
    }
    Optional<String> secret =
        Optional.ofNullable(kind.secret()).map(fields::get).filter(text -> !text.isBlank());
    return new CredentialContent(kind, identity, secret.map(String::strip));
  }

  /**
   * What a body says a credential consists of; empty if it says nothing.
   *
   * @throws TarnException INVALID_PARAMETER_VALUE for more than one kind, or one that is not kept
   */
  public static Optional<CredentialContent> read(JsonNode body) {
    List<CredentialContent> found = new ArrayList<>();
    for (CredentialKind kind : CredentialKind.values()) {
      JsonNode node = body.path(kind.field());
      if (node.isObject()) {
        Map<String, String> fields = new LinkedHashMap<>();
        node.properties()
            .forEach(
                field -> {
                  if (!field.getValue().isNull()) {
                    fields.put(field.getKey(), field.getValue().asText());
                  }
                });
        found.add(of(kind, fields));
      }
    }
    if (body.path("databricks_gcp_service_account").isObject()) {
      throw new TarnException(
          ErrorCode.NOT_IMPLEMENTED,
          "A Google Cloud service account cannot be made here. Use another kind of credential.");
    }
    if (found.size() > 1) {
      throw TarnException.invalid("A credential is of one kind; the request has several.");
    }
    return found.stream().findFirst();
  }

  /** It becomes a part of addresses that the server calls. */
  private static String plain(String name, String value) {
    if (!PLAIN.matcher(value).matches()) {
      throw TarnException.invalid(
          "'" + name + "' is at most 500 letters, digits and the signs . _ : / + @ = , -.");
    }
    return value;
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "CredentialContent[kind=" + kind + ", identity=" + identity + "]";
  }
}
