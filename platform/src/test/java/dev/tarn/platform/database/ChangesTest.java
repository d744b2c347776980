package dev.tarn.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChangesTest {
  private final Changes changes = new Changes();

  @Test
  void a_name_is_touched_by_changes_of_it_and_of_what_it_lies_in() {
    changes.everything(1);
    changes.add(2, List.of(Touched.only("main.sales.orders")));
    changes.add(3, List.of(Touched.within("main.hr")));
    assertThat(changes.since("main.sales.orders", 1)).isTrue();
    assertThat(changes.since("main.sales.orders", 2)).isFalse();
    assertThat(changes.since("main.sales.orders_2", 1)).isFalse();
    assertThat(changes.since("main.sales", 1)).isFalse();
    assertThat(changes.since("main.hr", 2)).isTrue();
    assertThat(changes.since("main.hr.salaries", 2)).isTrue();
    assertThat(changes.since("main.hr2.salaries", 1)).isFalse();
    assertThat(changes.since("main", 1)).isFalse();
  }

  @Test
  void a_change_of_a_container_alone_leaves_what_is_in_it() {
    changes.add(2, List.of(Touched.only("main.sales")));
    assertThat(changes.since("main.sales", 1)).isTrue();
    assertThat(changes.since("main.sales.orders", 1)).isFalse();
  }

  @Test
  void a_change_that_does_not_say_touches_everything_before_it() {
    changes.add(2, List.of(Touched.only("a")));
    changes.everything(3);
    assertThat(changes.since("b", 2)).isTrue();
    assertThat(changes.since("b", 3)).isFalse();
    assertThat(changes.touchedSince(2)).isEmpty();
    changes.add(4, List.of(Touched.within("c"), Touched.only("d")));
    assertThat(changes.touchedSince(3))
        .hasValueSatisfying(
            touched ->
                assertThat(touched)
                    .containsExactlyInAnyOrder(Touched.within("c"), Touched.only("d")));
  }

  @Test
  void what_is_forgotten_counts_as_touched() {
    for (int i = 1; i <= 50_000; i++) {
      changes.add(i, List.of(Touched.only("t" + i)));
    }
    assertThat(changes.since("t1", 0)).isTrue();
    assertThat(changes.since("never", 0)).isTrue();
    assertThat(changes.since("t50000", 49_999)).isTrue();
    assertThat(changes.since("never", 49_999)).isFalse();
  }
}
