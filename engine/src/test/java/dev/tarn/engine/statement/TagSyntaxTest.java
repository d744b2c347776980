package dev.tarn.engine.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.tags.TaggedEntity;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagSyntaxTest {
  private static final Securable TABLE = Securable.table(new EntityName("main", "default", "t"));

  private static Optional<Statement> parse(String sql) {
    return StatementParser.isOurs(sql)
        ? Optional.of(new StatementParser("main", "default").parse(sql))
        : Optional.empty();
  }

  @Test
  void tagsOfEverySecurable() {
    assertThat(parse("ALTER CATALOG c SET TAGS ('a' = 'b')"))
        .contains(new Statement.SetTags(TaggedEntity.of(Securable.catalog("c")), Map.of("a", "b")));
    assertThat(parse("alter schema c.s unset tags ('a', 'it''s')"))
        .contains(
            new Statement.UnsetTags(
                TaggedEntity.of(Securable.schema(new SchemaName("c", "s"))), Set.of("a", "it's")));
    assertThat(parse("ALTER VOLUME v SET TAGS ('a')"))
        .contains(
            new Statement.SetTags(
                TaggedEntity.of(Securable.volume(new EntityName("main", "default", "v"))),
                Map.of("a", "")));
    assertThat(parse("ALTER TABLE t SET TAGS ('a' = 'x', 'b' = 'y')"))
        .contains(new Statement.SetTags(TaggedEntity.of(TABLE), Map.of("a", "x", "b", "y")));
    assertThat(parse("ALTER VIEW s.`my-view` UNSET TAGS ('a')")).isPresent();
  }

  @Test
  void tagsOfColumns() {
    assertThat(parse("ALTER TABLE t ALTER COLUMN ssn SET TAGS ('pii' = 'ssn')"))
        .contains(new Statement.SetTags(TaggedEntity.column(TABLE, "ssn"), Map.of("pii", "ssn")));
    assertThat(parse("ALTER TABLE t ALTER `set` UNSET TAGS ('pii')"))
        .contains(new Statement.UnsetTags(TaggedEntity.column(TABLE, "set"), Set.of("pii")));
    assertThat(parse("SET TAG ON COLUMN default.t.ssn pii"))
        .contains(new Statement.SetTag(TaggedEntity.column(TABLE, "ssn"), "pii", ""));
  }

  @Test
  void oneTagByItself() {
    assertThat(parse("SET TAG ON CATALOG catalog `cost_center` = `hr`"))
        .contains(
            new Statement.SetTag(
                TaggedEntity.of(Securable.catalog("catalog")), "cost_center", "hr"));
    assertThat(parse("UNSET TAG ON TABLE main.default.t cost_center;"))
        .contains(new Statement.UnsetTag(TaggedEntity.of(TABLE), "cost_center"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE t SET TBLPROPERTIES ('a' = 'b')",
        "ALTER TABLE t ALTER COLUMN tags COMMENT 'x'",
        "ALTER TABLE tags RENAME COLUMN tag TO set",
        "ALTER TABLE t ADD COLUMN tags STRING",
        "ALTER VIEW v AS SELECT 1 AS tags",
        "SET tag = 1",
        "SET ansi_mode = true",
        "SELECT tag, tags, unset FROM t",
      })
  void theRestIsSparks(String sql) {
    assertThat(parse(sql)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE t SET TAGS ()",
        "ALTER TABLE t SET TAGS (a = b)",
        "ALTER TABLE t SET TAGS ('a' = 'b', 'a' = 'c')",
        "SET TAG ON COLUMN c k",
        "SET TAG ON TABLE a.b.c.d k",
        "SET TAG ON TABLE t",
        "UNSET TAG ON TABLE t k = v",
      })
  void mistakesAreRefused(String sql) {
    assertThatThrownBy(() -> parse(sql)).isInstanceOf(TarnException.class);
  }
}
