package dev.tarn.serve.statements;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.serve.ServeTestRoom;
import dev.tarn.serve.ServeTestRoom.Answer;
import dev.tarn.serve.results.ResultsConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows as the Statement Execution API hands them out, in small chunks, over real Spark. */
class StatementResultsIT {
  private static final String STATEMENTS = "/api/2.0/sql/statements/";

  @TempDir static Path data;
  static ServeTestRoom room;

  @BeforeAll
  static void start() {
    room =
        new ServeTestRoom(
            data,
            new ResultsConfig(20_000, 200_000, 900),
            new StatementsConfig(8, 100, 3600, null));
  }

  @AfterAll
  static void stop() {
    room.close();
  }

  private static JsonNode execute(String sql, String more) {
    return room.execute(ServeTestRoom.ALICE, sql, more);
  }

  private static String state(JsonNode answer) {
    return answer.at("/status/state").asText();
  }

  @Test
  void splitsInlineRowsIntoChunks() {
    JsonNode answer = execute("SELECT id FROM range(10000)", "");

    int chunks = answer.at("/manifest/total_chunk_count").asInt();
    String id = answer.get("statement_id").asText();
    assertThat(chunks).isGreaterThan(2);
    List<Long> found = new ArrayList<>();
    JsonNode chunk = answer.get("result");
    for (int i = 0; i < chunks; i++) {
      assertThat(chunk.get("chunk_index").asInt()).isEqualTo(i);
      assertThat(chunk.get("row_offset").asInt()).isEqualTo(found.size());
      chunk.get("data_array").forEach(row -> found.add(row.get(0).asLong()));
      JsonNode info = answer.at("/manifest/chunks/" + i);
      assertThat(info.get("row_count").asInt()).isEqualTo(chunk.get("row_count").asInt());
      if (i + 1 < chunks) {
        assertThat(chunk.get("next_chunk_index").asInt()).isEqualTo(i + 1);
        chunk =
            room.get(ServeTestRoom.ALICE, chunk.get("next_chunk_internal_link").asText()).json();
      } else {
        assertThat(chunk.has("next_chunk_index")).isFalse();
      }
    }
    assertThat(found).hasSize(10000).isSorted().doesNotHaveDuplicates();
    assertThat(room.get(ServeTestRoom.ALICE, STATEMENTS + id + "/result/chunks/" + chunks).status())
        .isEqualTo(400);
  }

