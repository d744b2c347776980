package dev.tarn.govern.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SearchTextTest {
  @Test
  void names_are_parted_where_people_read_them_so() {
    assertThat(SearchText.words("customer_orders-2024.v2"))
        .containsExactly("customer", "orders", "2024", "v2");
    assertThat(SearchText.words("customerOrderID")).containsExactly("customer", "order", "id");
    assertThat(SearchText.words("Größe  der Straße")).containsExactly("größe", "der", "straße");
    assertThat(SearchText.words("ﬁle ＡＢ")).containsExactly("file", "ab");
    assertThat(SearchText.words("%$ _")).isEmpty();
    assertThat(SearchText.words(null)).isEmpty();
  }

  @Test
  void long_texts_are_cut() {
    assertThat(SearchText.words("x".repeat(10_000))).containsExactly("x".repeat(64));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      text.append(" w").append(i);
    }
    assertThat(SearchText.words(text.toString())).hasSize(1_000);
  }
}
