package dev.tarn.govern.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class LikePatternTest {
  private static boolean matches(String pattern, String name) {
    return LikePattern.of(Optional.of(pattern)).matches(name);
  }

  @Test
  void percentIsAnyTextAndUnderscoreOneCharacter() {
    assertThat(matches("%", "")).isTrue();
    assertThat(matches("fl%s", "flights")).isTrue();
    assertThat(matches("FL%", "flights")).isTrue();
    assertThat(matches("fl_ghts", "flights")).isTrue();
    assertThat(matches("fl_", "fl")).isFalse();
    assertThat(matches("%a%b", "xaxbxa")).isFalse();
    assertThat(matches("%a%b", "xaxbxab")).isTrue();
    assertThat(matches("f", "ff")).isFalse();
    assertThat(LikePattern.of(Optional.of("")).matches("anything")).isTrue();
    assertThat(LikePattern.of(Optional.empty()).matches("anything")).isTrue();
  }

  @Test
  void noPatternTakesLong() {
    assertThatCode(
            () ->
                Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(5), () -> matches("%a".repeat(100), "a".repeat(255))))
        .doesNotThrowAnyException();
  }
}
