package dev.tarn.store.volumes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.Govern;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.platform.identity.directory.PrincipalChange;
import dev.tarn.store.Store;
import dev.tarn.store.objects.ObjectStores;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeFilesIT {
  private static final EntityName LANDING = new EntityName("main", "default", "landing");
  private static final String ROOT = "/Volumes/main/default/landing";

  @TempDir Path temp;
  private Platform platform;
  private Govern govern;
  private VolumePaths paths;
  private VolumeFiles files;
  private Principal admin;
  private Principal ann;
  private Path folder;

  @BeforeEach
  void open() {
    Path data = temp.resolve("my data");
    assertThat(data.toFile().mkdir()).isTrue();
    platform = new Platform(data, DatabaseConfig.defaults(), Govern.MIGRATIONS);
    govern =
        new Govern(
            platform.database(), platform.identity()::exists, data.resolve("storage").toString());
    admin = platform.identity().principal("admin");
    govern.bootstrap(admin);
    platform.identity().directory().createUser(admin, "ann", PrincipalChange.none(), List.of());
    ann = platform.identity().principal("ann");
    String location =
        govern.volumes().create(admin, LANDING, Optional.empty(), null).storageLocation();
    folder = Path.of(location.substring("file://".length()));
    Store store = new Store(govern, ObjectStores.unconfigured(), true);
    paths = store.volumePaths();
    files = store.volumeFiles();
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private void allow(Privilege... privileges) {
    govern
        .grants()
        .grant(
            admin,
            Securable.catalog("main"),
            "ann",
            Set.of(Privilege.USE_CATALOG, Privilege.USE_SCHEMA));
    govern.grants().grant(admin, Securable.volume(LANDING), "ann", Set.of(privileges));
  }

  private void put(String path, String text, boolean overwrite) {
    files.put(ann, path, new ByteArrayInputStream(text.getBytes(UTF_8)), overwrite);
  }

  private String read(String path) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (VolumeStorage.Content file = files.open(ann, path)) {
      file.copy(0, file.size(), out);
    }
    return out.toString(UTF_8);
  }

  private static void fails(ErrorCode code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  @Test
  void reading_and_writing_are_two_privileges() throws Exception {
    ThrowingCallable write = () -> put(ROOT + "/a.csv", "1", false);
    fails(ErrorCode.PERMISSION_DENIED, "USE CATALOG", write);
    allow(Privilege.READ_VOLUME);
    fails(ErrorCode.PERMISSION_DENIED, "WRITE VOLUME", write);
    fails(
        ErrorCode.PERMISSION_DENIED, "WRITE VOLUME", () -> files.createDirectory(ann, ROOT + "/d"));
    assertThat(files.list(ann, ROOT)).isEmpty();
    govern.grants().revoke(admin, Securable.volume(LANDING), "ann", Set.of(Privilege.READ_VOLUME));
    allow(Privilege.WRITE_VOLUME);
    put(ROOT + "/a.csv", "1", false);
    fails(ErrorCode.PERMISSION_DENIED, "READ VOLUME", () -> read(ROOT + "/a.csv"));
    fails(ErrorCode.PERMISSION_DENIED, "READ VOLUME", () -> files.list(ann, ROOT));
  }

  @Test
  void files_are_written_listed_and_deleted() throws Exception {
    allow(Privilege.READ_VOLUME, Privilege.WRITE_VOLUME);
    put(ROOT + "/d/ä 100%.csv", "one", false);
    put("dbfs:" + ROOT + "//b.csv", "two", false);
    assertThat(read(ROOT + "/d/ä 100%.csv")).isEqualTo("one");
    assertThat(paths.resolveForRead(ann, ROOT + "/d/ä 100%.csv"))
        .isEqualTo("file://" + folder + "/d/ä 100%.csv");
    assertThat(files.list(ann, ROOT + "/"))
        .extracting(VolumeEntry::path)
        .containsExactly(ROOT + "/b.csv", ROOT + "/d");
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "overwrite=true",
        () -> put(ROOT + "/b.csv", "three", false));
    assertThat(read(ROOT + "/b.csv")).isEqualTo("two");
    put(ROOT + "/b.csv", "three", true);
    assertThat(read(ROOT + "/b.csv")).isEqualTo("three");
    fails(ErrorCode.RESOURCE_CONFLICT, "not empty", () -> files.deleteDirectory(ann, ROOT + "/d"));
    files.delete(ann, ROOT + "/d/ä 100%.csv");
    files.deleteDirectory(ann, ROOT + "/d");
    fails(ErrorCode.RESOURCE_DOES_NOT_EXIST, "does not exist", () -> files.list(ann, ROOT + "/d"));
    fails(ErrorCode.INVALID_PARAMETER_VALUE, "DROP VOLUME", () -> files.deleteDirectory(ann, ROOT));
  }

  @Test
  void an_upload_that_breaks_off_leaves_the_old_file_and_nothing_else() throws Exception {
    allow(Privilege.READ_VOLUME, Privilege.WRITE_VOLUME);
    put(ROOT + "/a.csv", "old", false);
    InputStream breaking =
        new InputStream() {
          private int given;

          @Override
          public int read() throws IOException {
            if (given++ > 100_000) {
              throw new IOException("connection reset");
            }
            assertThat(VolumeFilesIT.this.read(ROOT + "/a.csv")).isEqualTo("old");
            return 'x';
          }

          @Override
          public int read(byte[] into, int at, int length) throws IOException {
            given += length;
            return given > 100_000 ? read() : super.read(into, at, 1);
          }
        };
    fails(ErrorCode.INTERNAL_ERROR, "a.csv", () -> files.put(ann, ROOT + "/a.csv", breaking, true));
    assertThat(read(ROOT + "/a.csv")).isEqualTo("old");
    try (var left = Files.list(folder)) {
      assertThat(left).extracting(Path::getFileName).containsExactly(Path.of("a.csv"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../x",
        "/a/../../x",
        "/./x",
        "/%2e%2e/x",
        "/%2E./x",
        "/%252e%252e/x",
        "/..%2fx",
        "/a%2f..%2f..%2fx",
        "/..\\x",
        "/%5c..%5cx",
        "/\uFF0E\uFF0E/x",
        "/\u2025/x",
        "/{../x,y}",
        "/{a,..}/x",
        "/a\u0000b",
        "/a%00b"
      })
  void no_path_leads_out_of_the_volume(String rest) {
    allow(Privilege.READ_VOLUME, Privilege.WRITE_VOLUME);
    for (Principal principal : List.of(ann, admin)) {
      fails(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "Path '",
          () -> paths.resolveForRead(principal, ROOT + rest));
      fails(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "Path '",
          () -> paths.resolveForWrite(principal, ROOT + rest));
    }
  }

  @Test
  void names_that_only_look_odd_are_fine() {
    allow(Privilege.READ_VOLUME);
    for (String rest :
        List.of("date=2020%2F01%2F01/a", "a..b", "...", "100%", "*.{csv,json}", "a+b")) {
      assertThat(paths.resolveForRead(ann, ROOT + "/" + rest))
          .isEqualTo("file://" + folder + "/" + rest);
    }
  }

  @Test
  void links_do_not_lead_out() throws Exception {
    allow(Privilege.READ_VOLUME, Privilege.WRITE_VOLUME);
    Path secret = Files.createDirectory(temp.resolve("secret"));
    Files.writeString(secret.resolve("s"), "secret");
    Files.createDirectories(folder.resolve("in"));
    Files.createSymbolicLink(folder.resolve("out"), secret);
    Files.createSymbolicLink(folder.resolve("broken"), secret.resolve("later"));
    Files.createSymbolicLink(folder.resolve("inside"), folder.resolve("in"));
    for (String rest : List.of("/out", "/out/s", "/out/new", "/broken")) {
      fails(
          ErrorCode.INVALID_PARAMETER_VALUE, "link", () -> paths.resolveForRead(ann, ROOT + rest));
      fails(ErrorCode.INVALID_PARAMETER_VALUE, "link", () -> put(ROOT + rest, "x", true));
    }
    put(ROOT + "/inside/x", "fine", false);
    assertThat(files.list(ann, ROOT)).extracting(VolumeEntry::name).containsExactly("in", "inside");
  }

  @Test
  void volume_paths_are_told_from_others() {
    assertThat(paths.volumeOf("dbfs:/Volumes/MAIN/default/Landing/x")).contains(LANDING);
    assertThat(paths.volumeOf("/Volumes/main/default")).isEmpty();
    assertThat(paths.isVolumePath("/Volumes2/a/b/c")).isFalse();
    assertThat(paths.isVolumePath("/etc/passwd")).isFalse();
    assertThat(paths.isVolumePath(null)).isFalse();
    fails(
        ErrorCode.VOLUME_DOES_NOT_EXIST,
        "main.default.nope",
        () -> paths.resolveForRead(admin, "/Volumes/main/default/nope/x"));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "names no volume",
        () -> paths.resolveForRead(admin, "/Volumes/main/default"));
  }

  @Test
  void ranges_are_those_of_http() {
    assertThat(ByteRange.of(Optional.empty(), 10)).isEqualTo(new ByteRange(0, 10, false));
    assertThat(ByteRange.of(Optional.of("bytes=2-4"), 10)).isEqualTo(new ByteRange(2, 3, true));
    assertThat(ByteRange.of(Optional.of("bytes=2-"), 10)).isEqualTo(new ByteRange(2, 8, true));
    assertThat(ByteRange.of(Optional.of("bytes=-3"), 10)).isEqualTo(new ByteRange(7, 3, true));
    assertThat(ByteRange.of(Optional.of("bytes=-30"), 10)).isEqualTo(new ByteRange(0, 10, true));
    assertThat(ByteRange.of(Optional.of("bytes=9-99"), 10)).isEqualTo(new ByteRange(9, 1, true));
    for (String ignored : List.of("bytes=-", "bytes=4-2", "bytes=1-2,4-5", "lines=1-2")) {
      assertThat(ByteRange.of(Optional.of(ignored), 10)).isEqualTo(new ByteRange(0, 10, false));
    }
    for (String beyond : List.of("bytes=10-", "bytes=-0")) {
      fails(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "10 bytes",
          () -> ByteRange.of(Optional.of(beyond), 10));
    }
  }
}
