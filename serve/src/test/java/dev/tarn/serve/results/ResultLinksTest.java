package dev.tarn.serve.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.TarnException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ResultLinksTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final ResultsConfig CONFIG = new ResultsConfig(null, null, 60);

  private Instant now = NOW;

  private final Clock clock =
      new Clock() {
        @Override
        public java.time.ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };

  @Test
  void expires() {
    ResultLinks links = new ResultLinks(clock, CONFIG);
    ResultLinks.Link link = links.sign(URI.create("https://tarn.example"), "s", 3);
    String expires = link.url().replaceAll(".*expires=(\\d+).*", "$1");
    String signature = link.url().replaceAll(".*signature=", "");

    assertThat(link.url()).startsWith("https://tarn.example/api/2.0/sql/results/s/3?");
    assertThat(link.expiration()).isEqualTo(NOW.plusSeconds(60));
    now = NOW.plusSeconds(59);
    assertThatCode(() -> links.verify("s", 3, expires, signature)).doesNotThrowAnyException();
    now = NOW.plusSeconds(60);
    assertThatThrownBy(() -> links.verify("s", 3, expires, signature))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("expired");
  }

  @Test
  void doNotOutliveTheProcess() {
    String url = new ResultLinks(clock, CONFIG).sign(URI.create("http://h"), "s", 0).url();
    ResultLinks afterRestart = new ResultLinks(clock, CONFIG);

    assertThatThrownBy(
            () ->
                afterRestart.verify(
                    "s",
                    0,
                    url.replaceAll(".*expires=(\\d+).*", "$1"),
                    url.replaceAll(".*signature=", "")))
        .isInstanceOf(TarnException.class);
  }
}
