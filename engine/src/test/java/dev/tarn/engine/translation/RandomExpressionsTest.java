package dev.tarn.engine.translation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.differential.Grammar;
import dev.tarn.engine.differential.GrammarWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.junit.jupiter.api.Test;

/**
 * Expressions put together at random from what is supported. {@code -Dtarn.expressions=100000}
 * makes a long run, {@code -Dtarn.seed=…} repeats one.
 */
class RandomExpressionsTest {
  private static final int BATCH = 50;

  /** A build asks the same each time, and fails for what was changed; longer runs explore. */
  private static final int SHORT_RUN = 500;

  /**
   * Both optimizers drop what is combined with a constant null, even where it fails; Catalyst's
   * interpreter does not.
   */
  private static final String NULL = "CAST(NULL AS";

  private final Random random = new Random();

  private char type() {
    return Grammar.TYPES.charAt(random.nextInt(Grammar.TYPES.length()));
  }

  @Test
  void bothAnswerAlike() throws Exception {
    int count = Integer.getInteger("tarn.expressions", SHORT_RUN);
    long seed = Long.getLong("tarn.seed", count == SHORT_RUN ? 1 : System.nanoTime());
    random.setSeed(seed);
    GrammarWriter grammar = new GrammarWriter(random::nextInt, Edges.BY_TYPE);
    List<String> wrong = new ArrayList<>();
    Map<String, Integer> refusals = new TreeMap<>();
    int translated = 0;
    try (Differential utc = new Differential("UTC", 40, seed);
        Differential away = new Differential("America/New_York", 40, seed)) {
      for (int done = 0; done < count && wrong.size() < 20; done += BATCH) {
        Differential differential = random.nextInt(4) == 0 ? away : utc;
        List<String> batch = Stream.generate(() -> grammar.form(type(), 3)).limit(BATCH).toList();
        for (String text : batch) {
          try {
            Expression e = differential.analyse(List.of(text)).get(0);
            Differential.Outcome outcome = differential.compare(text, e);
            translated++;
            if (outcome.sql().contains(NULL)) {
              continue;
            }
            outcome.differences().stream()
                .limit(1)
                .forEach(
                    difference -> wrong.add(text + "\n as " + outcome.sql() + "\n " + difference));
          } catch (Untranslatable refused) {
            refusals.merge(refused.getMessage(), 1, Integer::sum);
          } catch (Exception e) {
            if (!(e instanceof AnalysisException)) {
              throw e;
            }
          }
        }
      }
    }
    assertThat(String.join("\n", wrong)).as("seed " + seed).isEmpty();
    assertThat(translated).as("translated, but for " + refusals).isGreaterThan(count / 2);
  }
}
