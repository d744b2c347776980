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

  @Test
  void foreignCatalogsLiveInSql() {
    TARN.sql("CREATE CONNECTION far_pg TYPE postgresql OPTIONS (host 'db.example', port '5432')");
    String create =
        "CREATE FOREIGN CATALOG far USING CONNECTION far_pg COMMENT 'theirs' OPTIONS (database"
            + " 'shop')";
    refused(create, "'far_pg' does not exist");
    TARN.sql("GRANT USE CONNECTION ON CONNECTION far_pg TO `connection-ann`");
    refused(create, "CREATE FOREIGN CATALOG");
    TARN.sql("GRANT CREATE CATALOG ON METASTORE TO `connection-ann`");
    TARN.sql("GRANT CREATE FOREIGN CATALOG ON CONNECTION far_pg TO `connection-ann`");
    refused("CREATE FOREIGN CATALOG far USING CONNECTION far_pg", "needs the option 'database'");
    refused(create.replace("database", "password"), "query history");
    refused(create.replace("far_pg", "nowhere"), "nowhere");
    TARN.sql(ANN, create);
    refused(create, "already exists");
    TARN.sql(ANN, create.replace("CATALOG far", "CATALOG IF NOT EXISTS far"));
    TARN.sql(ANN, "ALTER CATALOG far OPTIONS (database 'store')");
    assertThat(TARN.sql(ANN, "DESCRIBE CATALOG EXTENDED far"))
        .contains(
            "Comment|theirs",
            "Catalog Type|Foreign",
            "Connection Name|far_pg",
            "Option database|store");
    refused("ALTER CATALOG main OPTIONS (database 'store')", "main");
    TARN.sql(ANN, "DROP CATALOG far");
    TARN.sql("DROP CONNECTION far_pg");
    TARN.sql("REVOKE CREATE CATALOG ON METASTORE FROM `connection-ann`");
  }
}