  @Test
  void linksRatherThanAttachesWhenThereAreManyChunks() throws IOException {
    JsonNode answer =
        execute(
            "SELECT id FROM range(10000)",
            "\"disposition\":\"INLINE_OR_EXTERNAL_LINKS\",\"format\":\"ARROW_STREAM\"");

    assertThat(answer.at("/result/attachment").isMissingNode()).isTrue();
    int chunks = answer.at("/manifest/total_chunk_count").asInt();
    assertThat(chunks).isGreaterThan(1);
    List<Long> found = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      JsonNode link =
          room.get(
                  ServeTestRoom.ALICE,
                  STATEMENTS + answer.get("statement_id").asText() + "/result/chunks/" + i)
              .json()
              .at("/external_links/0");
      byte[] file = room.get(null, link.get("external_link").asText()).body();
      assertThat(file).hasSize(link.get("byte_count").asInt());
      found.addAll(ids(file));
    }
    assertThat(found).hasSize(10000).isSorted().doesNotHaveDuplicates();
  }

  private static List<Long> ids(byte[] stream) throws IOException {
    List<Long> found = new ArrayList<>();
    try (RootAllocator allocator = new RootAllocator();
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(stream), allocator)) {
      while (reader.loadNextBatch()) {
        BigIntVector ids = (BigIntVector) reader.getVectorSchemaRoot().getVector(0);
        for (int i = 0; i < ids.getValueCount(); i++) {
          found.add(ids.get(i));
        }
      }
    }
    return found;
  }

  @Test
  void writesTheCsvHeaderOnce() {
    JsonNode answer =
        execute(
            "SELECT id, 'x' AS y FROM range(9000)",
            "\"disposition\":\"EXTERNAL_LINKS\",\"format\":\"CSV\"");

    StringBuilder whole = new StringBuilder();
    int chunks = answer.at("/manifest/total_chunk_count").asInt();
    for (int i = 0; i < chunks; i++) {
      String link =
          room.get(
                  ServeTestRoom.ALICE,
                  STATEMENTS + answer.get("statement_id").asText() + "/result/chunks/" + i)
              .json()
              .at("/external_links/0/external_link")
              .asText();
      whole.append(new String(room.get(null, link).body(), StandardCharsets.UTF_8));
    }
    List<String> lines = whole.toString().lines().toList();
    assertThat(chunks).isGreaterThan(1);
    assertThat(lines).hasSize(9001).startsWith("id,y", "0,x").endsWith("8999,x");
  }

  @Test
  void refusesLinksThatAreForgedOrForSomethingElse() {
    JsonNode answer =
        execute(
            "SELECT id FROM range(10000)",
            "\"disposition\":\"EXTERNAL_LINKS\",\"format\":\"ARROW_STREAM\"");
    String link = answer.at("/result/external_links/0/external_link").asText();
    String signature = link.substring(link.indexOf("signature=") + "signature=".length());
    long expires = Long.parseLong(link.replaceAll(".*expires=(\\d+).*", "$1"));

    assertThat(room.get(null, link).status()).isEqualTo(200);
    assertThat(room.get(null, link.replace("/0?", "/1?")).status()).isEqualTo(403);
    assertThat(
            room.get(null, link.replace("expires=" + expires, "expires=" + (expires + 1))).status())
        .isEqualTo(403);
    String other = (signature.charAt(0) == '0' ? '1' : '0') + signature.substring(1);
    assertThat(room.get(null, link.replace(signature, other)).status()).isEqualTo(403);
    assertThat(room.get(null, link.replace(signature, "zz")).status()).isEqualTo(403);
    assertThat(room.get(null, link.substring(0, link.indexOf('?'))).status()).isEqualTo(403);
  }

  @Test
  void servesRangesOfLinks() {
    JsonNode answer =
        execute(
            "SELECT id FROM range(100)", "\"disposition\":\"EXTERNAL_LINKS\",\"format\":\"CSV\"");
    String link = answer.at("/result/external_links/0/external_link").asText();
    byte[] whole = room.get(null, link).body();

    Answer middle = room.get(null, link, Map.of("range", "bytes=4-9"));
    Answer tail = room.get(null, link, Map.of("range", "bytes=-3"));
    Answer beyond = room.get(null, link, Map.of("range", "bytes=" + whole.length + "-"));

    assertThat(middle.status()).isEqualTo(206);
    assertThat(middle.body()).isEqualTo(java.util.Arrays.copyOfRange(whole, 4, 10));
    assertThat(middle.headers()).containsEntry("content-range", "bytes 4-9/" + whole.length);
    assertThat(tail.body())
        .isEqualTo(java.util.Arrays.copyOfRange(whole, whole.length - 3, whole.length));
    assertThat(beyond.status()).isEqualTo(416);
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,true",
    "999,999,true",
    "1000,1000,true",
    "1001,1001,true",
    "5000,5000,false",
    "6000,5000,false"
  })
  void limitsRows(int limit, int expected, boolean truncated) {
    JsonNode answer = execute("SELECT id FROM range(5000)", "\"row_limit\":" + limit);

    assertThat(answer.at("/manifest/total_row_count").asInt()).isEqualTo(expected);
    assertThat(answer.at("/manifest/truncated").asBoolean()).isEqualTo(truncated);
  }

  @Test
  void limitsArrowRowsInsideABatch() throws IOException {
    JsonNode answer =
        execute(
            "SELECT id FROM range(0, 5000, 1, 1)",
            "\"row_limit\":1234,\"disposition\":\"EXTERNAL_LINKS\",\"format\":\"ARROW_STREAM\"");

    byte[] file =
        room.get(null, answer.at("/result/external_links/0/external_link").asText()).body();
    List<Long> found = ids(file);
    assertThat(found).hasSize(1234).startsWith(0L).endsWith(1233L);
  }

  @Test
  void limitsBytes() {
    JsonNode answer = execute("SELECT id FROM range(5000)", "\"byte_limit\":12000");

    int rows = answer.at("/manifest/total_row_count").asInt();
    assertThat(answer.at("/manifest/truncated").asBoolean()).isTrue();
    assertThat(rows).isBetween(1000, 1600);
  }

  @Test
  void failsRatherThanCutsAnInlineResultThatIsTooLarge() {
    JsonNode answer = execute("SELECT id, repeat('x', 50) AS y FROM range(10000)", "");

    assertThat(state(answer)).isEqualTo("FAILED");
    assertThat(answer.at("/status/error/message").asText()).contains("EXTERNAL_LINKS");
  }

  @Test
  void answersAnEmptyResultWithItsSchema() {
    JsonNode answer = execute("SELECT id FROM range(10) WHERE id < 0", "");

    assertThat(state(answer)).isEqualTo("SUCCEEDED");
    assertThat(answer.at("/manifest/total_row_count").asInt()).isZero();
    assertThat(answer.at("/manifest/schema/columns/0/name").asText()).isEqualTo("id");
    assertThat(answer.at("/result/data_array").isArray()).isTrue();
    assertThat(answer.at("/result/data_array")).isEmpty();
  }

  @Test
  void smallResultsNeedNoDisk(@TempDir Path other) throws IOException {
    try (ServeTestRoom fresh =
        new ServeTestRoom(other, ResultsConfig.DEFAULT, StatementsConfig.DEFAULT)) {
      // What cannot be written to is as good as full.
      Files.delete(other.resolve("results"));
      Files.writeString(other.resolve("results"), "in the way");

      JsonNode rows = fresh.execute(ServeTestRoom.ALICE, "SELECT 1 AS one", "");
      assertThat(rows.at("/result/data_array/0/0").asText()).isEqualTo("1");
      JsonNode links =
          fresh.execute(
              ServeTestRoom.ALICE,
              "SELECT 1 AS one",
              "\"disposition\":\"EXTERNAL_LINKS\",\"format\":\"CSV\"");
      String url = links.at("/result/external_links/0/external_link").asText();
      assertThat(fresh.get(null, url).body()).asString().isEqualTo("one\r\n1\r\n");
      assertThat(fresh.get(null, url, Map.of("range", "bytes=0-2")).body())
          .asString()
          .isEqualTo("one");
      assertThat(
              fresh
                  .delete(ServeTestRoom.ALICE, STATEMENTS + links.get("statement_id").asText())
                  .status())
          .isEqualTo(200);
      assertThat(fresh.get(null, url).status()).isEqualTo(404);
      JsonNode large = fresh.execute(ServeTestRoom.ALICE, "SELECT * FROM range(100000)", "");
      assertThat(large.at("/status/error/error_code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
      Files.delete(other.resolve("results"));
    }
  }

  @Test
  void bindsNamedAndPositionalParameters() {
    JsonNode named =
        execute(
            "SELECT :a + 1 AS a, :b AS b, :c AS c",
            "\"parameters\":[{\"name\":\"c\",\"type\":\"DATE\",\"value\":\"2001-02-03\"},"
                + "{\"name\":\"a\",\"type\":\"INT\",\"value\":\"41\"},{\"name\":\"b\"}]");
    JsonNode positional =
        execute(
            "SELECT ? AS a, ? AS b",
            "\"parameters\":[{\"ordinal\":2,\"type\":\"LONG\",\"value\":\"2\"},"
                + "{\"ordinal\":1,\"value\":\"it's\"}]");

    assertThat(named.at("/result/data_array/0").toString())
        .as("%s", named)
        .isEqualTo("[\"42\",null,\"2001-02-03\"]");
    assertThat(positional.at("/result/data_array/0").toString())
        .as("%s", positional)
        .isEqualTo("[\"it's\",\"2\"]");
    assertThat(positional.at("/manifest/schema/columns/1/type_name").asText()).isEqualTo("LONG");
  }
}
