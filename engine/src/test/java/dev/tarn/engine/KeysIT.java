package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.TarnException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Primary and foreign keys through SQL. */
class KeysIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();

  @BeforeAll
  static void tables() {
    TARN.sql("CREATE CATALOG keyed");
    TARN.sql("CREATE SCHEMA keyed.s");
    TARN.sql(
        "CREATE TABLE keyed.s.people (id BIGINT, at TIMESTAMP, name STRING,"
            + " CONSTRAINT who PRIMARY KEY (id, at TIMESERIES) NOT ENFORCED RELY)");
    TARN.sql("CREATE TABLE keyed.s.countries (code STRING PRIMARY KEY, name STRING)");
  }

  private static List<String> rows(String relation) {
    return TARN.sql("SELECT * FROM keyed.information_schema." + relation);
  }

  @Test
  void aTableIsMadeWithItsKeys() {
    TARN.sql(
        "CREATE TABLE keyed.s.cities (name STRING NOT NULL, country STRING"
            + " CONSTRAINT lies_in REFERENCES keyed.s.countries DEFERRABLE INITIALLY DEFERRED,"
            + " PRIMARY KEY (name))");
    TARN.sql("INSERT INTO keyed.s.cities VALUES ('Oslo', 'no'), ('Oslo', 'us')");
    assertThat(TARN.sql("SELECT count(*) FROM keyed.s.cities WHERE name = 'Oslo'"))
        .containsExactly("2");
    assertThat(rows("table_constraints WHERE table_name = 'cities' ORDER BY constraint_name"))
        .containsExactly(
            "keyed|s|cities_pk|keyed|s|cities|PRIMARY KEY|YES|YES|NO|null",
            "keyed|s|lies_in|keyed|s|cities|FOREIGN KEY|YES|YES|NO|null");
    assertThat(rows("key_column_usage WHERE table_name = 'cities' ORDER BY constraint_name"))
        .containsExactly(
            "keyed|s|cities_pk|keyed|s|cities|name|1|null",
            "keyed|s|lies_in|keyed|s|cities|country|1|1");
    assertThat(rows("referential_constraints WHERE constraint_name = 'lies_in'"))
        .containsExactly("keyed|s|lies_in|keyed|s|countries_pk|FULL|NO ACTION|NO ACTION");
    assertThat(rows("constraint_column_usage WHERE constraint_name = 'lies_in'"))
        .containsExactly("keyed|s|countries|code|keyed|s|lies_in");
    assertThat(rows("constraint_table_usage WHERE constraint_name = 'lies_in'"))
        .containsExactly("keyed|s|countries|keyed|s|lies_in");
    assertThat(TARN.sql("SHOW CREATE TABLE keyed.s.cities").get(0))
        .contains("CONSTRAINT cities_pk PRIMARY KEY (name)")
        .contains("CONSTRAINT lies_in FOREIGN KEY (country) REFERENCES keyed.s.countries (code)");
    assertThat(TARN.sql("SHOW TBLPROPERTIES keyed.s.cities"))
        .noneMatch(property -> property.startsWith("tarn."));
    assertThatThrownBy(() -> TARN.sql("ALTER TABLE keyed.s.cities ALTER name DROP NOT NULL"))
        .hasMessageContaining("primary key");
    TARN.sql("CREATE OR REPLACE TABLE keyed.s.cities (name STRING)");
    assertThat(rows("table_constraints WHERE table_name = 'cities'")).isEmpty();
  }

  @Test
  void aTableRefersToItself() {
    TARN.sql(
        "CREATE TABLE keyed.s.parts (id INT, part_of INT, PRIMARY KEY (id),"
            + " CONSTRAINT inside FOREIGN KEY (part_of) REFERENCES keyed.s.parts (id))");
    assertThat(rows("key_column_usage WHERE constraint_name = 'inside'"))
        .containsExactly("keyed|s|inside|keyed|s|parts|part_of|1|1");
    assertThat(rows("referential_constraints WHERE constraint_name = 'inside'")).hasSize(1);
    TARN.sql("ALTER TABLE keyed.s.parts DROP PRIMARY KEY CASCADE");
    assertThat(rows("table_constraints WHERE table_name = 'parts'")).isEmpty();
  }

  @Test
  void keysAreTheSameForBothExecutors() {
    for (String executor : List.of("spark", "native")) {
      try (SqlSession session = TARN.session(EngineUnderTest.ADMIN, executor)) {
        for (String sql :
            List.of(
                "CREATE TABLE keyed.s." + executor + "_table (id INT PRIMARY KEY, x INT)",
                "INSERT INTO keyed.s." + executor + "_table VALUES (1, 2)")) {
          EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
        }
        assertThat(
                EngineUnderTest.rows(
                    session.execute(
                        UUID.randomUUID().toString(),
                        "SELECT * FROM keyed.s." + executor + "_table",
                        List.of())))
            .containsExactly("1|2");
      }
      assertThat(rows("key_column_usage WHERE table_name = '" + executor + "_table'")).hasSize(1);
    }
  }

  @Test
  void aTableWhoseKeysDoNotFitIsNotMade() {
    assertThatThrownBy(
            () ->
                TARN.sql(
                    "CREATE TABLE keyed.s.wrong (x INT, FOREIGN KEY (x)"
                        + " REFERENCES keyed.s.countries)"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("type");
    assertThatThrownBy(
            () -> TARN.sql("CREATE TABLE keyed.s.wrong (x INT REFERENCES keyed.s.nosuch)"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("nosuch");
    assertThatThrownBy(() -> TARN.sql("CREATE TABLE keyed.s.wrong (x INT UNIQUE)"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("UNIQUE");
    assertThat(TARN.sql("SHOW TABLES IN keyed.s LIKE 'wrong'")).isEmpty();
    TARN.sql("CREATE TABLE keyed.s.wrong (x STRING REFERENCES keyed.s.countries)");
    TARN.sql("DROP TABLE keyed.s.wrong");
  }

  @Test
  void keysAreAddedAndDropped() {
    TARN.sql("CREATE TABLE keyed.s.a (x INT NOT NULL, y INT)");
    TARN.sql("CREATE TABLE keyed.s.b (x INT)");
    assertThatThrownBy(() -> TARN.sql("ALTER TABLE keyed.s.a ADD PRIMARY KEY (x, y)"))
        .hasMessageContaining("may be NULL");
    TARN.sql("ALTER TABLE keyed.s.a ADD CONSTRAINT a_key PRIMARY KEY (x) RELY");
    TARN.sql(
        "ALTER TABLE keyed.s.b ADD FOREIGN KEY (x) REFERENCES keyed.s.a (x) ON DELETE NO ACTION");
    assertThatThrownBy(() -> TARN.sql("ALTER TABLE keyed.s.a DROP CONSTRAINT a_key"))
        .hasMessageContaining("b_a_fk");
    TARN.sql("ALTER TABLE keyed.s.b DROP FOREIGN KEY (x)");
    TARN.sql("ALTER TABLE keyed.s.a DROP CONSTRAINT IF EXISTS a_key");
    assertThatThrownBy(() -> TARN.sql("ALTER TABLE keyed.s.a DROP PRIMARY KEY"))
        .hasMessageContaining("primary key");
    TARN.sql("ALTER TABLE keyed.s.a DROP PRIMARY KEY IF EXISTS CASCADE");
    TARN.sql("ALTER TABLE keyed.s.a DROP CONSTRAINT IF EXISTS a_key");
    assertThat(rows("table_constraints WHERE table_name IN ('a', 'b')")).isEmpty();
  }

  @Test
  void checksAreListedAsDeltaKeepsThem() {
    TARN.sql("CREATE TABLE keyed.s.checked (x INT)");
    TARN.sql("ALTER TABLE keyed.s.checked ADD CONSTRAINT positive CHECK (x > 0)");
    assertThat(rows("check_constraints")).containsExactly("keyed|s|positive|x > 0|null");
    assertThatThrownBy(() -> TARN.sql("INSERT INTO keyed.s.checked VALUES (-1)"))
        .isInstanceOf(TarnException.class);
    TARN.sql("ALTER TABLE keyed.s.checked DROP CONSTRAINT positive");
    assertThat(rows("check_constraints")).isEmpty();
  }
}
