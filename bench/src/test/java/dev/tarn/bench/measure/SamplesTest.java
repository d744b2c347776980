package dev.tarn.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void medianOfOddAndEvenNumbers() {
    assertThat(samples(5, 1, 3).median()).isEqualTo(3);
    assertThat(samples(4, 1, 3, 2).median()).isEqualTo(2.5);
  }

  @Test
  void ratioIsPeerOverTarnByMedians() {
    Report report = new Report("some");
    report.compare("what", samples(1, 2, 30), samples(8, 3, 9));
    StringWriter text = new StringWriter();
    report.print(new PrintWriter(text));
    assertThat(text.toString())
        .contains("| some | what | 3 | 1.00 / 2.00 / 30.0 s | 3.00 / 8.00 / 9.00 s | **4.00** |");
  }

  private static Samples samples(double... values) {
    Samples samples = new Samples("some", "s");
    for (double value : values) {
      samples.add(value);
    }
    return samples;
  }
}
