package dev.tarn.serve.statements;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.serve.ServeTestRoom;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.testkit.cases.TypeCase;
import dev.tarn.testkit.cases.TypeCases;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every SQL type through JSON_ARRAY, CSV and ARROW_STREAM. */
class StatementTypesIT {
  @TempDir static Path data;
  static ServeTestRoom room;

  @BeforeAll
  static void start() {
    room = new ServeTestRoom(data, ResultsConfig.DEFAULT, StatementsConfig.DEFAULT);
  }

  @AfterAll
  static void stop() {
    room.close();
  }

  static List<TypeCase> values() {
    return TypeCases.all();
  }

  @ParameterizedTest
  @MethodSource("values")
  void travelsAsJson(TypeCase value) {
    JsonNode answer = room.execute(ServeTestRoom.ALICE, value.query(), "");

    JsonNode column = answer.at("/manifest/schema/columns/0");
    assertThat(answer.at("/status/state").asText()).as("%s", answer).isEqualTo("SUCCEEDED");
    assertThat(column.get("name").asText()).isEqualTo("v");
    assertThat(column.get("type_text").asText()).isEqualTo(value.typeText());
    assertThat(column.get("type_name").asText()).isEqualTo(value.typeName());
    assertThat(column.get("position").asInt()).isZero();
    JsonNode cell = answer.at("/result/data_array/0/0");
    assertThat(cell.isNull() ? null : cell.asText()).isEqualTo(value.text());
  }

  @ParameterizedTest
  @MethodSource("values")
  void travelsAsCsv(TypeCase value) {
    JsonNode answer =
        room.execute(
            ServeTestRoom.ALICE,
            value.query(),
            "\"disposition\":\"EXTERNAL_LINKS\",\"format\":\"CSV\"");

    String link = answer.at("/result/external_links/0/external_link").asText();
    assertThat(link).as("%s", answer).startsWith("http://tarn.example:8080/");
    String csv = new String(room.get(null, link).body(), StandardCharsets.UTF_8);
    assertThat(csv).isEqualTo("v\r\n" + csvCell(value.text()) + "\r\n");
  }

  private static String csvCell(String text) {
    if (text == null) {
      return "null";
    }
    boolean quote = text.isEmpty() || text.equals("null") || text.matches("(?s).*[,\"\n\r].*");
    return quote ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  @ParameterizedTest
  @MethodSource("values")
  void travelsAsCompressedArrow(TypeCase value) throws IOException {
    JsonNode answer =
        room.execute(
            ServeTestRoom.ALICE,
            value.query(),
            "\"disposition\":\"INLINE_OR_EXTERNAL_LINKS\",\"format\":\"ARROW_STREAM\","
                + "\"result_compression\":\"LZ4_FRAME\"");

    assertThat(answer.at("/manifest/result_compression").asText()).isEqualTo("LZ4_FRAME");
    byte[] attached = Base64.getDecoder().decode(answer.at("/result/attachment").asText());
    assertThat(attached).hasSize(answer.at("/result/byte_count").asInt());
    try (RootAllocator allocator = new RootAllocator();
        ArrowStreamReader reader =
            new ArrowStreamReader(
                new LZ4FrameInputStream(new ByteArrayInputStream(attached)), allocator)) {
      assertThat(reader.loadNextBatch()).isTrue();
      FieldVector vector = reader.getVectorSchemaRoot().getVector("v");
      assertThat(vector.getValueCount()).isEqualTo(1);
      assertThat(vector.isNull(0)).isEqualTo(value.text() == null);
      if (value.text() != null && value.typeName().equals("DECIMAL")) {
        assertThat(vector.getObject(0)).isEqualTo(new BigDecimal(value.text()));
      } else if (value.typeName().matches("ARRAY|MAP|STRUCT|VARIANT")) {
        assertThat(vector).isInstanceOf(VarCharVector.class);
        // Timestamps inside are as SQL writes them.
        assertThat(String.valueOf(vector.getObject(0)))
            .isEqualTo(
                String.valueOf(value.text())
                    .replaceAll("T(\\d\\d:\\d\\d:\\d\\d)(\\.000)?", " $1")
                    .replace("Z\"", "\""));
      } else if (value.text() != null && value.typeName().matches("INT|LONG|STRING")) {
        assertThat(vector.getObject(0)).hasToString(value.text());
      }
      assertThat(reader.loadNextBatch()).isFalse();
    }
  }

  @Test
  void namesPrecisionScaleAndInterval() {
    JsonNode columns =
        room.execute(
                ServeTestRoom.ALICE,
                "SELECT CAST(1 AS DECIMAL(12,3)) AS d, INTERVAL '1' DAY AS i",
                "")
            .at("/manifest/schema/columns");

    assertThat(columns.at("/0/type_precision").asInt()).isEqualTo(12);
    assertThat(columns.at("/0/type_scale").asInt()).isEqualTo(3);
    assertThat(columns.at("/0").has("type_interval_type")).isFalse();
    assertThat(columns.at("/1/type_interval_type").asText()).isEqualTo("DAY");
    assertThat(columns.at("/1/position").asInt()).isEqualTo(1);
  }

  @Test
  void keepsOrderOverManyBatches() {
    JsonNode answer = room.execute(ServeTestRoom.ALICE, "SELECT id FROM range(0, 25000, 1, 3)", "");

    List<String> expected = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < 25000; i++) {
      expected.add(Integer.toString(i));
    }
    answer.at("/result/data_array").forEach(row -> found.add(row.get(0).asText()));
    assertThat(found).isEqualTo(expected);
    assertThat(answer.at("/manifest/total_row_count").asInt()).isEqualTo(25000);
  }
}
