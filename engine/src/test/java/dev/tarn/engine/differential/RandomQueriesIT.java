package dev.tarn.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineUnderTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Random queries over random tables: what is executed natively must be what Spark answers. Some
 * thousands of statements by default; {@code -Dtarn.random.statements=1000000} for a night. The
 * seed is printed at the beginning; {@code -Dtarn.random.seed=…} with the same number of statements
 * repeats a run, tables and all. A failure shows the smallest statement that jqwik could shrink the
 * first one to, with both answers.
 */
class RandomQueriesIT {
  private static final String SCHEMA = "random_queries";

  /** So many statements ask the same tables. */
  private static final int STATEMENTS_OF_TABLES = 25_000;

  /** Of so many statements, one is compared with Spark's compiled code over the files. */
  private static final int COMPILED = 100;

  /** Of so many statements one at least must be native: else nothing is compared. */
  private static final double NATIVE = 0.5;

  /** Which of them a run's sessions are in follows from its seed. */
  private static final List<String> ZONES =
      List.of("UTC", "America/New_York", "Asia/Kathmandu", "Europe/Berlin");

  private static RandomComparison comparison;
  private static Map<Integer, List<RandomTables.Table>> tables;
  private static Map<String, Integer> refusals;
  private static int natives;
  private static long begun;

  /**
   * @param tables the number of the set of tables that it asks
   * @param choices of {@link RandomQueries}
   */
  record Statement(int tables, List<List<Integer>> choices) {
    String sql() {
      return new RandomQueries(choices, RandomQueriesIT.tables(tables)).query();
    }
  }

  @BeforeContainer
  static void open() {
    System.out.println(
        "random queries: -Dtarn.random.statements="
            + RandomRun.STATEMENTS
            + " -Dtarn.random.seed="
            + RandomRun.SEED);
    EngineUnderTest tarn = EngineUnderTest.get();
    tarn.sql("CREATE SCHEMA main." + SCHEMA);
    comparison =
        new RandomComparison(
            tarn, SCHEMA, ZONES.get((int) Math.floorMod(RandomRun.SEED, (long) ZONES.size())));
    tables = new HashMap<>();
    refusals = new HashMap<>();
    begun = System.nanoTime();
  }

  private static List<RandomTables.Table> tables(int set) {
    return tables.computeIfAbsent(set, RandomQueriesIT::create);
  }

  private static List<RandomTables.Table> create(int set) {
    RandomTables random = new RandomTables(RandomRun.SEED + set);
    List<RandomTables.Table> all = new ArrayList<>();
    for (RandomTables.Shape shape : RandomTables.Shape.values()) {
      RandomTables.Table table = random.table("s" + set + "_t" + shape.ordinal(), shape);
      comparison.create(table, random.statements(table));
      all.add(table);
    }
    return all;
  }

  @AfterContainer
  static void close() {
    if (comparison == null) {
      return;
    }
    comparison.close();
    int refused = refusals.values().stream().mapToInt(Integer::intValue).sum();
    int all = natives + refused;
    System.out.printf(
        "random queries: %d statements, %d of them native and compared, in %d s%n",
        all, natives, Duration.ofNanos(System.nanoTime() - begun).toSeconds());
    refusals.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(20)
        .forEach(refusal -> System.out.println(refusal.getValue() + " " + refusal.getKey()));
    assertThat(natives).as("native of " + all).isGreaterThan((int) (all * NATIVE));
  }

  @Provide
  Arbitrary<Statement> statements() {
    return Combinators.combine(
            Arbitraries.integers()
                .between(0, RandomRun.STATEMENTS / STATEMENTS_OF_TABLES)
                .withDistribution(RandomDistribution.uniform()),
            Choices.lists())
        .as(Statement::new);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  @AddLifecycleHook(RandomRun.class)
  void nativeMeansWhatSparkMeans(@ForAll("statements") Statement statement) {
    String sql = statement.sql();
    Optional<String> refusal = comparison.refusal(sql);
    if (refusal.isPresent()) {
      refusals.merge(refusal.get().lines().findFirst().orElse(""), 1, Integer::sum);
      return;
    }
    natives++;
    assertThat(
            natives % COMPILED == 0
                ? comparison.differenceToFiles(sql)
                : comparison.difference(sql).flatMap(found -> comparison.differenceToFiles(sql)))
        .as("difference")
        .isEmpty();
  }
}
