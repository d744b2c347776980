package dev.tarn.bench.tpch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.bench.measure.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SameRowsTest {
  @TempDir private Path left;
  @TempDir private Path right;

  private void write(String first, String second) throws IOException {
    Files.writeString(left.resolve("q01.rows"), first);
    Files.writeString(right.resolve("q01.rows"), second);
  }

  @Test
  void takesNumbersOfOtherPrecisionForEqual() throws IOException {
    write("A\t25.522006\t1e3\n", "A\t25.52\t1000.0\n");
    assertThatCode(() -> SameRows.check("q01", left, right, "other")).doesNotThrowAnyException();
  }

  @Test
  void tellsWhichRowDiffers() throws IOException {
    write("A\t1\nB\t2\n", "A\t1\nB\t2.02\n");
    assertThatThrownBy(() -> SameRows.check("q01", left, right, "other"))
        .hasMessageContaining("q01, row 1 of other");
    write("A\t1\n", "A\t1\nB\t2\n");
    assertThatThrownBy(() -> SameRows.check("q01", left, right, "other"))
        .hasMessageContaining("2 rows instead of 1");
    write("A\n", "B\n");
    assertThatThrownBy(() -> SameRows.check("q01", left, right, "other"))
        .isInstanceOf(IOException.class);
    write("null\n", "0\n");
    assertThatThrownBy(() -> SameRows.check("q01", left, right, "other"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void geometricMeanIsOfMedians() {
    Samples two = new Samples("a", "ms");
    two.add(2);
    Samples eight = new Samples("b", "ms");
    eight.add(7);
    eight.add(9);
    assertThat(TpchBenchmark.geometricMean(Map.of("q01", two, "q02", eight)).median())
        .isCloseTo(4, org.assertj.core.data.Offset.offset(1e-9));
  }
}
