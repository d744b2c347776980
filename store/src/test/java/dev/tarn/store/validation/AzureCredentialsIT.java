package dev.tarn.store.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.Govern;
import dev.tarn.govern.credentials.CredentialChange;
import dev.tarn.govern.credentials.CredentialContent;
import dev.tarn.govern.credentials.CredentialKind;
import dev.tarn.govern.credentials.Purpose;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.store.objects.ObjectStores;
import dev.tarn.store.samples.Samples;
import dev.tarn.store.temporary.TemporaryCredential;
import dev.tarn.store.temporary.TemporaryCredentials;
import dev.tarn.store.validation.StorageValidation.Finding;
import dev.tarn.store.validation.StorageValidation.Operation;
import dev.tarn.store.validation.StorageValidation.Report;
import dev.tarn.store.validation.StorageValidation.Trial;
import dev.tarn.store.validation.StorageValidation.Verdict;
import dev.tarn.testkit.azurite.Azurite;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locations in a store that the server has no key of, but a credential has. */
class AzureCredentialsIT {
  private static final String URL = Azurite.root("theirs") + "/in";
  private static final String WRONG = "d3Jvbmc=";

  @TempDir private static Path data;
  private static Azurite azurite;
  private static Platform platform;
  private static Govern govern;
  private static Principal admin;
  private static ObjectStores stores;
  private static StorageValidation validation;
  private static String key;

  @BeforeAll
  static void open() throws IOException {
    azurite = Azurite.start();
    Map<String, String> settings = new HashMap<>(azurite.hadoopSettings());
    org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(URL + "/a.csv");
    Configuration direct = new Configuration();
    new ObjectStores(settings).settings().forEach(direct::set);
    try (OutputStream out =
        org.apache.hadoop.fs.FileSystem.newInstance(file.toUri(), direct).create(file)) {
      out.write("x\n1\n".getBytes(UTF_8));
    }
    key = settings.remove("fs.azure.account.key." + Azurite.ACCOUNT + ".dfs.core.windows.net");
    settings.remove("fs.azure.createRemoteFileSystemDuringInitialization");
    settings.put("fs.azure.io.retry.max.retries", "1");
    platform = new Platform(data, DatabaseConfig.defaults(), Govern.MIGRATIONS);
    govern = new Govern(platform.database(), name -> true, data.resolve("storage").toString());
    admin = platform.identity().principal("admin");
    govern.bootstrap(admin);
    stores = new ObjectStores(settings, govern.storageSettings()::current);
    validation = new StorageValidation(govern.credentials(), govern.externalLocations(), stores);
  }

  @AfterAll
  static void close() {
    platform.close();
    azurite.close();
  }

  private static CredentialContent key(String value) {
    return CredentialContent.of(
        CredentialKind.AZURE_STORAGE_KEY,
        Map.of("account_name", Azurite.ACCOUNT, "account_key", value));
  }

  private static Trial trial(Optional<String> name, Optional<CredentialContent> content) {
    return new Trial(name, content, Optional.empty(), Optional.of(URL), false);
  }

  private static Map<Operation, Verdict> verdicts(Report report) {
    return report.findings().stream()
        .collect(Collectors.toMap(Finding::operation, Finding::verdict));
  }

  private static long files() throws IOException {
    var folder = new org.apache.hadoop.fs.Path(URL);
    return stores.of(folder).listStatus(folder).length;
  }

