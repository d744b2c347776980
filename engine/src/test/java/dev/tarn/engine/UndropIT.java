package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.store.discarded.DiscardedFiles;
import dev.tarn.store.objects.ObjectStores;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UndropIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();
  private static final Principal READER = Principal.user("undrop-reader");

  @BeforeAll
  static void schema() {
    TARN.sql("CREATE CATALOG undropping");
    TARN.sql("CREATE SCHEMA undropping.s");
    TARN.sql("GRANT USE CATALOG, USE SCHEMA ON CATALOG undropping TO `undrop-reader`");
  }

  private static Path files(String table) {
    return Path.of(
        URI.create(
            TARN.govern.tables().find(EntityName.parse(table)).orElseThrow().storageLocation()));
  }

  private static void removeWhatIsDue() {
    new DiscardedFiles(TARN.govern.droppedTables(), ObjectStores.unconfigured()).remove();
  }

  @Test
  void aDroppedTableComesBackWithRowsGrantsAndTags() {
    TARN.sql("CREATE TABLE undropping.s.gold AS SELECT id FROM range(5)");
    TARN.sql("GRANT SELECT ON TABLE undropping.s.gold TO `undrop-reader`");
    TARN.sql("ALTER TABLE undropping.s.gold SET TAGS ('team' = 'x')");
    Path files = files("undropping.s.gold");
    String sum = "SELECT sum(id) FROM undropping.s.gold";
    assertThat(TARN.sql(READER, sum)).containsExactly("10");
    TARN.sql("DROP TABLE undropping.s.gold");
    removeWhatIsDue();
    assertThat(files).isDirectory();
    assertThatThrownBy(() -> TARN.sql(READER, sum)).hasMessageContaining("gold");

    List<String> dropped = TARN.sql("SHOW TABLES DROPPED IN undropping.s LIMIT 5");
    assertThat(dropped).singleElement().asString().startsWith("undropping|s|gold|");
    assertThat(TARN.sql(READER, "SHOW TABLES DROPPED FROM undropping.s")).isEmpty();
    assertThatThrownBy(() -> TARN.sql(READER, "UNDROP TABLE undropping.s.gold"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("SHOW TABLES DROPPED");
    TARN.sql("CREATE TABLE undropping.s.gold (other STRING)");
    assertThatThrownBy(() -> TARN.sql("UNDROP TABLE undropping.s.gold"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("RELATION_ALREADY_EXISTS");
    TARN.sql("ALTER TABLE undropping.s.gold RENAME TO undropping.s.lead");
    TARN.sql("UNDROP TABLE WITH ID '" + dropped.get(0).split("\\|")[3] + "'");
    assertThat(TARN.sql(READER, sum)).containsExactly("10");
    TARN.sql("INSERT INTO undropping.s.gold VALUES (32)");
    assertThat(TARN.sql(READER, sum)).containsExactly("42");
    assertThat(TARN.sql("SELECT tag_value FROM undropping.information_schema.table_tags"))
        .containsExactly("x");
    TARN.sql("DROP TABLE undropping.s.gold");
    TARN.sql("DROP TABLE undropping.s.lead");
  }

  @Test
  void whatHidesRowsAndValuesComesBackWithTheTable() {
    TARN.sql("CREATE SCHEMA undropping.hiding");
    TARN.sql("CREATE TABLE undropping.hiding.people (id BIGINT, ssn STRING, PRIMARY KEY (id))");
    TARN.sql("INSERT INTO undropping.hiding.people VALUES (1, 'a'), (2, 'b')");
    TARN.sql("CREATE FUNCTION undropping.hiding.only_one(id BIGINT) RETURNS BOOLEAN RETURN id = 1");
    TARN.sql("CREATE FUNCTION undropping.hiding.hidden(ssn STRING) RETURNS STRING RETURN '***'");
    TARN.sql(
        "ALTER TABLE undropping.hiding.people SET ROW FILTER undropping.hiding.only_one ON (id)");
    TARN.sql(
        "ALTER TABLE undropping.hiding.people ALTER COLUMN ssn SET MASK undropping.hiding.hidden");
    TARN.sql("GRANT SELECT ON TABLE undropping.hiding.people TO `undrop-reader`");
    String all = "SELECT id, ssn FROM undropping.hiding.people";
    assertThat(TARN.sql(READER, all)).containsExactly("1|***");
    TARN.sql("DROP TABLE undropping.hiding.people");
    TARN.sql("UNDROP TABLE undropping.hiding.people");
    assertThat(TARN.sql(READER, all)).containsExactly("1|***");
    assertThat(
            TARN.sql(
                "SELECT * FROM undropping.information_schema.table_constraints"
                    + " WHERE table_name = 'people'"))
        .as("keys are made again by hand")
        .isEmpty();
    TARN.sql("DROP TABLE undropping.hiding.people");
  }

  @Test
  void aDroppedSchemaGivesItsTablesBackToTheNextOfItsName() {
    TARN.sql("CREATE SCHEMA undropping.short");
    TARN.sql("CREATE TABLE undropping.short.t AS SELECT 7 AS n");
    TARN.sql("DROP SCHEMA undropping.short CASCADE");
    assertThatThrownBy(() -> TARN.sql("UNDROP TABLE undropping.short.t"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("does not exist");
    TARN.sql("CREATE SCHEMA undropping.short");
    TARN.sql("UNDROP TABLE undropping.short.t");
    assertThat(TARN.sql("SELECT n FROM undropping.short.t")).containsExactly("7");
  }

  @Test
  void whatIsPurgedIsGoneWithItsFiles() {
    TARN.sql("CREATE SCHEMA undropping.purging");
    TARN.sql("CREATE TABLE undropping.purging.secret AS SELECT 1 AS n");
    Path files = files("undropping.purging.secret");
    TARN.sql("DROP TABLE undropping.purging.secret PURGE");
    assertThatThrownBy(() -> TARN.sql("UNDROP TABLE undropping.purging.secret"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("its time is over");
    assertThat(files).isDirectory();
    removeWhatIsDue();
    assertThat(files).doesNotExist();
  }

  @Test
  void wrongStatementsAreRefusedWithAReason() {
    assertThatThrownBy(() -> TARN.sql("UNDROP undropping.s.x"))
        .hasMessageContaining("PARSE_SYNTAX_ERROR");
    assertThatThrownBy(() -> TARN.sql("SHOW TABLES DROPPED IN undropping.s LIMIT 99999999999"))
        .hasMessageContaining("LIMIT");
    assertThatThrownBy(() -> TARN.sql("UNDROP MATERIALIZED VIEW undropping.s.none"))
        .hasMessageContaining("none");
  }
}
