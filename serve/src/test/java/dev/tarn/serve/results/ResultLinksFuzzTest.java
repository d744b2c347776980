package dev.tarn.serve.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.testkit.fuzz.Mutations;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** A link that was changed anywhere opens nothing. */
class ResultLinksFuzzTest {
  private static final ResultLinks LINKS =
      new ResultLinks(Clock.systemUTC(), ResultsConfig.DEFAULT);

  /** Statement, expiry and signature of a link that is valid. */
  private static final String GOOD =
      LINKS
          .sign(URI.create("http://h"), "01f0-ab", 7)
          .url()
          .replaceFirst(".*/results/(.*)/7\\?expires=(.*)&signature=", "$1 $2 ");

  static Stream<byte[]> seeds() {
    String[] parts = GOOD.split(" ");
    return Stream.of(
            GOOD,
            parts[0] + " +" + parts[1] + ' ' + parts[2],
            parts[0] + " 0" + parts[1] + ' ' + parts[2],
            parts[0] + ' ' + parts[1].replace('1', '\u0661') + ' ' + parts[2],
            parts[0] + ' ' + parts[1] + ' ' + parts[2].toUpperCase(),
            parts[0] + ' ' + parts[1] + "9 " + parts[2],
            parts[0] + " 9223372036854775807 " + parts[2])
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean opens(String statement, int chunk, String expires, String signature) {
    try {
      LINKS.verify(statement, chunk, expires, signature);
      return true;
    } catch (TarnException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
      return false;
    }
  }

  @FuzzTest
  @MethodSource("seeds")
  void opensOnlyAsItWasSigned(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    String[] parts = text.split(" ", 3);
    if (parts.length == 3) {
      assertThat(opens(parts[0], 7, parts[1], parts[2])).isEqualTo(text.equals(GOOD));
      assertThat(opens(parts[0], 8, parts[1], parts[2])).isFalse();
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void slice() {
    Mutations.run("ResultLinksFuzzTest", seeds(), 20_000, this::opensOnlyAsItWasSigned);
  }
}
