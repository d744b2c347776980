package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FooterSchemaTest {
  private final FooterSchema schema = new FooterSchema();

  @Test
  void onlyColumnsAreFoundByTheirIds() {
    schema.add("root", 4, null);
    schema.add("a", 0, 1, "INT32");
    schema.add("list", 1, 2);
    schema.add("group", 1, null);
    schema.add("element", 2, 3);
    schema.add("x", 0, 4);
    schema.add("y", 0, null);
    schema.add("b", 0, 5);
    schema.add("without", 0, null);
    assertThat(schema.namesById()).isEqualTo(Map.of(1, "a", 2, "list", 5, "b"));
  }

  @Test
  void anIdOfSeveralColumnsLeadsToNone() {
    schema.add("root", 3, null);
    schema.add("a", 0, 1);
    schema.add("b", 0, 2);
    schema.add("c", 0, 1);
    assertThat(schema.namesById()).isEqualTo(Map.of(1, FooterSchema.SEVERAL, 2, "b"));
  }

  @Test
  void namesThatDifferInCaseAloneLeadNowhere() {
    schema.add("root", 2, null);
    schema.add("a", 0, 1);
    schema.add("A", 0, 2);
    assertThat(schema.namesById()).isEmpty();
  }

  @Test
  void schemasWithOtherIdsAreOthers() {
    schema.add("root", 1, null);
    schema.add("a", 0, 1);
    FooterSchema other = new FooterSchema();
    other.add("root", 1, null);
    other.add("a", 0, 2);
    assertThat(schema.text()).isNotEqualTo(other.text());
  }
}
