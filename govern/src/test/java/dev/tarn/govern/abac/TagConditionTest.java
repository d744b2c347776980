package dev.tarn.govern.abac;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.TarnException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TagConditionTest {
  private static final Map<String, String> TAGS = Map.of("pii", "ssn", "it's", "", "Level", "high");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "has_tag('pii') | true",
        "HAS_TAG(\"pii\") | true",
        "hasTag('PII') | false",
        "has_tag('it''s') | true",
        "has_tag_value('pii', 'ssn') | true",
        "hasTagValue('pii','SSN') | false",
        "has_tag_value('nosuch', '') | false",
        "NOT has_tag('pii') | false",
        "not not has_tag('pii') | true",
        "has_tag('x') OR has_tag('pii') AND has_tag('y') | false",
        "(has_tag('pii') OR has_tag('x')) AND has_tag('Level') | true",
        "TRUE | true",
        "false or true | true",
        "true and not false | true"
      })
  void goesByTags(String condition, boolean holds) {
    assertThat(TagCondition.parse(condition).holds(TAGS)).isEqualTo(holds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "has_tag()",
        "has_tag(pii)",
        "has_tag('a', 'b')",
        "has_tag_value('a')",
        "has_tag('a') has_tag('b')",
        "(has_tag('a')",
        "has_tag('a'))",
        "AND",
        "secret_function('a')",
        "has_tag('a') OR 1 = 1",
        "has_tag('a') -- x",
        "has_tag('a"
      })
  void whatIsNoConditionIsRefused(String text) {
    assertThatThrownBy(() -> TagCondition.parse(text)).isInstanceOf(TarnException.class);
  }

  @Test
  void anyTextIsReadOrRefused() {
    long seed = Long.getLong("tarn.seed", 1);
    Random random = new Random(seed);
    List<String> parts =
        List.of(
            "has_tag", "(", ")", "'", "''", "pii", ",", " ", "NOT", "AND", "OR", "\"", "\n",
            "\u2028");
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(20); j >= 0; j--) {
        text.append(parts.get(random.nextInt(parts.size())));
      }
      try {
        TagCondition.parse(text.toString()).holds(TAGS);
      } catch (TarnException e) {
        assertThat(e).as("seed " + seed).hasMessageContaining("condition");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + text, e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "NOT "})
  void deepNestingIsRefused(String opener) {
    assertThatThrownBy(() -> TagCondition.parse(opener.repeat(900) + "TRUE"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("deeply");
  }
}
