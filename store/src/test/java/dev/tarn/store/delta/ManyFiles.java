package dev.tarn.store.delta;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** A table of many files: a day's partition each thousand, ids in ranges of a thousand. */
final class ManyFiles {
  static final String SCHEMA =
      "{\"type\":\"struct\",\"fields\":["
          + LoggedFile.field("id", "long")
          + ","
          + LoggedFile.field("name", "string")
          + ","
          + LoggedFile.field("price", "decimal(10,2)")
          + ","
          + LoggedFile.field("at", "timestamp")
          + ","
          + LoggedFile.field("day", "date")
          + "]}";

  private ManyFiles() {}

  static LogWriter write(Path table, int files, int perCommit) {
    LogWriter log =
        new LogWriter(table).protocol(1, 2).metadata("t", SCHEMA, List.of("day"), Map.of());
    for (int i = 0; i < files; i++) {
      add(log, i);
      if ((i + 1) % perCommit == 0) {
        log.commit();
      }
    }
    return log;
  }

  static LogWriter add(LogWriter log, int i) {
    String day = LocalDate.of(2024, 1, 1).plusDays(i / 1000).toString();
    String statistics =
        ("{\"numRecords\":1000,\"minValues\":{\"id\":%d,\"name\":\"customer-%09d\",\"price\":1.00,"
                + "\"at\":\"2024-01-01T00:00:00.000Z\"},\"maxValues\":{\"id\":%d,"
                + "\"name\":\"customer-%09d\",\"price\":99.99,\"at\":\"2024-12-31T00:00:00.000Z\"},"
                + "\"nullCount\":{\"id\":0,\"name\":0,\"price\":3,\"at\":0}}")
            .formatted(i * 1000L, i * 1000, i * 1000L + 999, i * 1000 + 999);
    String path =
        "day=%s/part-%05d-3f0b9d7e-8f5a-4c29-9d77-%012d.c000.snappy.parquet".formatted(day, i, i);
    return log.add(path, Map.of("day", day), statistics, null);
  }
}
