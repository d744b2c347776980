package dev.tarn.engine.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementParserTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALTER VIEW v OWNER TO bob | true",
        "ALTER TABLE a.b.t SET OWNER TO `bob@x` | true",
        "ALTER TABLE t RENAME COLUMN owner TO boss | false",
        "ALTER TABLE owner RENAME TO boss | false",
        "ALTER VIEW v AS SELECT 1 | false"
      })
  void anOwnerIsToldFromAColumnOfThatName(String sql, boolean ours) {
    assertThat(StatementParser.isOurs(sql)).isEqualTo(ours);
  }

  private static Optional<Statement> parse(String sql) {
    return StatementParser.isOurs(sql)
        ? Optional.of(new StatementParser("main", "default").parse(sql))
        : Optional.empty();
  }

  @Test
  void grantsAndRevokes() {
    assertThat(parse("GRANT SELECT, USE SCHEMA ON SCHEMA sales TO `ana@x.org`;"))
        .contains(
            new Statement.Grant(
                Set.of(Privilege.SELECT, Privilege.USE_SCHEMA),
                Securable.schema(new SchemaName("main", "sales")),
                "ana@x.org"));
    assertThat(parse("grant all privileges on catalog Main to 1f2e-3d4c"))
        .contains(
            new Statement.Grant(
                Set.of(Privilege.ALL_PRIVILEGES), Securable.catalog("main"), "1f2e-3d4c"));
    assertThat(parse("REVOKE MODIFY ON a.b.c FROM analyst"))
        .contains(
            new Statement.Revoke(
                Set.of(Privilege.MODIFY),
                Securable.table(new EntityName("a", "b", "c")),
                "analyst"));
    assertThat(parse("GRANT READ FILES ON EXTERNAL LOCATION `raw-files` TO ann"))
        .contains(
            new Statement.Grant(
                Set.of(Privilege.READ_FILES), Securable.externalLocation("raw-files"), "ann"));
    assertThat(parse("/* who */ SHOW GRANTS analyst ON VOLUME v -- end"))
        .contains(
            new Statement.ShowGrants(
                Optional.of("analyst"), Securable.volume(new EntityName("main", "default", "v"))));
  }

  @Test
  void volumesAndCatalogs() {
    assertThat(parse("CREATE VOLUME IF NOT EXISTS b.`my-vol` COMMENT 'it''s'"))
        .contains(
            new Statement.CreateVolume(
                new EntityName("main", "b", "my-vol"), true, Optional.empty(), "it's"));
    assertThat(parse("CREATE EXTERNAL VOLUME v LOCATION 'file:///d'"))
        .contains(
            new Statement.CreateVolume(
                new EntityName("main", "default", "v"), false, Optional.of("file:///d"), null));
    assertThat(parse("DROP CATALOG IF EXISTS c CASCADE"))
        .contains(new Statement.DropCatalog("c", true, true));
    assertThat(parse("SHOW VOLUMES IN a.b LIKE 'x*'"))
        .contains(new Statement.ShowVolumes(new SchemaName("a", "b"), Optional.of("x*")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "CREATE TABLE volume (x INT)",
        "SHOW TABLES",
        "DROP SCHEMA x",
        "-- GRANT\nSELECT 2",
        "",
        "'",
      })
  void theRestIsSparks(String sql) {
    assertThat(parse(sql)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GRANT SELECT ON TABLE t",
        "GRANT SELECT ON TABLE a.b.c.d TO x",
        "GRANT FLY ON TABLE t TO x",
        "CREATE VOLUME v LOCATION 'x'",
        "DROP VOLUME a.b.c; SELECT 1",
        "GRANT SELECT ON TABLE t TO 'x' OR 1=1",
      })
  void mistakesAreRefused(String sql) {
    assertThatThrownBy(() -> parse(sql)).isInstanceOf(TarnException.class);
  }
}
