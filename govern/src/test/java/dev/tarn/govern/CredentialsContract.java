package dev.tarn.govern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.govern.credentials.Credential;
import dev.tarn.govern.credentials.CredentialChange;
import dev.tarn.govern.credentials.CredentialContent;
import dev.tarn.govern.credentials.CredentialKind;
import dev.tarn.govern.credentials.Purpose;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.locations.ExternalLocation;
import dev.tarn.govern.locations.LocationChange;
import dev.tarn.govern.locations.StorageSettings;
import dev.tarn.kernel.error.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What holds of credentials, and of the locations that are reached with them. */
abstract class CredentialsContract extends RoomContract {
  private static final String SECRET = "c2VjcmV0LWtleQ==";
  private static final String URL = "abfss://raw@lake.dfs.core.windows.net/in";
  private static final String KEY = "fs.azure.account.key.lake.dfs.core.windows.net";

  private static CredentialContent key(String secret) {
    return CredentialContent.of(
        CredentialKind.AZURE_STORAGE_KEY,
        secret == null
            ? Map.of("account_name", "lake")
            : Map.of("account_name", "lake", "account_key", secret));
  }

  private Credential make(String name) {
    return govern.credentials().create(admin, name, Purpose.STORAGE, key(SECRET), "ours", false);
  }

  private static CredentialChange renamed(String name) {
    return new CredentialChange(
        Optional.of(name),
        Optional.empty(),
        Optional.of("ann"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void a_secret_goes_in_and_is_nowhere_to_be_read() {
    Credential made = make("Lake");
    assertThat(made.name()).isEqualTo("lake");
    assertThat(made.toString()).doesNotContain(SECRET);
    assertThat(key(SECRET).toString()).doesNotContain(SECRET);
    String stored =
        platform
            .database()
            .jdbi()
            .withHandle(
                handle ->
                    handle.createQuery("SELECT secret FROM credentials").mapTo(String.class).one());
    assertThat(stored).isNotBlank().doesNotContain(SECRET);
    assertThat(govern.credentials().content(made).orElseThrow().secret()).contains(SECRET);

    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "account_key",
        () ->
            govern
                .credentials()
                .update(
                    admin,
                    "lake",
                    new CredentialChange(
                        Optional.empty(),
                        Optional.of(key(null)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())));
    govern.credentials().update(admin, "lake", renamed("Sea"));
    assertThat(govern.credentials().content(govern.credentials().get(admin, "sea")))
        .as("kept through a change of the name")
        .hasValueSatisfying(content -> assertThat(content.secret()).contains(SECRET));
  }

  @Test
  void a_credential_is_seen_and_used_as_granted() {
    make("lake");
    assertThat(govern.credentials().list(ann)).isEmpty();
    fails(ErrorCode.RESOURCE_DOES_NOT_EXIST, "lake", () -> govern.credentials().get(ann, "lake"));
    fails(
        ErrorCode.PERMISSION_DENIED,
        "CREATE STORAGE CREDENTIAL",
        () -> govern.credentials().create(ann, "mine", Purpose.STORAGE, key(SECRET), null, false));
    grant(Securable.METASTORE, Privilege.CREATE_STORAGE_CREDENTIAL);
    govern.credentials().create(ann, "mine", Purpose.STORAGE, key(SECRET), null, false);
    assertThat(govern.credentials().list(ann)).extracting(Credential::name).containsExactly("mine");
    fails(
        ErrorCode.PERMISSION_DENIED,
        "administrator",
        () ->
            govern
                .credentials()
                .create(
                    ann,
                    "machine",
                    Purpose.STORAGE,
                    CredentialContent.of(
                        CredentialKind.AZURE_MANAGED_IDENTITY, Map.of("access_connector_id", "x")),
                    null,
                    false));
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "lake",
        () -> govern.credentials().update(ann, "mine", renamed("lake")));
    fails(ErrorCode.INVALID_PARAMETER_VALUE, "server", () -> make("server"));

    grant(Securable.storageCredential("lake"), Privilege.CREATE_EXTERNAL_LOCATION);
    assertThat(govern.credentials().get(ann, "lake").owner()).isEqualTo("admin");
    fails(
        ErrorCode.PERMISSION_DENIED,
        "MANAGE",
        () -> govern.credentials().update(ann, "lake", renamed("mine2")));
    govern.credentials().update(admin, "lake", renamed("sea"));
    assertThat(
            govern
                .grants()
                .allows(
                    ann, Privilege.CREATE_EXTERNAL_LOCATION, Securable.storageCredential("sea")))
        .isTrue();
    govern.credentials().delete(ann, "sea", false);
    make("sea");
    assertThat(govern.credentials().list(ann)).extracting(Credential::name).containsExactly("mine");
  }

  @Test
  void locations_are_reached_with_their_credentials() {
    make("lake");
    grant(Securable.METASTORE, Privilege.CREATE_EXTERNAL_LOCATION);
    fails(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "lake",
        () -> govern.externalLocations().create(ann, "raw", URL, "lake", null, false));
    grant(Securable.storageCredential("lake"), Privilege.CREATE_EXTERNAL_LOCATION);
    ExternalLocation raw = govern.externalLocations().create(ann, "raw", URL, "lake", null, false);
    assertThat(govern.externalLocations().credentialName(raw)).isEqualTo("lake");
    assertThat(govern.storageSettings().current()).containsEntry(KEY, SECRET);
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "Use that one here too",
        () -> govern.externalLocations().create(ann, "beside", URL + "2", null, null, false));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "does not open",
        () ->
            govern
                .externalLocations()
                .create(admin, "disk", data.resolve("x").toString(), "lake", null, false));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "does not open",
        () ->
            govern
                .externalLocations()
                .create(admin, "trap", "abfss://c@attacker.example/", "lake", null, false));

