package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TagsIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();
  private static final Principal STEWARD = Principal.user("steward");

  @BeforeAll
  static void tables() {
    TARN.sql("CREATE CATALOG tagged");
    TARN.sql("CREATE SCHEMA tagged.s");
    TARN.sql(
        "CREATE TABLE tagged.s.people (id BIGINT, ssn STRING)"
            + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
    TARN.sql("CREATE VIEW tagged.s.names AS SELECT id FROM tagged.s.people");
    TARN.sql("CREATE VOLUME tagged.s.files");
  }

  private static List<String> rows(String relation) {
    return TARN.sql("SELECT * FROM tagged.information_schema." + relation);
  }

  @Test
  void tagsOfEverySecurableAreInTheInformationSchema() {
    TARN.sql("ALTER CATALOG tagged SET TAGS ('cost' = 'a', 'cost2')");
    TARN.sql("ALTER SCHEMA tagged.s SET TAGS ('team' = 'x')");
    TARN.sql("ALTER VOLUME tagged.s.files SET TAGS ('kind' = 'raw')");
    TARN.sql("ALTER VIEW tagged.s.names SET TAGS ('public' = 'yes')");
    TARN.sql("SET TAG ON TABLE tagged.s.people secret = high");
    TARN.sql("SET TAG ON COLUMN tagged.s.names.id key");
    assertThat(rows("catalog_tags")).containsExactly("tagged|cost|a", "tagged|cost2|");
    assertThat(rows("schema_tags")).containsExactly("tagged|s|team|x");
    assertThat(rows("volume_tags")).containsExactly("tagged|s|files|kind|raw");
    assertThat(rows("table_tags"))
        .containsExactly("tagged|s|names|public|yes", "tagged|s|people|secret|high");
    assertThat(rows("column_tags WHERE table_name = 'names'"))
        .containsExactly("tagged|s|names|id|key|");
    assertThat(
            TARN.sql(
                "SELECT tag_value FROM system.information_schema.table_tags"
                    + " WHERE catalog_name = 'tagged' AND table_name = 'people'"))
        .containsExactly("high");
    TARN.sql("ALTER CATALOG tagged UNSET TAGS ('cost', 'cost2')");
    TARN.sql("UNSET TAG ON TABLE tagged.s.people secret");
    assertThat(rows("catalog_tags")).isEmpty();
    assertThat(rows("table_tags")).containsExactly("tagged|s|names|public|yes");
    assertThatThrownBy(() -> TARN.sql("UNSET TAG ON TABLE tagged.s.people secret"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("secret");
  }

  @Test
  void tagsOfColumnsFollowTheirNames() {
    String tags = "column_tags WHERE table_name = 'people'";
    TARN.sql("ALTER TABLE tagged.s.people ALTER COLUMN ssn SET TAGS ('pii' = 'ssn')");
    TARN.sql("ALTER TABLE tagged.s.people RENAME COLUMN ssn TO number");
    assertThat(rows(tags)).containsExactly("tagged|s|people|number|pii|ssn");
    assertThatThrownBy(() -> TARN.sql("ALTER TABLE tagged.s.people RENAME COLUMN number TO id"))
        .isInstanceOf(TarnException.class);
    assertThat(rows(tags)).containsExactly("tagged|s|people|number|pii|ssn");
    TARN.sql("ALTER TABLE tagged.s.people DROP COLUMN number");
    assertThat(rows(tags)).isEmpty();
  }

  @Test
  void onlyWhoMayApplyThemDoesAndOnlyWhoSeesTheTableSeesThem() {
    TARN.sql("CREATE TABLE tagged.s.hidden (id BIGINT)");
    TARN.sql("ALTER TABLE tagged.s.hidden SET TAGS ('k' = 'v')");
    TARN.sql("CREATE TABLE tagged.s.shown (id BIGINT)");
    TARN.sql("GRANT USE CATALOG ON CATALOG tagged TO steward");
    TARN.sql("GRANT USE SCHEMA ON SCHEMA tagged.s TO steward");
    TARN.sql("GRANT SELECT, APPLY TAG ON TABLE tagged.s.shown TO steward");
    TARN.sql(STEWARD, "ALTER TABLE tagged.s.shown SET TAGS ('k' = 'mine')");
    assertThatThrownBy(
            () -> TARN.sql(STEWARD, "ALTER TABLE tagged.s.hidden SET TAGS ('k' = 'mine')"))
        .hasMessageContaining("APPLY TAG");
    assertThat(TARN.sql(STEWARD, "SELECT table_name FROM tagged.information_schema.table_tags"))
        .containsExactly("shown");
    assertThat(TARN.sql(STEWARD, "SELECT * FROM tagged.information_schema.schema_tags"))
        .containsExactlyElementsOf(rows("schema_tags"));
  }
}
