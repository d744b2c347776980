package dev.tarn.govern.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableFiltersTest {
  private static ColumnMask mask(String id) {
    return new ColumnMask("main.s.f", id, List.of());
  }

  private static RowFilter filter(String id) {
    return new RowFilter("main.s.f", id, List.of());
  }

  @Test
  void whatIsDefinedWinsAndAllElseStays() {
    TableFilters there =
        new TableFilters(filter("old"), Map.of("Name", mask("old"), "id", mask("kept")));
    assertThat(new TableFilters(null, Map.of("NAME", mask("new"))).over(there))
        .isEqualTo(
            new TableFilters(filter("old"), Map.of("name", mask("new"), "id", mask("kept"))));
    assertThat(new TableFilters(filter("new"), Map.of()).over(there))
        .isEqualTo(new TableFilters(filter("new"), there.columnMasks()));
    assertThat(there.over(TableFilters.NONE)).isEqualTo(there);
    assertThat(TableFilters.NONE.over(there)).isEqualTo(there);
  }
}
