package dev.tarn.testkit.tpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TpcBenchmarkTest {
  @TempDir private Path folder;

  @Test
  void tpchHasTheTablesOfTheSpecificationFilled() throws IOException {
    Tpch tpch = new Tpch();
    tpch.write(0.01, folder);
    assertThat(tpch.tables()).hasSize(8);
    assertFilesFit(tpch);
    assertThat(Files.readAllLines(folder.resolve("lineitem.csv")))
        .hasSize(60_175)
        .startsWith(
            "1|1552|93|1|17|24710.35|0.04|0.02|N|O|1996-03-13|1996-02-12|1996-03-22|DELIVER IN"
                + " PERSON|TRUCK|egular courts above the");
    assertThat(tpch.tables().get(7).columnsAsSpecified())
        .contains("l_tax DECIMAL(15,2), l_returnflag CHAR(1)");
    assertThat(tpch.tables().get(7).columnsWithStrings())
        .contains("l_tax DECIMAL(15,2), l_returnflag STRING");
  }

  @Test
  void tpcdsHasTheTablesOfTheSpecificationFilled() throws IOException {
    Tpcds tpcds = new Tpcds();
    tpcds.write(0.01, folder);
    assertThat(tpcds.tables()).hasSize(24);
    assertFilesFit(tpcds);
    assertThat(Files.readAllLines(folder.resolve("store_returns.csv"))).hasSizeGreaterThan(10_000);
    assertThat(Files.readAllLines(folder.resolve("reason.csv")))
        .containsExactly("1|AAAAAAAABAAAAAAA|Package was damaged");
  }

  @Test
  void everyQueryIsThereOnce() {
    assertQueries(new Tpch().queries(), 22);
    assertQueries(new Tpcds().queries(), 103);
  }

  private void assertFilesFit(TpcBenchmark benchmark) throws IOException {
    for (TpcTable table : benchmark.tables()) {
      try (var lines = Files.lines(folder.resolve(table.name() + ".csv"))) {
        Set<Long> widths = new HashSet<>();
        lines.forEach(line -> widths.add(line.chars().filter(c -> c == '|').count() + 1));
        assertThat(widths).as(table.name()).containsExactly((long) table.columns().size());
      }
    }
  }

  private static void assertQueries(List<TpcQuery> queries, int count) {
    assertThat(queries).hasSize(count);
    assertThat(queries.stream().map(TpcQuery::sql).distinct()).hasSize(count);
    assertThat(queries).allSatisfy(query -> assertThat(query.sql()).containsIgnoringCase("select"));
  }
}
