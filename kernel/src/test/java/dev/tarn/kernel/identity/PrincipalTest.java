package dev.tarn.kernel.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalTest {
  private static final Principal SAM = new Principal("Sam.i@x.org", Set.of("Analysts"), false);

  @Test
  void answersToItsNameAndThoseOfItsGroupsInAnyCase() {
    assertThat(SAM.answersTo("sam.I@x.org")).isTrue();
    assertThat(SAM.answersTo("ANALYSTS")).isTrue();
    assertThat(SAM.isNamed("analysts")).isFalse();
    assertThat(SAM.isIn("sam.i@x.org")).isFalse();
  }

  /** A long s and a dotless i are S and I in upper case, so that equalsIgnoreCase takes them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ſam.i@x.org",
        "sam.ı@x.org",
        "sаm.i@x.org",
        "analyſts",
        "ａnalysts",
        " sam.i@x.org"
      })
  void answersToNoNameThatOnlyLooksLikeIts(String name) {
    assertThat(SAM.answersTo(name)).isFalse();
  }
}
