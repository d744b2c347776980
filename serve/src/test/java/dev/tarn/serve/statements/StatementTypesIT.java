package dev.tarn.serve.statements;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.serve.ServeTestRoom;
import dev.tarn.serve.results.ResultsConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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

  static Stream<Arguments> values() {
    return Stream.of(
        value("true", "BOOLEAN", "BOOLEAN", "true"),
        value("CAST(-128 AS TINYINT)", "TINYINT", "BYTE", "-128"),
        value("CAST(-32768 AS SMALLINT)", "SMALLINT", "SHORT", "-32768"),
        value("-2147483648", "INT", "INT", "-2147483648"),
        value("9223372036854775807", "BIGINT", "LONG", "9223372036854775807"),
        value("CAST(1.5 AS FLOAT)", "FLOAT", "FLOAT", "1.5"),
        value("CAST('NaN' AS DOUBLE)", "DOUBLE", "DOUBLE", "NaN"),
        value("CAST('-Infinity' AS DOUBLE)", "DOUBLE", "DOUBLE", "-Infinity"),
        value("1.7976931348623157E308D", "DOUBLE", "DOUBLE", "1.7976931348623157E308"),
        value(
            "CAST('-99999999999999999999999999999999999999' AS DECIMAL(38,0))",
            "DECIMAL(38,0)",
            "DECIMAL",
            "-99999999999999999999999999999999999999"),
        value(
            "CAST('0.00000000000000000000000000000000000001' AS DECIMAL(38,38))",
            "DECIMAL(38,38)",
            "DECIMAL",
            "0.00000000000000000000000000000000000001"),
        value("'naïve 雪, \"quoted\"\n'", "STRING", "STRING", "naïve 雪, \"quoted\"\n"),
        value("''", "STRING", "STRING", ""),
        value("'null'", "STRING", "STRING", "null"),
        value("X'00FF10'", "BINARY", "BINARY", "AP8Q"),
        value("DATE'0001-01-01'", "DATE", "DATE", "0001-01-01"),
        value("DATE'9999-12-31'", "DATE", "DATE", "9999-12-31"),
        value(
            "TIMESTAMP'2001-02-03 04:05:06.789012'",
            "TIMESTAMP",
            "TIMESTAMP",
            "2001-02-03T04:05:06.789012Z"),
        value(
            "TIMESTAMP'1969-12-31 23:59:59'", "TIMESTAMP", "TIMESTAMP", "1969-12-31T23:59:59.000Z"),
        value(
            "TIMESTAMP_NTZ'9999-12-31 23:59:59.999999'",
            "TIMESTAMP_NTZ",
            "TIMESTAMP",
            "9999-12-31T23:59:59.999999"),
        value("INTERVAL '-1-2' YEAR TO MONTH", "INTERVAL YEAR TO MONTH", "INTERVAL", "-1-2"),
        value(
            "INTERVAL '1 02:03:04.5' DAY TO SECOND",
            "INTERVAL DAY TO SECOND",
            "INTERVAL",
            "1 02:03:04.500000000"),
        value("array(1, NULL, 3)", "ARRAY<INT>", "ARRAY", "[1,null,3]"),
        value(
            "map('a', 1.5BD, 'b', NULL)",
            "MAP<STRING, DECIMAL(2,1)>",
            "MAP",
            "{\"a\":1.5,\"b\":null}"),
        value(
            "named_struct('x', array(DATE'2001-01-02'), 'y', named_struct('z', X'01', 'w', true))",
            "STRUCT<x: ARRAY<DATE> NOT NULL, y: STRUCT<z: BINARY NOT NULL, w: BOOLEAN NOT NULL> NOT"
                + " NULL>",
            "STRUCT",
            "{\"x\":[\"2001-01-02\"],\"y\":{\"z\":\"AQ==\",\"w\":true}}"),
        value(
            "map(1, array(double('NaN'), 2.5D))",
            "MAP<INT, ARRAY<DOUBLE>>",
            "MAP",
            "{\"1\":[\"NaN\",2.5]}"),
        value(
            "parse_json('{\"a\": [1, null, \"x\"]}')",
            "VARIANT",
            "VARIANT",
            "{\"a\":[1,null,\"x\"]}"),
        value("CAST(NULL AS BIGINT)", "BIGINT", "LONG", null),
        value("CAST(NULL AS STRUCT<a: INT>)", "STRUCT<a: INT>", "STRUCT", null),
        value("NULL", "VOID", "NULL", null));
  }

  private static Arguments value(String sql, String typeText, String typeName, String text) {
    return Arguments.of(sql, typeText, typeName, text);
  }

  @ParameterizedTest
  @MethodSource("values")
  void travelsAsJson(String sql, String typeText, String typeName, String text) {
    JsonNode answer = room.execute(ServeTestRoom.ALICE, "SELECT " + sql + " AS v", "");

    JsonNode column = answer.at("/manifest/schema/columns/0");
    assertThat(answer.at("/status/state").asText()).as("%s", answer).isEqualTo("SUCCEEDED");
    assertThat(column.get("name").asText()).isEqualTo("v");
    assertThat(column.get("type_text").asText()).isEqualTo(typeText);
    assertThat(column.get("type_name").asText()).isEqualTo(typeName);
    assertThat(column.get("position").asInt()).isZero();
    JsonNode cell = answer.at("/result/data_array/0/0");
    assertThat(cell.isNull() ? null : cell.asText()).isEqualTo(text);
  }

  @ParameterizedTest
  @MethodSource("values")
  void travelsAsCsv(String sql, String typeText, String typeName, String text) {
    JsonNode answer =
        room.execute(
            ServeTestRoom.ALICE,
            "SELECT " + sql + " AS v",
            "\"disposition\":\"EXTERNAL_LINKS\",\"format\":\"CSV\"");

    String link = answer.at("/result/external_links/0/external_link").asText();
    assertThat(link).as("%s", answer).startsWith("http://tarn.example:8080/");
    String csv = new String(room.get(null, link).body(), StandardCharsets.UTF_8);
    assertThat(csv).isEqualTo("v\r\n" + csvCell(text) + "\r\n");
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
  void travelsAsCompressedArrow(String sql, String typeText, String typeName, String text)
      throws IOException {
    JsonNode answer =
        room.execute(
            ServeTestRoom.ALICE,
            "SELECT " + sql + " AS v",
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
      assertThat(vector.isNull(0)).isEqualTo(text == null);
      if (text != null && typeName.equals("DECIMAL")) {
        assertThat(vector.getObject(0)).isEqualTo(new BigDecimal(text));
      } else if (text != null && typeName.matches("INT|LONG|STRING")) {
        assertThat(vector.getObject(0)).hasToString(text);
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
