package dev.tarn.govern.locations;

import dev.tarn.govern.credentials.Credential;
import dev.tarn.govern.credentials.CredentialContent;
import dev.tarn.govern.credentials.CredentialKind;
import dev.tarn.govern.credentials.Credentials;
import dev.tarn.govern.grants.Grants;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.platform.database.Epoch;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How Hadoop reaches the external locations that have a credential: settings that hold for one
 * storage account each, secrets among them, since Hadoop knows keys of accounts only.
 *
 * @see <a href="https://hadoop.apache.org/docs/stable/hadoop-azure/abfs.html">Hadoop Azure
 *     support</a>
 */
public final class StorageSettings {
  private static final Logger LOG = LoggerFactory.getLogger(StorageSettings.class);

  /** Only hosts of Azure's: what is sent there proves who the server is. */
  private static final Pattern AZURE =
      Pattern.compile(
          "abfss?://(?<container>[^@/.]+)@(?<account>[a-z0-9-]+\\.(dfs|blob)\\.(core\\.windows\\.net"
              + "|core\\.chinacloudapi\\.cn|core\\.usgovcloudapi\\.net|fabric\\.microsoft\\.com))"
              + "(:443)?(/.*)?");

  private static final Pattern CLIENT_ID = Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-.+");

  /**
   * Begins the name of a setting that means nothing to Hadoop; container and host follow. It
   * changes whenever the container is reached in another way.
   */
  public static final String STAMP = "tarn.reached.";

  private static final String OAUTH = "org.apache.hadoop.fs.azurebfs.oauth2.";
  private static final String LOGIN = "https://login.microsoftonline.com/";

  /** Opens nothing. */
  private static final String NO_KEY = "bm9uZQ==";

  private static final String ALL = "all";

  private final Jdbi jdbi;
  private final Grants grants;
  private final Credentials credentials;
  private final LocationsStore store = new LocationsStore();
  private final Epoch.Kept<String, Map<String, String>> kept;

  public StorageSettings(MetadataDatabase database, Grants grants, Credentials credentials) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.credentials = credentials;
    this.kept = grants.kept(1);
  }

  /** As they stand. */
  public Map<String, String> current() {
    return kept.get(ALL, grants.epoch(), this::read);
  }

  private Map<String, String> read() {
    Map<String, String> settings = new LinkedHashMap<>();
    jdbi.useHandle(
        handle -> {
          for (ExternalLocation location : store.list(handle)) {
            if (location.credentialId() == null) {
              continue;
            }
            // Without its credential a location must not be reached by the server's own rights.
            settings.putAll(none(location.url()));
            credentials
                .find(handle, location.credentialId())
                .ifPresent(credential -> settings.putAll(stamp(location.url(), credential)));
            try {
              credentials
                  .content(handle, location.credentialId())
                  .ifPresent(content -> settings.putAll(of(location.url(), content)));
            } catch (TarnException e) {
              // One secret that is lost must not make all other locations unreachable.
              LOG.warn(
                  "External location '{}' cannot be reached: {}", location.name(), e.getMessage());
            }
          }
        });
    return Map.copyOf(settings);
  }

  /** Changes with what opens a container, so that whoever has it open can open it anew. */
  private static Map<String, String> stamp(String url, Credential credential) {
    Matcher azure = AZURE.matcher(url);
    return azure.matches()
        ? Map.of(
            STAMP + azure.group("container") + "." + azure.group("account"),
            credential.credentialId() + "@" + credential.updatedAt())
        : Map.of();
  }

  /** The settings by which what a URL names is opened; none if the credential does not fit it. */
  public static Map<String, String> of(String url, CredentialContent content) {
    Matcher azure = AZURE.matcher(url);
    if (!azure.matches()) {
      return Map.of();
    }
    String where = "." + azure.group("account");
    Map<String, String> identity = content.identity();
    String account = "fs.azure.account.";
    return switch (content.kind()) {
      case AZURE_STORAGE_KEY ->
          Map.of(
              account + "auth.type" + where,
              "SharedKey",
              account + "key" + where,
              content.secret().orElse(NO_KEY));
      case AZURE_SERVICE_PRINCIPAL ->
          Map.of(
              account + "auth.type" + where,
              "OAuth",
              account + "oauth.provider.type" + where,
              OAUTH + "ClientCredsTokenProvider",
              account + "oauth2.client.endpoint" + where,
              LOGIN + identity.get("directory_id").replace('/', '_') + "/oauth2/token",
              account + "oauth2.client.id" + where,
              identity.get("application_id"),
              account + "oauth2.client.secret" + where,
              content.secret().orElse(""));
      case AZURE_MANAGED_IDENTITY -> {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(account + "auth.type" + where, "OAuth");
        settings.put(account + "oauth.provider.type" + where, OAUTH + "MsiTokenProvider");
        String client = identity.getOrDefault("managed_identity_id", "");
        if (CLIENT_ID.matcher(client).matches()) {
          settings.put(account + "oauth2.client.id" + where, client);
        }
        yield settings;
      }
      case AWS_IAM_ROLE, CLOUDFLARE_API_TOKEN -> Map.of();
    };
  }

  private static Map<String, String> none(String url) {
    return of(
        url, new CredentialContent(CredentialKind.AZURE_STORAGE_KEY, Map.of(), Optional.empty()));
  }

  /** The account that settings for a URL hold for; empty text if it is no store of Azure's. */
  static String account(String url) {
    Matcher azure = AZURE.matcher(url);
    return azure.matches() ? azure.group("account") : "";
  }

  /** Whether a credential of this kind opens what the URL names. */
  public static boolean fits(String url, CredentialKind kind) {
    return switch (kind) {
      case AZURE_STORAGE_KEY, AZURE_SERVICE_PRINCIPAL, AZURE_MANAGED_IDENTITY ->
          AZURE.matcher(url).matches();
      case AWS_IAM_ROLE -> url.startsWith("s3:") || url.startsWith("s3a:");
      case CLOUDFLARE_API_TOKEN -> url.startsWith("r2:");
    };
  }
}
