package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import org.junit.jupiter.api.Test;

class ConnectionsIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();
  private static final Principal ANN = Principal.user("connection-ann");

  private static void refused(String sql, String words) {
    assertThatThrownBy(() -> TARN.sql(ANN, sql))
        .as(sql)
        .isInstanceOf(TarnException.class)
        .hasMessageContaining(words);
  }

  @Test
  void connectionsLiveInSql() {
    String create =
        "CREATE CONNECTION sql_pg TYPE postgresql OPTIONS (host 'db.example', port '5432', user"
            + " 'u') COMMENT 'theirs'";
    refused(create, "CREATE CONNECTION");
    TARN.sql("GRANT CREATE CONNECTION ON METASTORE TO `connection-ann`");
    refused(
        "CREATE CONNECTION sql_pg TYPE mysql OPTIONS (host 'h', password 'hunter2')",
        "query history");
    TARN.sql(ANN, create);
    TARN.sql(ANN, create.replace("CONNECTION sql_pg", "CONNECTION IF NOT EXISTS sql_pg"));
    assertThat(TARN.sql(ANN, "SHOW CONNECTIONS")).containsExactly("sql_pg|POSTGRESQL|theirs");
    assertThat(TARN.sql(Principal.user("other"), "SHOW CONNECTIONS LIKE 'sql*'")).isEmpty();
    assertThat(TARN.sql(ANN, "DESCRIBE CONNECTION sql_pg"))
        .contains("Type|POSTGRESQL", "Option host|db.example", "Owner|connection-ann");
    TARN.sql(ANN, "GRANT USE CONNECTION ON CONNECTION sql_pg TO other");
    assertThat(TARN.sql(Principal.user("other"), "SHOW CONNECTIONS")).hasSize(1);
    String known =
        "SELECT connection_name, credential_type, url FROM system.information_schema.connections";
    assertThat(TARN.sql(ANN, known)).containsExactly("sql_pg|USERNAME_PASSWORD|db.example");
    assertThat(
            TARN.sql(
                ANN,
                "SELECT connection_name, grantee, privilege_type FROM"
                    + " system.information_schema.connection_privileges"))
        .containsExactly("sql_pg|other|USE_CONNECTION");
    assertThat(TARN.sql(Principal.user("stranger"), known)).isEmpty();
    TARN.sql(ANN, "COMMENT ON CONNECTION sql_pg IS 'ours'");
    TARN.sql(ANN, "ALTER CONNECTION sql_pg OPTIONS (host 'other.example')");
    TARN.sql(ANN, "ALTER CONNECTION sql_pg RENAME TO sql_db");
    TARN.sql(ANN, "ALTER CONNECTION sql_db OWNER TO admin");
    refused("DROP CONNECTION sql_db", "does not exist");
    assertThat(TARN.sql("SHOW CONNECTIONS LIKE 'sql*'")).containsExactly("sql_db|POSTGRESQL|ours");
    TARN.sql("DROP CONNECTION sql_db");
    TARN.sql("DROP CONNECTION IF EXISTS sql_db");
  }
}
