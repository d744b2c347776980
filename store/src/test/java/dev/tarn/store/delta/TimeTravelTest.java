package dev.tarn.store.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimeTravelTest {
  @TempDir private Path folder;

  private final DeltaSnapshots snapshots = new DeltaSnapshots(Map.of());

  @Test
  void travelsByTheCommitsOwnTimestamps() throws IOException {
    Path table = folder.resolve("t");
    LogWriter log = new LogWriter(table);
    log.commitInfo(1_000_000)
        .action("protocol", own("inCommitTimestamp"))
        .metadata(
            "t", LogWriter.ID_SCHEMA, List.of(), Map.of("delta.enableInCommitTimestamps", "true"))
        .add("a")
        .commit();
    log.commitInfo(2_000_000).add("b").commit();
    log.commitInfo(3_000_000).add("c").commit();
    String location = table.toString();
    assertThat(snapshots.asOf(location, Instant.ofEpochMilli(2_500_000)).version()).isEqualTo(1);
    assertThat(snapshots.asOf(location, Instant.ofEpochMilli(2_000_000)).version()).isEqualTo(1);
    assertThat(snapshots.asOf(location, Instant.ofEpochMilli(1_999_999)).version()).isZero();
    assertThat(snapshots.asOf(location, Instant.ofEpochMilli(3_000_000)).version()).isEqualTo(2);
    for (long outside : new long[] {999_999, 3_000_001}) {
      assertThatThrownBy(() -> snapshots.asOf(location, Instant.ofEpochMilli(outside)))
          .isInstanceOf(TarnException.class);
    }
  }

  private static ObjectNode own(String feature) {
    return Json.mapper()
        .createObjectNode()
        .put("minReaderVersion", 1)
        .put("minWriterVersion", 7)
        .set("writerFeatures", Json.tree("[\"" + feature + "\"]"));
  }

  @Test
  void travelsByTheTimeOfTheCommitsFiles() throws IOException {
    Path table = folder.resolve("t");
    LogWriter log = LogWriter.create(table).add("a").commit().add("b").commit();
    Files.setLastModifiedTime(log.file(0), FileTime.fromMillis(1_000_000));
    Files.setLastModifiedTime(log.file(1), FileTime.fromMillis(2_000_000));
    assertThat(snapshots.asOf(table.toString(), Instant.ofEpochMilli(1_500_000)).version())
        .isZero();
    assertThat(snapshots.version(table.toString(), 0))
        .as("kept")
        .isSameAs(snapshots.version(table.toString(), 0));
  }
}
