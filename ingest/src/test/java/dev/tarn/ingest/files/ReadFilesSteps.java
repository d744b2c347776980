package dev.tarn.ingest.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.ingest.IngestUnderTest;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** In {@link FilesIT}. */
abstract class ReadFilesSteps {
  private static final String PLACE = "/Volumes/main/reads/landing/";

  private static IngestUnderTest tarn;
  private static Path landing;

  @BeforeAll
  static void land() throws IOException {
    tarn = FilesIT.tarn();
    tarn.sql("CREATE SCHEMA main.reads");
    landing = tarn.volume("main.reads", "landing");
  }

  private static Path land(String name, byte[] content) throws IOException {
    Path file = landing.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  private static Path land(String name, String text) throws IOException {
    return land(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] zipped(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static List<String> read(String select, String path, String arguments) {
    return tarn.sql(
        "SELECT "
            + select
            + " FROM read_files('"
            + PLACE
            + path
            + "'"
            + arguments
            + ") ORDER BY ALL");
  }

  @Test
  void formatsBesideThoseOfText() throws Exception {
    var schema =
        SchemaBuilder.record("bird").fields().requiredInt("id").requiredString("name").endRecord();
    ByteArrayOutputStream avro = new ByteArrayOutputStream();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema)).create(schema, avro)) {
      writer.append(new GenericRecordBuilder(schema).set("id", 1).set("name", "heron").build());
    }
    land("avro/a.avro", avro.toByteArray());
    assertThat(read("id, name", "avro", "")).containsExactly("1|heron");
    land(
        "xml/a.xml",
        "<birds><bird id='1'><name>heron</name></bird><bird id='2'><name>loon</name></bird></birds>");
    assertThat(read("_id, name", "xml/", ", rowTag => 'bird'"))
        .containsExactly("1|heron", "2|loon");
    assertThat(tarn.sql("SELECT * FROM avro.`" + PLACE + "avro`")).containsExactly("1|heron");
  }

  @Test
  void theFormatIsToldByTheNamesOrByHowFilesBegin() throws Exception {
    land("told/part-0", "\uFEFF [{\"a\": 1},\n {\"a\": 2}]");
    assertThat(read("a", "told/", ", multiLine => true")).containsExactly("1", "2");
    land("zipped/part-0", "not by its name");
    assertThatThrownBy(() -> read("*", "zipped/", "")).hasMessageContaining("format =>");
    land("zipped2/a.json.gz", zipped("{\"a\": 1}\n"));
    assertThat(read("a", "zipped2/", "")).containsExactly("1");
  }

  @Test
  void filesAreChosenByNamesTimesAndFolders() throws Exception {
    land("chosen/old.txt", "old")
        .toFile()
        .setLastModified(Instant.parse("2020-01-01T00:00:00Z").toEpochMilli());
    land("chosen/new.txt", "new");
    land("chosen/in/deep.txt", "deep");
    land("chosen/note.md", "note");
    String text = ", format => 'text'";
    assertThat(read("value", "chosen", text + ", fileNamePattern => '*.txt'"))
        .containsExactly("deep", "new", "old");
    assertThat(read("value", "chosen", text + ", modifiedBefore => '2021-01-01T00:00:00'"))
        .containsExactly("old");
    assertThat(
            read(
                "value",
                "chosen",
                text + ", modifiedAfter => '2021-01-01', pathGlobFilter => 'n*'"))
        .containsExactly("new", "note");
    assertThat(read("value", "chosen", text + ", recursiveFileLookup => false"))
        .containsExactly("new", "note", "old");
    assertThat(read("value", "chosen/{old,new}.*", text)).containsExactly("new", "old");
    assertThat(
            read(
                "_metadata.file_name, _metadata.file_size, _metadata.file_block_start,"
                    + " _metadata.file_block_length, year(_metadata.file_modification_time),"
                    + " _metadata.file_path LIKE 'file:%/chosen/old.txt'",
                "chosen/old.txt", text))
        .containsExactly("old.txt|3|0|3|2020|true");
  }

  @Test
  void foldersAreColumns() throws Exception {
    land("parts/day=2026-01-02/place=n/a.json", "{\"id\": 1}");
    land("parts/day=2026-01-03/place=s/b.json", "{\"id\": 2}");
    assertThat(read("id, CAST(day AS STRING), place", "parts", ""))
        .containsExactly("1|2026-01-02|n", "2|2026-01-03|s");
    assertThat(read("id, day, place", "parts", ", schemaHints => 'day STRING, id INT'"))
        .containsExactly("1|2026-01-02|n", "2|2026-01-03|s");
    assertThat(read("*", "parts", ", partitionColumns => 'place', rescuedDataColumn => ''"))
        .containsExactly("1|n", "2|s");
    assertThat(read("id", "parts", "")).containsExactly("1", "2");
    assertThat(tarn.sql("SELECT id FROM read_files('" + PLACE + "parts') WHERE place = 's'"))
        .containsExactly("2");
  }

