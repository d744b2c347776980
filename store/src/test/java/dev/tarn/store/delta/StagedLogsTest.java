package dev.tarn.store.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.commits.Commits;
import dev.tarn.govern.commits.StagingTable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StagedLogsTest {
  private static final String ID = "11111111-2222-3333-4444-555555555555";

  @TempDir Path data;
  private final StagedLogs logs = new StagedLogs(Configuration::new);
  private StagingTable staged;

  @BeforeEach
  void stage() {
    staged =
        new StagingTable(
            ID, new EntityName("main", "s", "t"), data.resolve("t").toUri().toString(), "ann", 1);
  }

  private LogWriter managed(String id) {
    return new LogWriter(data.resolve("t"))
        .commitInfo(1)
        .features(List.of("catalogManaged", "vacuumProtocolCheck", "deletionVectors"))
        .metadata(
            "m",
            LogWriter.ID_SCHEMA,
            List.of(),
            Map.of("delta.enableInCommitTimestamps", "true", Commits.TABLE_ID, id));
  }

  private void assertRefused(String why) {
    assertThatThrownBy(() -> logs.require(staged))
        .isInstanceOfSatisfying(
            TarnException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER_VALUE);
            })
        .hasMessageContaining("main.s.t")
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.parquet", "p=1/a%20b.parquet", "x/../a.parquet"})
  void filesOfTheFolderAreTheTables(String path) {
    managed(ID).add(path).commit();
    logs.require(staged);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../u/a.parquet",
        "..%2Fu/a.parquet",
        "%2e%2e/u/a.parquet",
        "x/../../u/a.parquet",
        "/etc/a.parquet",
        "file:///etc/a.parquet",
        "s3a://bucket/a.parquet"
      })
  void filesOfOtherFoldersAreNot(String path) {
    managed(ID).add("a.parquet").add(path).commit();
    assertRefused("names a file of another folder");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"storageType\":\"p\",\"pathOrInlineDv\":\"file:///etc/dv.bin\",\"offset\":1,"
            + "\"sizeInBytes\":34,\"cardinality\":1}",
        "{\"storageType\":\"u\",\"pathOrInlineDv\":\"../uab^-aqEH.-t@S}K{vb[*k^\",\"offset\":1,"
            + "\"sizeInBytes\":34,\"cardinality\":1}"
      })
  void norAreTheirDeletionVectors(String vector) {
    managed(ID).add("a.parquet", Map.of(), null, vector).commit();
    assertRefused("names a file of another folder");
  }

  @Test
  void deletionVectorsOfTheFolderAre() {
    managed(ID)
        .add(
            "a.parquet",
            Map.of(),
            null,
            "{\"storageType\":\"u\",\"pathOrInlineDv\":\"ab^-aqEH.-t@S}K{vb[*k^\",\"offset\":1,"
                + "\"sizeInBytes\":34,\"cardinality\":1}")
        .commit();
    logs.require(staged);
  }

  @Test
  void ordinaryTablesAreRefused() {
    LogWriter.create(data.resolve("t")).add("a.parquet").commit();
    assertRefused("lacks feature 'catalogManaged'");
  }

  @Test
  void tablesOfAnotherIdAreRefused() {
    managed("other").commit();
    assertRefused(Commits.TABLE_ID);
  }

  @Test
  void placesWithoutALogAreRefused() {
    assertRefused("There is no Delta table");
  }
}
