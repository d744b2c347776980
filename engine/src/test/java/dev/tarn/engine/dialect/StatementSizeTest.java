package dev.tarn.engine.dialect;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.TarnException;
import org.junit.jupiter.api.Test;

class StatementSizeTest {
  @Test
  void aLongLiteralIsFineAndMillionsOfWordsAreNot() {
    assertThatCode(() -> StatementSize.check("SELECT '" + "x".repeat(10 << 20) + "'"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> StatementSize.check("SELECT " + "(".repeat(10 << 20)))
        .isInstanceOfSatisfying(
            TarnException.class,
            e -> org.assertj.core.api.Assertions.assertThat(e.sqlState()).contains("54001"));
  }
}
