package dev.tarn.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.server.client.Rows;
import dev.tarn.server.client.TarnClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoScreenTest {
  private final StringWriter text = new StringWriter();

  @Test
  void printsEachStepOnceAndNoControlCharactersWithoutATerminal() {
    DemoScreen screen = new DemoScreen(new PrintWriter(text), false);
    screen.begin("Events", "replaying");
    screen.progress(0.5, "half");
    screen.done("10 events sent");
    assertThat(text.toString().lines())
        .singleElement()
        .asString()
        .startsWith("Events      10 events sent");
    assertThat(text.toString()).doesNotContain("\u001b", "\r");
  }

  @Test
  void drawsABarThatFillsOnATerminal() {
    DemoScreen screen = new DemoScreen(new PrintWriter(text), true);
    screen.begin("Events", "replaying");
    screen.progress(0.5, "half");
    assertThat(text.toString()).contains("█".repeat(12) + "░".repeat(12) + "  half");
  }

  @Test
  void alignsNumbersRightAndShowsNullAsADash() {
    DemoScreen screen = new DemoScreen(new PrintWriter(text), false);
    screen.table(
        "Title",
        new TarnClient.Result(
            List.of(
                new Rows.Column("name", "STRING", "STRING"),
                new Rows.Column("n", "LONG", "BIGINT")),
            List.of(List.of("Zürich", "7"), Arrays.asList(null, "12345"))));
    assertThat(text.toString().lines())
        .containsExactly(
            "",
            "Title",
            "  name         n",
            "  ──────   ─────",
            "  Zürich       7",
            "  -        12345");
  }

  @Test
  void chartsTheLargestValueAtFullWidthAndOthersInProportion() {
    DemoScreen screen = new DemoScreen(new PrintWriter(text), false);
    screen.chart("Title", List.of(List.of("a", "80"), List.of("b", "40"), List.of("c", "-1")), "%");
    List<String> lines = text.toString().lines().toList();
    assertThat(lines.get(2)).contains("█".repeat(40));
    assertThat(lines.get(3)).contains("█".repeat(20)).doesNotContain("█".repeat(21));
    assertThat(lines.get(4)).doesNotContain("█").endsWith("-1%");
  }
}
