package dev.tarn.engine.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyWordsTest {
  private static String squeezed(String sql) {
    KeyWords words = KeyWords.of(sql);
    assertThat(words.text().length()).isGreaterThanOrEqualTo(sql.length());
    return words.text().replaceAll(" +", " ").strip();
  }

  @Test
  void takesOutWhatHoldsForEveryKey() {
    assertThat(
            squeezed(
                "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES p (b) MATCH FULL ON"
                    + " UPDATE NO ACTION ON DELETE NO ACTION NOT ENFORCED DEFERRABLE INITIALLY"
                    + " DEFERRED RELY"))
        .isEqualTo(
            "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES p (b) NOT ENFORCED RELY");
    assertThat(squeezed("create table t (a int primary key enable novalidate)"))
        .isEqualTo("create table t (a int primary key )");
  }

  @Test
  void keepsWhichColumnSaysWhen() {
    KeyWords words =
        KeyWords.of("CREATE TABLE t (`\uD83D\uDE00` INT, PRIMARY KEY (a, `at` TIMESERIES))");
    assertThat(words.timeseries()).containsExactly("at");
    assertThat(words.text()).endsWith("PRIMARY KEY (a, `at`           ))");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT key, timeseries FROM match FULL JOIN t ON key = deferrable",
        "CREATE TABLE t (deferrable INT, timeseries INT, key INT PRIMARY KEY)",
        "CREATE TABLE t AS SELECT key FROM a match FULL JOIN b",
        "INSERT INTO t VALUES ('PRIMARY KEY DEFERRABLE')",
      })
  void leavesTheRestAsItIs(String sql) {
    assertThat(KeyWords.of(sql).text()).isEqualTo(sql);
  }
}