    fails(ErrorCode.INVALID_STATE, "raw", () -> govern.credentials().delete(admin, "lake", false));
    govern.credentials().delete(admin, "lake", true);
    assertThat(govern.storageSettings().current().get(KEY))
        .as("not the server's own rights instead")
        .isNotNull()
        .isNotEqualTo(SECRET);
    LocationChange own =
        new LocationChange(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("server"),
            false);
    assertThat(govern.externalLocations().update(admin, "raw", own).credentialId()).isNull();
    assertThat(govern.storageSettings().current()).isEmpty();
  }

  @Test
  void another_server_reaches_the_same() {
    Govern other =
        new Govern(
            platform.database(),
            platform.identity()::exists,
            data.resolve("storage").toString(),
            new Govern.Deployment(() -> 1, Duration.ofDays(1), platform.encryptionKey()));
    make("lake");
    govern.externalLocations().create(admin, "raw", URL, "lake", null, false);
    assertThat(other.storageSettings().current()).containsEntry(KEY, SECRET);
    Govern stranger =
        new Govern(platform.database(), platform.identity()::exists, data + "/storage");
    assertThat(stranger.storageSettings().current().get(KEY)).isNotNull().isNotEqualTo(SECRET);
    fails(
        ErrorCode.INVALID_STATE,
        "encryption.key",
        () -> stranger.credentials().content(govern.credentials().get(admin, "lake")));
  }

  @Test
  void settings_are_for_one_account() {
    CredentialContent principal =
        CredentialContent.of(
            CredentialKind.AZURE_SERVICE_PRINCIPAL,
            Map.of("directory_id", "d/../e", "application_id", "app", "client_secret", SECRET));
    Map<String, String> settings = StorageSettings.of(URL, principal);
    assertThat(settings.keySet()).allMatch(name -> name.endsWith(".lake.dfs.core.windows.net"));
    assertThat(settings)
        .containsValue("https://login.microsoftonline.com/d_.._e/oauth2/token")
        .containsValue(SECRET);
    assertThat(StorageSettings.of("s3://bucket/x", principal)).isEmpty();
  }
}
