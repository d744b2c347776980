package dev.tarn.platform.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkspaceFilesTest {
  private static final Principal ANN = Principal.user("ann");
  private static final Principal ADMIN = Principal.administrator("admin");
  private static final byte[] SQL = "SELECT 1".getBytes(UTF_8);

  @TempDir Path temp;
  private WorkspaceFiles files;

  @BeforeEach
  void open() {
    files = new WorkspaceFiles(temp.resolve("workspace"));
  }

  private static void fails(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  @Test
  void a_file_is_written_listed_read_and_deleted_under_either_spelling() {
    files.put(ANN, "/Workspace/Users/Ann/p/a.sql", SQL, false);
    files.put(ANN, "/Users/ann/p/b/c.sql", SQL, false);
    assertThat(files.read(ADMIN, "/Users/ann//p/a.sql")).isEqualTo(SQL);
    assertThat(files.list(ANN, "/Workspace/Users/ann/p", false))
        .extracting(WorkspaceObject::path)
        .containsExactly("/Users/ann/p/a.sql", "/Users/ann/p/b");
    assertThat(files.list(ANN, "/Users/ann/", true))
        .filteredOn(object -> object.objectType().equals("FILE"))
        .extracting(WorkspaceObject::path)
        .containsExactly("/Users/ann/p/a.sql", "/Users/ann/p/b/c.sql");
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS, () -> files.put(ANN, "/Users/ann/p/a.sql", SQL, false));
    files.put(ANN, "/Users/ann/p/a.sql", new byte[0], true);
    assertThat(files.read(ANN, "/Users/ann/p/a.sql")).isEmpty();
    fails(ErrorCode.RESOURCE_CONFLICT, () -> files.delete(ANN, "/Users/ann/p", false));
    files.delete(ANN, "/Users/ann/p", true);
    fails(ErrorCode.RESOURCE_DOES_NOT_EXIST, () -> files.read(ANN, "/Users/ann/p/a.sql"));
  }

  @Test
  void a_user_has_its_own_folder_and_the_shared_one_only() {
    files.put(ADMIN, "/Users/bob/x.sql", SQL, false);
    files.put(ADMIN, "/Users/annette/x.sql", SQL, false);
    files.put(ADMIN, "/Repos/x.sql", SQL, false);
    files.put(ANN, "/Shared/x.sql", SQL, false);
    for (String path : new String[] {"/Users/bob/x.sql", "/Users/annette/x.sql", "/Repos/x.sql"}) {
      fails(ErrorCode.PERMISSION_DENIED, () -> files.read(ANN, path));
      fails(ErrorCode.PERMISSION_DENIED, () -> files.put(ANN, path, SQL, true));
      fails(ErrorCode.PERMISSION_DENIED, () -> files.delete(ANN, path, false));
      fails(ErrorCode.PERMISSION_DENIED, () -> files.status(ANN, path));
    }
    assertThat(files.list(ANN, "/", true))
        .extracting(WorkspaceObject::path)
        .containsExactly("/Shared", "/Shared/x.sql", "/Users");
    assertThat(files.list(ADMIN, "/Users", false)).hasSize(2);
  }

  @Test
  void what_others_may_write_runs_with_nobodys_rights() {
    for (String path :
        new String[] {
          "/Users/ann/x.sql",
          "/Users/admin/x.sql",
          "/Users/bob/x.sql",
          "/Shared/x.sql",
          "/Etl/x.sql"
        }) {
      files.put(ADMIN, path, SQL, false);
    }
    assertThat(files.readToRun(ANN, "/Users/ann/x.sql")).isEqualTo(SQL);
    assertThat(files.readToRun(ANN, "/Workspace/Users/ANN/x.sql")).isEqualTo(SQL);
    assertThat(files.readToRun(ADMIN, "/Users/admin/x.sql")).isEqualTo(SQL);
    assertThat(files.readToRun(ADMIN, "/Etl/x.sql")).isEqualTo(SQL);
    fails(ErrorCode.PERMISSION_DENIED, () -> files.readToRun(ANN, "/Shared/x.sql"));
    fails(ErrorCode.PERMISSION_DENIED, () -> files.readToRun(ADMIN, "/Workspace/Shared/x.sql"));
    fails(ErrorCode.PERMISSION_DENIED, () -> files.readToRun(ADMIN, "/Users/bob/x.sql"));
    fails(ErrorCode.PERMISSION_DENIED, () -> files.readToRun(ANN, "/Etl/x.sql"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/Users/ann/../bob/x",
        "/Shared/../../../etc/passwd",
        "/Shared/./x",
        "/Shared/..\\x",
        "/Shared/a\u0000b",
        "Shared/x",
        ""
      })
  void a_path_that_leads_elsewhere_is_refused(String path) {
    fails(ErrorCode.INVALID_PARAMETER_VALUE, () -> files.read(ADMIN, path));
    fails(ErrorCode.INVALID_PARAMETER_VALUE, () -> files.put(ADMIN, path, SQL, true));
  }

  @Test
  void a_link_is_refused() throws Exception {
    Path secret = Files.createDirectory(temp.resolve("secret"));
    Files.writeString(secret.resolve("s"), "secret");
    Path shared = Files.createDirectories(temp.resolve("workspace/Shared"));
    Files.createSymbolicLink(shared.resolve("link"), secret);
    fails(ErrorCode.INVALID_PARAMETER_VALUE, () -> files.read(ANN, "/Shared/link/s"));
    fails(ErrorCode.INVALID_PARAMETER_VALUE, () -> files.put(ANN, "/Shared/link/t", SQL, true));
    assertThat(files.list(ANN, "/Shared", true)).isEmpty();
  }
}
