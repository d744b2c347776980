package dev.tarn.store.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.clones.ClonedFiles;
import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableRootTest {
  private static final String ELSEWHERE = "file of another folder";
  private static final String LINK = "symbolic link";

  @TempDir java.nio.file.Path folder;

  @ParameterizedTest
  @CsvSource({
    "file:/base/t, file:/base/t/a.parquet, true",
    "file:/base/t, file:///base/t/p=1/a%20b.parquet, true",
    "file:/base/t, /base/t/a.parquet, true",
    "/base/t, file:/base/t/a.parquet, true",
    "file:/base/t, file:/base/t, false",
    "file:/base/t, file:/base/tt/a.parquet, false",
    "file:/base/t, file:/base/t/../u/a.parquet, false",
    "file:/base/t, file:/base/t/%2e%2e/u/a.parquet, false",
    "file:/base/t, file:/base/t/..%2Fu/a.parquet, false",
    "file:/base/t, s3a://b/base/t/a.parquet, false",
    "abfss://c@a.dfs.core.windows.net/t, abfss://c@a.dfs.core.windows.net/t/a, true",
    "abfss://c@a.dfs.core.windows.net/t, abfss://d@a.dfs.core.windows.net/t/a, false",
    "abfss://c@a.dfs.core.windows.net/t, /t/a, false"
  })
  void filesAreATablesOwnOrNot(String table, String file, boolean own) {
    TableRoot root = TableRoot.unknown(new Path(table));
    if (own) {
      assertThatCode(() -> root.requireOwn(new Path(URI.create(file)))).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> root.requireOwn(new Path(URI.create(file))))
          .isInstanceOf(TarnException.class)
          .hasMessageContaining(ELSEWHERE);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a.parquet, true",
    "p=1/a%20b.parquet, true",
    "x/../a.parquet, true",
    "file:///base/t/a.parquet, true",
    "../u/a.parquet, false",
    "x/../../u/a.parquet, false",
    "%2e%2e/u/a.parquet, false",
    "..%2Fu%2Fa.parquet, false",
    "/base/u/a.parquet, false",
    "file:///base/u/a.parquet, false",
    "file://host/base/u/a.parquet, false",
    "s3a://b/base/t/a.parquet, false"
  })
  void logsNameFilesOfTheirTable(String logged, boolean own) {
    TableRoot root = TableRoot.unknown(new Path("file:/base/t"));
    if (own) {
      assertThat(root.confined(logged)).isEqualTo(logged);
    } else {
      assertThatThrownBy(() -> root.confined(logged)).hasMessageContaining(ELSEWHERE);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "file:/base/t/_delta_log/00000000000000000000.json, true",
    "file:/base/t/_delta_log/_sidecars/a.parquet, true",
    "file:/base/t/a.parquet, false",
    "file:/base/t/_delta_log/_sidecars/../../../u/_delta_log/a.parquet, false",
    "file:/base/u/_delta_log/a.parquet, false"
  })
  void logsGoOnInTheirOwnFolder(String file, boolean own) {
    TableRoot root = TableRoot.unknown(new Path("file:/base/t"));
    if (own) {
      assertThatCode(() -> root.requireOfLog(new Path(file))).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> root.requireOfLog(new Path(file)))
          .hasMessageContaining("goes on in a file of another folder");
    }
  }

  @Test
  void symbolicLinksBelowTheStorageAreNotFollowed() throws IOException {
    java.nio.file.Path storage =
        Files.createSymbolicLink(
            folder.resolve("mounted"), Files.createDirectory(folder.resolve("disk")));
    java.nio.file.Path table = Files.createDirectories(storage.resolve("user/t"));
    java.nio.file.Path file = Files.writeString(table.resolve("a.parquet"), "own");
    java.nio.file.Path secret =
        Files.writeString(
            Files.createDirectory(folder.resolve("other")).resolve("b.parquet"), "secret");
    Files.createSymbolicLink(table.resolve("b.parquet"), secret);
    Files.createSymbolicLink(table.resolve("p=1"), secret.getParent());
    Files.createSymbolicLink(storage.resolve("user/linked"), table);
    TablePlaces places =
        new TablePlaces(
            location -> Optional.empty(),
            location -> ClonedFiles.NONE,
            location -> Optional.of(storage.toUri().toString().replaceAll("/$", "")));
    TableRoot root = SnapshotLoader.root(new Path(table.toUri()), places);
    root.requireReal();
    root.requireReal(List.of(new Path(file.toUri())));
    for (String linked : List.of("b.parquet", "p=1/b.parquet")) {
      assertThatThrownBy(() -> root.requireReal(List.of(new Path("file:" + table + "/" + linked))))
          .as(linked)
          .hasMessageContaining(LINK);
    }
    assertThatThrownBy(root::requireNoLinks).hasMessageContaining(LINK);
    assertThatThrownBy(
            () ->
                SnapshotLoader.root(new Path("file:" + storage + "/user/linked"), places)
                    .requireReal())
        .hasMessageContaining(LINK);
  }

  @Test
  void whatIsClonedIsTheSourcesOwn() throws IOException {
    java.nio.file.Path table = Files.createDirectory(folder.resolve("t"));
    java.nio.file.Path file = Files.writeString(table.resolve("a.parquet"), "own");
    TableRoot root = TableRoot.unknown(new Path("file:" + table));
    SourceFiles files = root.sourceFiles();
    files.add("a.parquet");
    for (String each : List.of(file.toString(), file.toRealPath().toString())) {
      assertThat(files.all().contains(each)).as(each).isTrue();
    }
    assertThatThrownBy(() -> files.add("../u/a.parquet")).hasMessageContaining(ELSEWHERE);
    Files.createSymbolicLink(table.resolve("b.parquet"), folder.resolve("u"));
    assertThatThrownBy(() -> files.add("b.parquet")).hasMessageContaining(LINK);
  }

  @Test
  void filesMayVanishWhileLinksAreLookedFor() throws Exception {
    java.nio.file.Path table = Files.createDirectory(folder.resolve("busy"));
    TableRoot root = TableRoot.unknown(new Path("file:" + table));
    AtomicBoolean ended = new AtomicBoolean();
    Thread writer =
        new Thread(
            () -> {
              try {
                for (int i = 0; !ended.get(); i++) {
                  java.nio.file.Path inner = Files.createDirectory(table.resolve("d" + i));
                  Files.delete(Files.createFile(inner.resolve("f")));
                  Files.delete(inner);
                }
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    writer.start();
    try {
      for (int i = 0; i < 2_000; i++) {
        root.requireNoLinks();
      }
    } finally {
      ended.set(true);
      writer.join();
    }
    Files.createSymbolicLink(table.resolve("link"), folder);
    assertThatThrownBy(root::requireNoLinks)
        .hasMessageContaining("'link'")
        .hasMessageContaining("Remove the link");
  }
}
