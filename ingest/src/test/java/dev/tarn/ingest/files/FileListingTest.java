package dev.tarn.ingest.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.store.objects.ObjectStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileListingTest {
  @TempDir Path folder;

  private FileListing list() {
    return FileListing.of(ObjectStores.unconfigured(), folder.toUri().toString(), "/Volumes/shown");
  }

  @Test
  void seesDataAndNotWhatIsStillBeingWritten() throws Exception {
    Files.writeString(folder.resolve("_part.csv"), "x");
    Files.writeString(folder.resolve(".part.csv.crc"), "x");
    assertThat(list().isEmpty()).isTrue();
    Files.createDirectories(folder.resolve("2001/01"));
    Files.writeString(folder.resolve("2001/01/a.csv.gz"), "x");
    assertThat(list().files()).hasSize(1);
    assertThat(list().formatOfNames()).contains("csv");
  }

  @Test
  void foldersThatAreColumnsAreToldFromFoldersThatAreNot() throws Exception {
    Files.createDirectories(folder.resolve("2001"));
    Files.writeString(folder.resolve("2001/a.csv"), "x");
    assertThat(list().hasPartitionFolders()).isFalse();
    Files.createDirectories(folder.resolve("year=2001"));
    Files.writeString(folder.resolve("year=2001/a.csv"), "x");
    assertThat(list().hasPartitionFolders()).isTrue();
    assertThat(list().partitionColumns()).containsExactly("year");
  }

  @Test
  void foldersAboveTheLocationSayNothingOfItsFiles() throws Exception {
    Path day = Files.createDirectories(folder.resolve("day=1/in"));
    Path file = Files.writeString(day.resolve("a.csv"), "x");
    for (Path at : List.of(day, day.getParent(), file)) {
      FileListing files =
          FileListing.of(ObjectStores.unconfigured(), at.toUri().toString(), "shown");
      assertThat(files.files()).hasSize(1);
      assertThat(files.hasPartitionFolders()).isFalse();
    }
  }

  @Test
  void aFileThatAPatternNamesTwiceIsThereOnce() throws Exception {
    Files.createDirectories(folder.resolve("in/late"));
    Files.writeString(folder.resolve("in/late/a.csv"), "x");
    FileListing files =
        FileListing.of(ObjectStores.unconfigured(), folder + "/{in,in/late,in/l*}", "shown");
    assertThat(files.files()).hasSize(1);
  }

  @Test
  void thePositionMovesWithEveryChangeAndWithNothingElse() throws Exception {
    String empty = list().position();
    Files.writeString(folder.resolve("a.json"), "1");
    String one = list().position();
    Files.writeString(folder.resolve("_hidden"), "1");
    assertThat(list().position()).isEqualTo(one).isNotEqualTo(empty);
    Files.writeString(folder.resolve("a.json"), "22");
    assertThat(list().position()).isNotEqualTo(one);
  }

  @Test
  void aMissingPathIsNamedAsTheUserWroteIt() {
    assertThatThrownBy(
            () ->
                FileListing.of(
                    ObjectStores.unconfigured(),
                    folder.resolve("no").toUri().toString(),
                    "/Volumes/no"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("'/Volumes/no'")
        .hasMessageContaining("does not exist");
  }
}
