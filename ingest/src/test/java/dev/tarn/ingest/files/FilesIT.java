package dev.tarn.ingest.files;

import dev.tarn.ingest.IngestUnderTest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Files as rows and into tables, in one engine. */
class FilesIT {
  private static IngestUnderTest tarn;

  static IngestUnderTest tarn() {
    return tarn;
  }

  @BeforeAll
  static void start(@TempDir Path home) throws Exception {
    tarn = new IngestUnderTest(Files.createDirectories(home.resolve("data")));
  }

  @AfterAll
  static void stop() {
    tarn.close();
  }

  @Nested
  class CopyInto extends CopyIntoSteps {}

  @Nested
  class ReadFiles extends ReadFilesSteps {}
}
