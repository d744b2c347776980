package dev.tarn.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import net.jqwik.api.Example;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;

/** The generator itself: what it makes is SQL of every kind, and shrinks to what matters. */
class RandomQueriesTest {
  private static final int STATEMENTS = 2_000;

  private final List<RandomTables.Table> tables = tables();

  private static List<RandomTables.Table> tables() {
    RandomTables random = new RandomTables(7);
    List<RandomTables.Table> all = new ArrayList<>();
    for (RandomTables.Shape shape : RandomTables.Shape.values()) {
      all.add(random.table("t" + shape.ordinal(), shape));
    }
    return all;
  }

  private String sql(List<List<Integer>> choices) {
    return new RandomQueries(choices, tables).query();
  }

  @Example
  void makesQueriesOfEveryKind() {
    RandomGenerator<List<List<Integer>>> generator = Choices.lists().generator(STATEMENTS);
    Random random = new Random(7);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < STATEMENTS; i++) {
      String sql = sql(generator.next(random).value());
      new CatalystSqlParser().parsePlan(sql);
      all.append(sql).append('\n');
    }
    assertThat(all)
        .contains("t0", "t1", "t2", "DISTINCT", "ORDER BY", "LIMIT", "OFFSET", "GROUP BY", "ROLLUP")
        .contains("CUBE", "GROUPING SETS", "HAVING", "FILTER", "LEFT SEMI JOIN", "FULL JOIN")
        .contains("PARTITION BY", "RANGE BETWEEN", "UNION", "INTERSECT ALL", "EXCEPT", "WITH c AS")
        .contains(" NOT IN (SELECT", "EXISTS (SELECT", "explode(", "CASE WHEN");
  }

  @Example
  void aFailureShrinksToAStatementThatHoldsLittleElse() {
    assertThat(smallest(sql -> sql.contains("upper("))).hasSizeLessThan(80);
    assertThat(smallest(sql -> sql.contains("EXCEPT ALL"))).hasSizeLessThan(120);
    assertThat(smallest(sql -> sql.contains("ROLLUP"))).hasSizeLessThan(120);
  }

  private String smallest(Predicate<String> fails) {
    RandomGenerator<List<List<Integer>>> generator = Choices.lists().generator(STATEMENTS);
    Random random = new Random(7);
    Shrinkable<List<List<Integer>>> found = generator.next(random);
    while (!fails.test(sql(found.value()))) {
      found = generator.next(random);
    }
    Optional<Shrinkable<List<List<Integer>>>> smaller = Optional.of(found);
    while (smaller.isPresent()) {
      found = smaller.get();
      Shrinkable<List<List<Integer>>> last = found;
      smaller =
          last.shrink()
              .filter(s -> s.compareTo(last) < 0)
              .filter(s -> fails.test(sql(s.value())))
              .findFirst();
    }
    return sql(found.value());
  }
}
