package dev.tarn.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.server.client.Rows.Column;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PrintersTest {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("n", "LONG", "BIGINT"),
          new Column("text", "STRING", "STRING"),
          new Column("tags", "ARRAY", "ARRAY<INT>"));

  private static String print(Function<PrintWriter, RowPrinter> printer, List<List<String>> rows) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    RowPrinter rowPrinter = printer.apply(out);
    rowPrinter.columns(COLUMNS);
    rows.forEach(rowPrinter::row);
    rowPrinter.end();
    out.flush();
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  @Test
  void tableAlignsAndNeverCuts() {
    assertThat(
            print(
                TablePrinter::new,
                List.of(
                    List.of("1", "a", "[1,2]"),
                    Arrays.asList("12345", "line\nbreak \u001b[31m", null))))
        .isEqualTo(
            """
                n | text                   | tags
            ------+------------------------+------
                1 | a                      | [1,2]
            12345 | line\\nbreak \\u001b[31m | NULL
            (2 rows)
            """);
  }

  @Test
  void jsonKeepsTypes() {
    assertThat(
            print(
                JsonPrinter::new,
                List.of(
                    List.of("9007199254740993", "say \"x\"", "[1,2]"),
                    Arrays.asList("NaN", null, "[]"))))
        .isEqualTo(
            "[{\"n\":9007199254740993,\"text\":\"say \\\"x\\\"\",\"tags\":[1,2]},\n"
                + " {\"n\":\"NaN\",\"text\":null,\"tags\":[]}]\n");
    assertThat(print(JsonPrinter::new, List.of())).isEqualTo("[]\n");
  }

  @Test
  void csvTellsNullFromEmpty() {
    assertThat(
            print(
                CsvPrinter::new,
                List.of(List.of("1", "a,\"b\"\nc", ""), Arrays.asList(null, "x", null))))
        .isEqualTo("n,text,tags\r\n1,\"a,\"\"b\"\"\nc\",\"\"\r\n,x,\r\n");
  }
}