  @Test
  void aLocationOpensAndClosesWithItsCredential() throws IOException {
    assertThatThrownBy(AzureCredentialsIT::files).isInstanceOf(IOException.class);
    govern.credentials().create(admin, "theirs", Purpose.STORAGE, key(WRONG), null, false);
    govern.externalLocations().create(admin, "theirs", URL, "theirs", null, false);
    Report refused = validation.run(admin, trial(Optional.of("theirs"), Optional.empty()));
    assertThat(verdicts(refused)).containsEntry(Operation.PATH_EXISTS, Verdict.FAIL);
    assertThat(refused.toString()).doesNotContain(WRONG);
    assertThatThrownBy(AzureCredentialsIT::files).isInstanceOf(IOException.class);

    govern
        .credentials()
        .update(
            admin,
            "theirs",
            new CredentialChange(
                Optional.empty(),
                Optional.of(key(key)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    assertThat(files()).as("at once").isEqualTo(1);
    Report report = validation.run(admin, trial(Optional.of("theirs"), Optional.empty()));
    assertThat(verdicts(report))
        .hasSize(5)
        .allSatisfy((o, v) -> assertThat(v).isEqualTo(Verdict.PASS));
    assertThat(report.directory()).isTrue();
    assertThat(files()).as("nothing is left of the trial").isEqualTo(1);
    Configuration kept = stores.keep(new Configuration());
    assertThat(kept.get("fs.azure.account.key." + Azurite.ACCOUNT + ".dfs.core.windows.net"))
        .isEqualTo(key);

    govern.credentials().delete(admin, "theirs", true);
    assertThatThrownBy(AzureCredentialsIT::files).isInstanceOf(IOException.class);
    govern.externalLocations().delete(admin, "theirs", true);
    stores.refresh();
    assertThat(kept.get("fs.azure.account.key." + Azurite.ACCOUNT + ".dfs.core.windows.net"))
        .isNull();
  }

  private static int get(String sas, String method, String file) throws Exception {
    URI uri =
        URI.create(
            "http://127.0.0.1:" + azurite.port() + "/" + Azurite.ACCOUNT + "/" + file + "?" + sas);
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri)
                .header("x-ms-blob-type", "BlockBlob")
                .method(
                    method, HttpRequest.BodyPublishers.ofString(method.equals("PUT") ? "x" : ""))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void aContainerIsOpenedForAWhile() throws Exception {
    String root = Azurite.root("lent");
    Configuration direct = new Configuration();
    new ObjectStores(azurite.hadoopSettings()).settings().forEach(direct::set);
    var file = new org.apache.hadoop.fs.Path(root + "/a.csv");
    org.apache.hadoop.fs.FileSystem.newInstance(file.toUri(), direct).create(file).close();
    govern.credentials().create(admin, "lent", Purpose.STORAGE, key(key), null, false);
    govern.externalLocations().create(admin, "lent", root, "lent", null, false);
    govern.metastore().update(admin, Optional.empty(), Optional.of(true));
    govern
        .grants()
        .grant(
            admin,
            Securable.externalLocation("lent"),
            "ann",
            Set.of(Privilege.EXTERNAL_USE_LOCATION, Privilege.READ_FILES));
    Samples samples = new Samples(govern.serverCatalogs(), govern.locations(), stores, true);
    TemporaryCredentials temporary =
        new TemporaryCredentials(govern, samples, stores, Clock.systemUTC());
    Principal ann = Principal.user("ann");
    TemporaryCredential read = temporary.ofPath(ann, root, List.of(Privilege.READ_FILES), false);
    assertThat(read.url()).isEqualTo(root);
    assertThat(read.until()).isBetween(Instant.now(), Instant.now().plus(Duration.ofHours(1)));
    String sas = read.sas().orElseThrow();
    assertThat(get(sas, "GET", "lent/a.csv")).isEqualTo(200);
    assertThat(get(sas, "PUT", "lent/b.csv")).isEqualTo(403);
    assertThat(get(sas, "GET", "theirs/in/a.csv")).isEqualTo(403);
    assertThat(get(sas.replace("sp=rl", "sp=racwdl"), "PUT", "lent/b.csv")).isEqualTo(403);

    String write =
        temporary
            .ofPath(admin("lent"), root, List.of(Privilege.READ_FILES, Privilege.WRITE_FILES), true)
            .sas()
            .orElseThrow();
    assertThat(get(write, "PUT", "lent/b.csv")).isEqualTo(201);
    TemporaryCredentials earlier =
        new TemporaryCredentials(
            govern, samples, stores, Clock.offset(Clock.systemUTC(), Duration.ofHours(-2)));
    String late =
        earlier.ofPath(ann, root, List.of(Privilege.READ_FILES), false).sas().orElseThrow();
    assertThat(get(late, "GET", "lent/a.csv")).as("over").isEqualTo(403);
    assertThat(
            temporary
                .ofPath(ann, root + "/x/y", List.of(Privilege.READ_FILES), false)
                .sas()
                .orElseThrow())
        .as("of a folder")
        .contains("sr=d", "sdd=2");
    govern.externalLocations().delete(admin, "lent", true);
  }

  /** Somebody who may write there. */
  private static Principal admin(String location) {
    govern
        .grants()
        .grant(
            admin,
            Securable.externalLocation(location),
            "admin",
            Set.of(Privilege.EXTERNAL_USE_LOCATION));
    return admin;
  }

  @Test
  void whoMayNotKeepACredentialMayNotTryOne() {
    Principal ann = Principal.user("ann");
    assertThatThrownBy(() -> validation.run(ann, trial(Optional.empty(), Optional.of(key(key)))))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("CREATE STORAGE CREDENTIAL");
    assertThatThrownBy(
            () ->
                validation.run(
                    admin,
                    new Trial(
                        Optional.empty(),
                        Optional.of(key(key)),
                        Optional.empty(),
                        Optional.of("abfss://c@intranet.example/x"),
                        false)))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("does not open");
  }
}
