package dev.tarn.govern.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of a listing that changes while it is read. */
class PageTest {
  private final TreeSet<String> names =
      new TreeSet<>(IntStream.range(0, 1_000).mapToObj(i -> String.format("n%04d", i)).toList());

  private Page<String> page(String after, int size, Predicate<String> shown) {
    return Page.read(
        after,
        size,
        (from, most) -> names.tailSet(from, false).stream().limit(most).toList(),
        name -> name,
        shown);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 199, 200, 201, 999, 1_000, Integer.MAX_VALUE - 1})
  void pagesTogetherAreTheWholeListing(int size) {
    Predicate<String> shown = name -> name.hashCode() % 7 != 0;
    List<String> all = new ArrayList<>();
    Page<String> page = page("", size, shown);
    all.addAll(page.entries());
    while (page.next().isPresent()) {
      assertThat(page.entries()).hasSize(size);
      page = page(page.next().get(), size, shown);
      all.addAll(page.entries());
    }
    assertThat(all).containsExactlyElementsOf(names.stream().filter(shown).toList());
  }

  @Test
  void whatGoesBetweenPagesHidesNothing() {
    Page<String> first = page("", 10, name -> true);
    names.remove("n0003");
    names.remove("n0009");
    names.add("n0001a");
    assertThat(page(first.next().orElseThrow(), 2, name -> true).entries())
        .containsExactly("n0010", "n0011");
  }

  @Test
  void whoeverIsShownNothingReadsOnToTheEnd() {
    assertThat(page("", 10, name -> false)).isEqualTo(new Page<>(List.of(), Optional.empty()));
    assertThat(page("", 1, "n0999"::equals).entries()).containsExactly("n0999");
  }
}
