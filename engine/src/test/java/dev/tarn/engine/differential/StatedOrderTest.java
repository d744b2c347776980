package dev.tarn.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.testkit.differential.Answer;
import dev.tarn.testkit.differential.Order;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatedOrderTest {
  private static Order of(String sql) {
    return StatedOrder.of(
        sql,
        List.of(
            new Answer.Column("a", "INT"),
            new Answer.Column("b", "INT"),
            new Answer.Column("c", "INT")));
  }

  @Test
  void readsKeysOfTheResultUpToTheFirstOther() {
    assertThat(of("SELECT a, b, c FROM t")).isEqualTo(Order.NONE);
    assertThat(of("SELECT a, b, c FROM t ORDER BY C DESC, 1")).isEqualTo(Order.by(2, 0));
    assertThat(of("SELECT a, b, c FROM t ORDER BY t.b, a + 1, c")).isEqualTo(Order.by(1));
    assertThat(of("SELECT a, b, c FROM t ORDER BY d, a")).isEqualTo(Order.NONE);
    assertThat(of("SELECT a, b, c FROM (SELECT * FROM t ORDER BY a)")).isEqualTo(Order.NONE);
  }

  @Test
  void readsWhatIsLeftOut() {
    assertThat(of("WITH w AS (SELECT 1) SELECT a, b, c FROM t ORDER BY a LIMIT 5"))
        .isEqualTo(new Order(List.of(0), false, true));
    assertThat(of("SELECT a, b, c FROM t ORDER BY a OFFSET 5"))
        .isEqualTo(new Order(List.of(0), true, false));
    assertThat(of("SELECT a, b, c FROM t LIMIT 5 OFFSET 2"))
        .isEqualTo(new Order(List.of(), true, true));
  }
}
