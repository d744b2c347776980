package dev.tarn.ingest.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.source.SchemaChanged;
import dev.tarn.ingest.rescue.EvolutionMode;
import dev.tarn.ingest.rescue.NewColumns;
import dev.tarn.ingest.rescue.RescuingCsv;
import dev.tarn.ingest.rescue.RescuingJson;
import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams over files in Spark, with what kills them. */
class LoaderIT {
  private static SparkSession spark;

  @TempDir Path folder;
  private StreamUnderTest stream;

  @BeforeAll
  static void start(@TempDir Path home) {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.warehouse.dir", home.toUri().toString())
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @BeforeEach
  void make() throws Exception {
    stream = new StreamUnderTest(spark, folder);
  }

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Batches are kept by their number, as Delta keeps them: one that comes again replaces itself.
   */
  @Test
  void eachRowIsThereOnceWhereverTheStreamIsKilled() throws Exception {
    long seed = Long.getLong("tarn.seed", 20_261_123L);
    System.out.println("LoaderIT: -Dtarn.seed=" + seed);
    Random random = new Random(seed);
    stream.options.put("maxFilesPerTrigger", "2");
    Map<Long, List<String>> table = new TreeMap<>();
    List<String> landed = new ArrayList<>();
    for (int round = 0; round < 6; round++) {
      for (int file = random.nextInt(4); file >= 0; file--) {
        int id = landed.size();
        stream.land(random.nextInt(1_000) + "/" + id + ".json", id);
        landed.add(Integer.toString(id));
      }
      boolean before = random.nextBoolean();
      int survived = random.nextInt(3);
      int[] batches = {0};
      try {
        stream.run(
            (rows, batch) -> {
              boolean kill = batches[0]++ == survived;
              if (kill && before) {
                throw new Killed();
              }
              table.put(
                  batch, rows.collectAsList().stream().map(r -> r.get(0).toString()).toList());
              if (kill) {
                throw new Killed();
              }
            });
      } catch (Exception e) {
        assertThat(e).hasStackTraceContaining(Killed.class.getName());
      }
      switch (random.nextInt(3)) {
        case 0 -> recordABatchOfWhichSparkNeverHears();
        case 1 -> loseTheIndex();
        default -> {}
      }
    }
    stream.run(
        (rows, batch) ->
            table.put(batch, rows.collectAsList().stream().map(r -> r.get(0).toString()).toList()));
    assertThat(table.values().stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(landed);
  }

  private void recordABatchOfWhichSparkNeverHears() throws IOException {
    Files.createDirectories(stream.state());
    LoaderSource source =
        new LoaderSource(
            spark,
            new ScannedFormat("json", StructType.fromDDL("id INT"), java.util.Set.of(), Map.of()),
            new org.apache.hadoop.fs.Path(stream.landing.toUri()),
            LoaderOptions.of(stream.options, ZoneId.of("UTC")),
            stream.state().toUri().toString());
    Path latest = latestOffset();
    source.latestOffset(
        latest == null ? null : new LoaderOffset(Long.parseLong(offset(latest))),
        source.getDefaultReadLimit());
    source.stop();
  }

  private Path latestOffset() throws IOException {
    Path offsets = stream.checkpoint.resolve("offsets");
    if (!Files.exists(offsets)) {
      return null;
    }
    try (Stream<Path> files = Files.list(offsets)) {
      return files
          .filter(f -> f.getFileName().toString().matches("\\d+"))
          .max(Comparator.comparingInt(f -> Integer.parseInt(f.getFileName().toString())))
          .orElse(null);
    }
  }

  private static String offset(Path file) throws IOException {
    String last = Files.readAllLines(file).get(2);
    return last.replaceAll("\\D", "");
  }

  private void loseTheIndex() throws IOException {
    Path index = stream.state().resolve("rocksdb");
    if (Files.exists(index)) {
      try (Stream<Path> files = Files.walk(index)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(f -> f.delete());
      }
    }
  }

  @Test
  void aCheckpointOfSparksOwnFileStreamGoesOn() throws Exception {
    for (int i = 0; i < 5; i++) {
      stream.land(i + " %.json", i);
    }
    List<String> read = new ArrayList<>();
    try {
      stream.run(
          spark
              .readStream()
              .schema("id INT")
              .option("maxFilesPerTrigger", "1")
              .json(stream.landing.toUri().toString()),
          (rows, batch) -> {
            if (batch == 4) {
              throw new Killed();
            }
            read.addAll(rows.collectAsList().stream().map(r -> r.get(0).toString()).toList());
          });
    } catch (Exception e) {
      assertThat(e).hasStackTraceContaining(Killed.class.getName());
    }
    assertThat(read).hasSize(4);
    stream.land("new.json", 5);
    stream.run().forEach(read::addAll);
    assertThat(read).hasSize(6).doesNotHaveDuplicates();
    assertThat(stream.run()).isEmpty();
  }

  @Test
  void aCheckpointOfAnotherSourceIsRefusedWithWhatToDo() throws Exception {
    stream.run(
        spark.readStream().format("rate-micro-batch").option("rowsPerBatch", "1").load(),
        (rows, batch) -> {});
    stream.land("a.json", 1);
    assertThatThrownBy(() -> stream.run())
        .hasMessageContaining("another kind of source")
        .hasMessageContaining("another checkpoint");
  }

  @Test
  void batchesAreAsLargeAsTheLimitsSay() throws Exception {
    for (int i = 0; i < 5; i++) {
      stream.land(i + ".json", i);
      touch(stream.landing.resolve(i + ".json"), 1_000L * i);
    }
    stream.options.put("maxFilesPerTrigger", "2");
    assertThat(stream.run()).containsExactly(List.of("0", "1"), List.of("2", "3"), List.of("4"));
    for (int i = 5; i < 9; i++) {
      stream.land(i + ".json", i);
      touch(stream.landing.resolve(i + ".json"), 1_000L * i);
    }
    stream.options.put("maxFilesPerTrigger", "1000");
    stream.options.put("maxBytesPerTrigger", "25b");
    assertThat(stream.run()).containsExactly(List.of("5", "6", "7"), List.of("8"));
  }

  private static void touch(Path file, long modified) throws IOException {
    Files.setLastModifiedTime(file, FileTime.fromMillis(modified));
  }

  @Test
  void filesAreChosenByNameAndTime() throws Exception {
    stream.land("early.json", 1);
    touch(
        stream.landing.resolve("early.json"), Instant.parse("2020-01-01T00:00:00Z").toEpochMilli());
    stream.land("good.json", 2);
    touch(
        stream.landing.resolve("good.json"), Instant.parse("2021-01-01T00:00:00Z").toEpochMilli());
    stream.land("late.json", 3);
    stream.land("good.csv", 4);
    stream.land(".hidden.json", 5);
    touch(stream.landing.resolve("good.csv"), Instant.parse("2021-01-01T00:00:00Z").toEpochMilli());
    stream.options.put("modifiedAfter", "2020-06-01T00:00:00");
    stream.options.put("modifiedBefore", "2022-06-01T00:00:00 UTC+0");
    stream.options.put("pathGlobFilter", "*.json");
    assertThat(stream.run()).containsExactly(List.of("2"));
    stream.options.put("modifiedAfter", "yesterday or so");
    assertThatThrownBy(() -> stream.run())
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("modifiedafter")
        .hasMessageContaining("yesterday or so");
  }

  @Test
  void whatWasThereBeforeTheStreamIsLeftOutIfThatIsWanted() throws Exception {
    stream.land("before.json", 1);
    stream.options.put("includeExistingFiles", "false");
    assertThat(stream.run().stream().flatMap(List::stream)).isEmpty();
    stream.land("after.json", 2);
    assertThat(stream.run()).containsExactly(List.of("2"));
    loseTheIndex();
    // Only what is there at the very first start counts.
    stream.options.put("includeExistingFiles", "true");
    assertThat(stream.run()).isEmpty();
  }

  @Test
  void aFileThatIsWrittenOverIsReadAgainOnlyIfThatIsAllowed() throws Exception {
    stream.land("a.json", 1);
    assertThat(stream.run()).containsExactly(List.of("1"));
    stream.land("a.json", 2);
    touch(stream.landing.resolve("a.json"), System.currentTimeMillis() + 10_000);
    assertThat(stream.run()).isEmpty();
    stream.options.put("allowOverwrites", "true");
    assertThat(stream.run()).containsExactly(List.of("2"));
    assertThat(stream.run()).isEmpty();
  }

  @Test
  void rowsKnowTheirFileAndItsFolders() throws Exception {
    stream.land("year=2001/month=02/a.json", 1);
    stream.land("year=2002/month=03/b.json", 2);
    stream.schema = "id INT, year INT, month STRING";
    stream.partitions = List.of("year", "month");
    stream.select = "id, year, month, _metadata.file_name, _metadata.file_size";
    assertThat(stream.run()).containsExactly(List.of("1,2001,02,a.json,10", "2,2002,03,b.json,10"));
    stream.land("year=2001/month=04/c.json", 3);
    stream.land("year=2002/month=04/d.json", 4);
    List<String> filtered = new ArrayList<>();
    stream.run(
        (rows, batch) ->
            rows.where("month = '04' AND year > 2001")
                .collectAsList()
                .forEach(r -> filtered.add(r.get(0).toString())));
    assertThat(filtered).containsExactly("4");
  }

  @Test
  void parquetIsReadBySparksOwnScan() throws Exception {
    spark.range(3).toDF("id").coalesce(1).write().parquet(stream.landing.resolve("p").toString());
    stream.format = "parquet";
    stream.schema = "id BIGINT";
    stream.select = "id, _metadata.row_index, _metadata.file_path LIKE '%.parquet' AS known";
    assertThat(stream.run()).containsExactly(List.of("0,0,true", "1,1,true", "2,2,true"));
    stream.select = "_metadata";
    assertThat(stream.run()).isEmpty();
  }

  private void rescue(Class<?> reader, EvolutionMode mode) {
    stream.format = reader.getName();
    stream.options.put("columnNameOfCorruptRecord", "_rescued_data");
    stream.options.put(NewColumns.MODE, mode.name());
  }

  private String rescued(String file, String fields) {
    return "{" + fields + ",\"_file_path\":\"file:" + stream.landing.resolve(file) + "\"}";
  }

  @Test
  void whatDoesNotFitInJsonIsRescued() throws Exception {
    rescue(RescuingJson.class, EvolutionMode.RESCUE);
    stream.schema = "id INT, s STRUCT<a: INT>, _rescued_data STRING";
    stream.select = "id, s.a, _rescued_data";
    Files.writeString(
        stream.landing.resolve("a.json"),
        """
        {"id": 1, "s": {"a": 1}}
        {"id": "x", "s": {"a": 2, "b": 2.50}}
        {"id": 3, "extra": [1, null]}

        {"id": 4, "ID": "other"}
        [{"id": 5}, {"id": 6, "more": {"a": 1}}]
        {"id": 7,
        """);
    assertThat(stream.run().get(0))
        .containsExactlyInAnyOrder(
            "1,1,null",
            "null,2," + rescued("a.json", "\"id\":\"x\",\"s\":{\"b\":2.50}"),
            "3,null," + rescued("a.json", "\"extra\":[1,null]"),
            "4,null," + rescued("a.json", "\"ID\":\"other\""),
            "5,null,null",
            "6,null," + rescued("a.json", "\"more\":{\"a\":1}"),
            "null,null," + rescued("a.json", "\"_corrupt_record\":\"{\\\"id\\\": 7,\""));
  }

  @Test
  void columnsOfCsvAreTakenByTheirNames() throws Exception {
    rescue(RescuingCsv.class, EvolutionMode.RESCUE);
    stream.options.put("header", "true");
    stream.schema = "id INT, name STRING, gone DATE, _rescued_data STRING";
    Files.writeString(
        stream.landing.resolve("a.csv"),
        """
        name,more,id
        Ann,,1
        Bob,x,two
        "Ci,d",y,3,EXTRA
        """);
    assertThat(stream.run().get(0))
        .containsExactlyInAnyOrder(
            "1,Ann,null,null",
            "null,Bob,null," + rescued("a.csv", "\"more\":\"x\",\"id\":\"two\""),
            "3,Ci,d,null," + rescued("a.csv", "\"more\":\"y\",\"_c3\":\"EXTRA\""));
  }

  @Test
  void newColumnsAreNotedOrRefused() throws Exception {
    Path notes = folder.resolve("notes");
    stream.schema = "id INT, _rescued_data STRING";
    rescue(RescuingJson.class, EvolutionMode.ADD_NEW_COLUMNS);
    stream.options.put(NewColumns.FOLDER, notes.toString());
    stream.land("a.json", 1);
    Files.writeString(stream.landing.resolve("b.json"), "{\"id\": 2, \"n\": 1}");
    assertThatThrownBy(() -> stream.run())
        .satisfies(e -> assertThat(SchemaChanged.caused(e)).isTrue())
        .hasStackTraceContaining(
            "b.json' has columns that the schema lacks: n. They have been noted");
    assertThat(NewColumns.noted(notes)).containsExactly("file:" + stream.landing.resolve("b.json"));
    NewColumns.forget(notes);
    assertThat(NewColumns.noted(notes)).isEmpty();

    stream.options.put(NewColumns.MODE, EvolutionMode.FAIL_ON_NEW_COLUMNS.name());
    assertThatThrownBy(() -> stream.run())
        .hasStackTraceContaining("UNKNOWN_FIELD_EXCEPTION")
        .hasStackTraceContaining("b.json' has columns that the schema lacks: n.");
    stream.schema = "id INT, n INT, _rescued_data STRING";
    assertThat(stream.run().get(0)).containsExactly("1,null,null", "2,1,null");
  }
}
