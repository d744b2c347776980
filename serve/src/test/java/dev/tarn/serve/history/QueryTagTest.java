package dev.tarn.serve.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueryTagTest {
  @Test
  void readsWhatDriversWrite() {
    assertThat(
            QueryTag.parse("team:data, urgent ,note:a\\,b\\:c\\\\d,url:http://x,empty:,,team:last"))
        .containsExactly(
            new QueryTag("team", "last"),
            new QueryTag("urgent", null),
            new QueryTag("note", "a,b:c\\d"),
            new QueryTag("url", "http://x"),
            new QueryTag("empty", null));
    assertThat(QueryTag.parse("")).isEmpty();
    assertThat(QueryTag.parse("a\\")).containsExactly(new QueryTag("a\\", null));
  }

  @Test
  void aStatementsTagsComeBeforeItsSessions() {
    assertThat(
            QueryTag.merged(
                List.of(new QueryTag("a", "1")),
                List.of(new QueryTag("a", "2"), new QueryTag("b", "2"))))
        .containsExactly(new QueryTag("a", "1"), new QueryTag("b", "2"));
  }

  @Test
  void refusesWhatIsTooMuch() {
    String many = IntStream.range(0, 21).mapToObj(i -> "k" + i).collect(Collectors.joining(","));
    assertThatThrownBy(() -> QueryTag.parse(many)).hasMessageContaining("20");
    assertThatThrownBy(() -> QueryTag.parse("k:" + "v".repeat(129))).hasMessageContaining("128");
    assertThatThrownBy(() -> QueryTag.parse(":v")).hasMessageContaining("key");
  }
}
