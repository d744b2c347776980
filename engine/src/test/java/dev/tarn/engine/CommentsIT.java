package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.identity.Principal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** COMMENT ON, of whatever can have a comment. */
class CommentsIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();

  private static List<String> comments(String relation, String condition) {
    return TARN.sql(
        "SELECT comment FROM said.information_schema." + relation + " WHERE " + condition);
  }

  @Test
  void everythingCanBeCommentedOn() {
    TARN.sql("CREATE CATALOG said");
    TARN.sql("CREATE SCHEMA said.s");
    TARN.sql("CREATE TABLE said.s.t (x INT, y INT)");
    TARN.sql("CREATE VIEW said.s.v AS SELECT x FROM said.s.t");
    TARN.sql("CREATE VOLUME said.s.files");
    TARN.sql("CREATE FUNCTION said.s.f(x INT) RETURNS INT RETURN x");
    TARN.sql("COMMENT ON CATALOG said IS 'a catalog'");
    TARN.sql("COMMENT ON DATABASE said.s IS 'a schema'");
    TARN.sql("COMMENT ON TABLE said.s.t IS 'it''s a table'");
    TARN.sql("COMMENT ON VIEW said.s.v IS 'a view'");
    TARN.sql("COMMENT ON COLUMN said.s.t.x IS 'of a table'");
    TARN.sql("COMMENT ON COLUMN said.s.v.X IS 'of a view'");
    TARN.sql("COMMENT ON VOLUME said.s.files IS 'a volume'");
    TARN.sql("COMMENT ON FUNCTION said.s.f IS 'a function'");
    assertThat(comments("catalogs", "true")).containsExactly("a catalog");
    assertThat(comments("schemata", "schema_name = 's'")).containsExactly("a schema");
    assertThat(comments("tables", "table_schema = 's' ORDER BY 1"))
        .containsExactly("a view", "it's a table");
    assertThat(comments("columns", "table_schema = 's' AND column_name = 'x' ORDER BY 1"))
        .containsExactly("of a table", "of a view");
    assertThat(comments("volumes", "true")).containsExactly("a volume");
    assertThat(TARN.sql("DESCRIBE FUNCTION EXTENDED said.s.f"))
        .anyMatch(r -> r.contains("a function"));
    assertThat(TARN.sql("DESCRIBE DETAIL said.s.t").get(0)).contains("it's a table");
    TARN.sql("COMMENT ON TABLE said.s.v IS NULL");
    assertThat(comments("tables", "table_name = 'v'")).containsExactly("");
    assertThat(TARN.sql("SELECT x FROM said.s.v")).isEmpty();
    TARN.sql("GRANT USE CATALOG, USE SCHEMA, SELECT ON CATALOG said TO reader");
    for (String what : List.of("TABLE said.s.t", "VIEW said.s.v", "FUNCTION said.s.f")) {
      assertThatThrownBy(
              () -> TARN.sql(Principal.user("reader"), "COMMENT ON " + what + " IS 'mine'"))
          .as(what)
          .hasMessageContaining("PERMISSION_DENIED");
    }
  }
}
