package dev.tarn.govern.listing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Some entries of a listing in the order of their names, so that what comes and goes meanwhile
 * neither repeats nor hides another.
 *
 * @param next the name to go on after; empty if there are no more
 */
public record Page<T>(List<T> entries, Optional<String> next) {
  private static final int LEAST_BATCH = 200;

  public Page {
    entries = List.copyOf(entries);
  }

  /**
   * Reads no further than it must.
   *
   * @param after the name that the page before ended with; empty for the first
   * @param size at most
   * @param batch the entries after a name, at most so many, by name
   * @param shown whether the caller gets an entry
   */
  public static <T> Page<T> read(
      String after,
      int size,
      BiFunction<String, Integer, List<T>> batch,
      Function<T, String> name,
      Predicate<T> shown) {
    List<T> found = new ArrayList<>();
    String from = after;
    // One more than is asked for tells whether there is a next page.
    while (found.size() <= size) {
      int most = (int) Math.max(LEAST_BATCH, size + 1L - found.size());
      List<T> read = batch.apply(from, most);
      read.stream().filter(shown).forEach(found::add);
      if (read.size() < most) {
        break;
      }
      from = name.apply(read.get(read.size() - 1));
    }
    boolean more = found.size() > size;
    return new Page<>(
        more ? found.subList(0, size) : found,
        more ? Optional.of(name.apply(found.get(size - 1))) : Optional.empty());
  }
}
