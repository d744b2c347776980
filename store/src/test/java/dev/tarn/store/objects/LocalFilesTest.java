package dev.tarn.store.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
  private final Configuration configuration = ObjectStores.unconfigured().configuration();

  @TempDir Path folder;

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }

  private FileContext context() throws IOException {
    return FileContext.getFileContext(URI.create("file:///"), configuration);
  }

  private static void write(FileContext files, org.apache.hadoop.fs.Path path) throws IOException {
    try (FSDataOutputStream out =
        files.create(path, EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE))) {
      out.writeUTF("a commit: with a colon");
    }
  }

  @Test
  void commitsAndFoldersStartNoProcess() throws IOException {
    Path recorded = folder.resolve("recorded.jfr");
    FileSystem files = FileSystem.get(URI.create("file:///"), configuration);
    FileContext context = context();
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ProcessStart");
      recording.start();
      assertThat(files.mkdirs(path("a/b/c"), new FsPermission((short) 0750))).isTrue();
      files.setPermission(path("a/b"), new FsPermission((short) 01777));
      write(context, path("a/b/.0.json.tmp"));
      context.rename(path("a/b/.0.json.tmp"), path("a/b/0.json"));
      recording.stop();
      recording.dump(recorded);
    }
    assertThat(RecordingFile.readAllEvents(recorded))
        .filteredOn(event -> event.getEventType().getName().equals("jdk.ProcessStart"))
        .isEmpty();
    assertThat(Files.readAllBytes(folder.resolve("a/b/0.json"))).hasSizeGreaterThan(20);
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a/b/c"))))
        .isEqualTo("rwxr-x---");
    assertThat((int) Files.getAttribute(folder.resolve("a/b"), "unix:mode") & 07777)
        .isEqualTo(01777);
  }

  @Test
  void whatIsThereIsNotReplacedNorALinkToNothing() throws IOException {
    FileContext context = context();
    write(context, path("one"));
    write(context, path("two"));
    assertThatThrownBy(() -> context.rename(path("one"), path("two")))
        .isInstanceOf(FileAlreadyExistsException.class);
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("one"));
    assertThatThrownBy(() -> context.rename(path("two"), path("link")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Files.readAllBytes(folder.resolve("one")))
        .isEqualTo(Files.readAllBytes(folder.resolve("two")));
  }
}