  @Test
  void typesAreInferredUnlessTheyAreNotToBe() throws Exception {
    land("types/a.json", "{\"n\": 1, \"b\": true}");
    assertThat(read("typeof(n), typeof(b)", "types", "")).containsExactly("bigint|boolean");
    assertThat(read("typeof(n), typeof(b)", "types", ", inferColumnTypes => false"))
        .containsExactly("string|string");
    assertThat(read("n", "types", ", schemaEvolutionMode => 'none'")).containsExactly("1");
    assertThatThrownBy(() -> read("n", "types", ", schemaEvolutionMode => 'never'"))
        .hasMessageContaining("addNewColumns");
    land("typed/a.csv", "1,x\n");
    assertThat(tarn.sql("SELECT *, typeof(_c0) FROM csv.`" + PLACE + "typed`"))
        .containsExactly("1|x|string");
  }

  @Test
  void pathsInNamesAreGovernedAsAnywhere() throws Exception {
    land("direct/a.json", "{\"id\": 1}");
    String sql = "SELECT * FROM json.`" + PLACE + "direct/a.json`";
    assertThat(tarn.sql(sql)).containsExactly("1");
    assertThat(tarn.sql("WITH c AS (" + sql + ") SELECT (SELECT max(id) FROM c)"))
        .containsExactly("1");
    Principal nobody = Principal.user("nobody");
    for (String format : List.of("json", "text", "binaryFile")) {
      String of = "SELECT * FROM " + format + ".`";
      assertThatThrownBy(() -> tarn.sql(nobody, of + PLACE + "direct/a.json`"))
          .isInstanceOfSatisfying(
              TarnException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
      for (String path : List.of(landing + "/direct/a.json", "file:" + landing, "/etc/passwd")) {
        assertThatThrownBy(() -> tarn.sql(nobody, of + path + "`"))
            .isInstanceOf(TarnException.class);
        assertThatThrownBy(() -> tarn.sql(of + path + "`")).isInstanceOf(TarnException.class);
      }
    }
    assertThatThrownBy(() -> tarn.sql("SELECT * FROM delta.`" + PLACE + "direct`"))
        .isInstanceOf(TarnException.class);
    assertThatThrownBy(() -> tarn.sql("INSERT INTO text.`" + PLACE + "direct` SELECT 'x'"))
        .isInstanceOf(TarnException.class);
  }

  @Test
  void badFilesAreNamedAndStopNothingElse() throws Exception {
    byte[] whole = zipped("{\"id\": 1}\n".repeat(10_000));
    land("cut/a.json.gz", Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> read("count(*)", "cut", "")).hasMessageContaining("a.json.gz");
    assertThatThrownBy(() -> read("count(id)", "cut", ", schema => 'id INT'"))
        .hasMessageContaining("a.json.gz");

    land("latin/a.csv", "name\nZ\u00fcrich\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(read("name", "latin", ", header => true, encoding => 'ISO-8859-1'"))
        .containsExactly("Z\u00fcrich");
    assertThatThrownBy(() -> read("name", "latin", ", header => true, encoding => 'no-such'"))
        .hasMessageContaining("no-such");

    land("zero/a.json", "");
    land("zero/b.json", "{\"id\": 2}");
    assertThat(read("id", "zero", "")).containsExactly("2");

    land("twice/a.json", "{\"id\": 1, \"id\": 2}\n{\"id\": 3, \"ID\": 4}");
    assertThatThrownBy(() -> read("*", "twice", "")).hasMessageContaining("COLUMN_ALREADY_EXISTS");
    assertThat(read("id", "twice", ", schema => 'id INT'")).hasSize(2);

    String wide =
        IntStream.range(0, 10_000).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
    land("wide/a.csv", wide + "\n" + wide.replace("c", "") + "\n");
    assertThat(read("c0, c9999", "wide", ", header => true")).containsExactly("0|9999");
    land("wider/a.csv", wide + "," + wide + "," + wide + "\n");
    assertThatThrownBy(() -> read("*", "wider", "")).isInstanceOf(TarnException.class);

    land("deep/a.json", "[".repeat(5_000) + "]".repeat(5_000) + "\n{\"id\": 1}\n");
    assertThat(read("id", "deep", ", schema => 'id INT'")).contains("1");
    land("nested/a.json", "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000));
    assertThatThrownBy(() -> read("count(a)", "nested", "")).isInstanceOf(TarnException.class);
    assertThat(tarn.sql("SELECT 1")).containsExactly("1");
  }

  @Test
  void aFileThatIsTakenAwayBeforeItIsReadIsNamed() throws Exception {
    Path gone = land("gone/a.json", "{\"id\": 1}");
    tarn.sql("CREATE VIEW main.reads.gone AS SELECT id FROM read_files('" + PLACE + "gone/*')");
    assertThat(tarn.sql("SELECT * FROM main.reads.gone")).containsExactly("1");
    Files.setLastModifiedTime(gone, FileTime.from(Instant.EPOCH));
    Files.delete(gone);
    assertThatThrownBy(() -> tarn.sql("SELECT * FROM main.reads.gone"))
        .hasMessageContaining("gone");
  }
}
