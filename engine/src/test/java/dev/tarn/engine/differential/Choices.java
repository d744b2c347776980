package dev.tarn.engine.differential;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomDistribution;

/**
 * What a generator decides by: numbers, taken one after another, and 0 for ever when they are used
 * up. A generator puts its simplest alternative first, so that it ends, and so that a shorter list
 * of smaller numbers, which is what jqwik shrinks to, gives a simpler query.
 */
final class Choices {
  /** Numbers are below it. */
  static final int BOUND = 1024;

  private final List<Integer> numbers;
  private int next;

  Choices(List<Integer> numbers) {
    this.numbers = numbers;
  }

  /** What {@link RandomQueries} takes. */
  static Arbitrary<List<List<Integer>>> lists() {
    return Arbitraries.integers()
        .between(0, BOUND - 1)
        .withDistribution(RandomDistribution.uniform())
        .list()
        .ofMaxSize(30)
        .withSizeDistribution(RandomDistribution.uniform())
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  /** A number from 0 to below the bound; a smaller choice gives no larger one. */
  int below(int bound) {
    return next < numbers.size() ? numbers.get(next++) * bound / BOUND : 0;
  }

  /** Said with the largest choices only. */
  boolean oneIn(int many) {
    return below(many) == many - 1;
  }

  @SafeVarargs
  final <T> T of(T... alternatives) {
    return alternatives[below(alternatives.length)];
  }

  <T> T of(List<T> alternatives) {
    return alternatives.get(below(alternatives.size()));
  }
}
