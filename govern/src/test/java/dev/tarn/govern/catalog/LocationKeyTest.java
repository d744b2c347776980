package dev.tarn.govern.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LocationKeyTest {
  @Test
  void what_lies_inside_is_a_range_of_keys() {
    long seed = Long.getLong("tarn.seed", 1);
    Random random = new Random(seed);
    List<String> parts = List.of("a", "b", "a-b", "a.b", "a0", "ä", "A", "日", " ");
    for (int i = 0; i < 10_000; i++) {
      String one = path(random, parts);
      String other = path(random, parts);
      String key = LocationKey.of(other);
      boolean inRange =
          key.compareTo(LocationKey.before(one)) > 0 && key.compareTo(LocationKey.after(one)) < 0;
      assertThat(inRange)
          .as("seed %d: %s inside %s", seed, other, one)
          .isEqualTo(other.startsWith(one + '/'));
      assertThat(LocationKey.upwards(one).contains(other))
          .as("seed %d: %s inside %s", seed, one, other)
          .isEqualTo(one.equals(other) || one.startsWith(other + '/'));
    }
  }

  private static String path(Random random, List<String> parts) {
    StringBuilder path = new StringBuilder("file:///");
    int depth = 1 + random.nextInt(3);
    for (int i = 0; i < depth; i++) {
      path.append(i == 0 ? "" : "/").append(parts.get(random.nextInt(parts.size())));
    }
    return path.toString();
  }
}
