package dev.tarn.store.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.catalog.TableFilters;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.commits.Commits;
import dev.tarn.govern.commits.RatifiedCommit;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StagedCommitsTest {
  private static final String ID = "11111111-2222-3333-4444-555555555555";
  private static final String NAME = "00000000000000000001." + ID + ".json";

  @TempDir Path data;
  private final StagedCommits commits = new StagedCommits(Configuration::new);
  private TableInfo table;
  private Path file;

  @BeforeEach
  void table() throws IOException {
    table =
        new TableInfo(
            ID,
            new EntityName("main", "s", "t"),
            TableType.MANAGED,
            "DELTA",
            "file://" + data.resolve("t"),
            "ann",
            null,
            List.of(),
            Map.of(),
            null,
            null,
            1,
            1,
            TableFilters.NONE);
    Path folder = Files.createDirectories(data.resolve("t/_delta_log/_staged_commits"));
    file = folder.resolve(NAME);
  }

  private RatifiedCommit staged(String text) throws IOException {
    Files.writeString(file, text);
    return new RatifiedCommit(1, 1, NAME, Files.size(file), 1);
  }

  private void assertRefused(RatifiedCommit commit, String why) {
    assertThatThrownBy(() -> commits.require(table, commit))
        .isInstanceOfSatisfying(
            TarnException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER_VALUE))
        .hasMessageContaining("main.s.t")
        .hasMessageContaining(why);
  }

  private static String metadata(String id) {
    return "{\"metaData\":{\"id\":\"m\",\"configuration\":{\""
        + Commits.TABLE_ID
        + "\":\""
        + id
        + "\"}}}\n";
  }

  @Test
  void whatChangesTheTablesOwnFilesIsTaken() throws IOException {
    commits.require(
        table,
        staged(
            "{\"commitInfo\":{\"inCommitTimestamp\":1}}\n"
                + metadata(ID)
                + "{\"protocol\":{\"readerFeatures\":[\"catalogManaged\"]}}\n"
                + "{\"add\":{\"path\":\"p=1/a%20b.parquet\"}}\n"
                + "{\"cdc\":{\"path\":\"_change_data/c.parquet\"}}\n"
                + "{\"remove\":{\"path\":\"c.parquet\"}}\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"add\":{\"path\":\"../u/a.parquet\"}}",
        "{\"add\":{\"path\":\"a.parquet\"}}\n{\"cdc\":{\"path\":\"file:///etc/passwd\"}}",
        "{\"remove\":{\"path\":\"/etc/passwd\"}}",
        "{\"add\":{\"path\":\"a.parquet\",\"deletionVector\":{\"storageType\":\"p\",\"pathOrInlineDv\":"
            + "\"file:///etc/dv.bin\",\"offset\":1,\"sizeInBytes\":34,\"cardinality\":1}}}"
      })
  void filesOfOtherFoldersAreRefused(String actions) throws IOException {
    assertRefused(staged(actions), "names a file of another folder");
  }

  @Test
  void commitsThatCannotBeReadAreRefused() throws IOException {
    RatifiedCommit commit = staged("{\"add\":{\"path\":\"a.parquet\"}}\n");
    assertRefused(new RatifiedCommit(1, 1, NAME, 7, 1), "another size");
    assertRefused(staged("{\"add\":"), "not what the Delta protocol says");
    assertRefused(staged("7\n"), "no object");
    assertRefused(staged("{\"add\":{}}"), "names no file");
    Files.delete(file);
    assertRefused(commit, "is not in _delta_log/_staged_commits");
    Path elsewhere = Files.writeString(data.resolve("secret.json"), "{\"add\":{\"path\":\"a\"}}");
    Files.createSymbolicLink(file, elsewhere);
    assertThatThrownBy(
            () ->
                commits.require(
                    table, new RatifiedCommit(1, 1, NAME, elsewhere.toFile().length(), 1)))
        .hasMessageContaining("symbolic link");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"commitInfo\":{}} {\"add\":{\"path\":\"a.parquet\"}}\n",
        "{\"commitInfo\":{}} and more\n",
        "{\"add\":\n{\"path\":\"a.parquet\"}}\n",
        "{\"commitInfo\":{}}\n\n{\"add\":{\"path\":\"a.parquet\"}}\n",
        "{\"commitInfo\":{}}\r{\"add\":{\"path\":\"a.parquet\"}}\n",
        "{\"add\":\r{\"path\":\"a.parquet\"}}\n",
        "{\"add\":{\"path\":\"a.parquet\",\"path\":\"b.parquet\"}}\n",
        "{\"add\":{\"path\":\"a.parquet\"},\"add\":{\"path\":\"b.parquet\"}}\n"
      })
  void whatReadersWouldTakeInDifferentWaysIsRefused(String actions) throws IOException {
    assertRefused(staged(actions), "cannot be committed");
  }

  @Test
  void aTableStaysTheCatalogs() throws IOException {
    assertRefused(staged(metadata("other")), Commits.TABLE_ID);
    assertRefused(
        staged("{\"protocol\":{\"minReaderVersion\":1}}"), "takes feature 'catalogManaged' away");
  }
}
