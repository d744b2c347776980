package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.credentials.CredentialContent;
import dev.tarn.govern.credentials.CredentialKind;
import dev.tarn.govern.credentials.Purpose;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StorageStatementsIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();
  private static final Principal ADMIN = Principal.administrator("admin");
  private static final Principal ANN = Principal.user("storage-ann");
  private static final String URL = "abfss://statements@lake.dfs.core.windows.net/in";

  private static void refused(String sql, String words) {
    assertThatThrownBy(() -> TARN.sql(ANN, sql))
        .as(sql)
        .isInstanceOf(TarnException.class)
        .hasMessageContaining(words);
  }

  @Test
  void credentialsAndLocationsLiveInSql() {
    TARN.govern
        .credentials()
        .create(
            ADMIN,
            "statement_key",
            Purpose.STORAGE,
            CredentialContent.of(
                CredentialKind.AZURE_STORAGE_KEY,
                Map.of("account_name", "lake", "account_key", "c2VjcmV0")),
            null,
            false);
    refused(
        "CREATE STORAGE CREDENTIAL mine WITH (role_arn = 'arn:aws:iam::1:role/x')",
        "CREATE STORAGE CREDENTIAL");
    assertThatThrownBy(
            () ->
                TARN.sql(
                    "CREATE STORAGE CREDENTIAL k WITH (account_name = 'a', account_key = 'b')"))
        .hasMessageContaining("query history");
    TARN.sql(
        "CREATE STORAGE CREDENTIAL statement_role WITH (role_arn = 'arn:aws:iam::1:role/x')"
            + " COMMENT 'theirs'");
    TARN.sql("CREATE STORAGE CREDENTIAL IF NOT EXISTS statement_role WITH (role_arn = 'other')");
    assertThat(TARN.sql("SHOW STORAGE CREDENTIALS LIKE 'statement*'"))
        .containsExactly("statement_key|STORAGE|null", "statement_role|STORAGE|theirs");
    assertThat(TARN.sql("DESCRIBE STORAGE CREDENTIAL statement_role"))
        .contains("role_arn|arn:aws:iam::1:role/x", "Owner|admin");
    assertThat(TARN.sql("DESC CREDENTIAL statement_key"))
        .contains("account_name|lake")
        .noneMatch(row -> row.contains("c2VjcmV0"));
    assertThat(TARN.sql(ANN, "SHOW CREDENTIALS")).isEmpty();
    refused("DESCRIBE STORAGE CREDENTIAL statement_role", "does not exist");
    TARN.sql("COMMENT ON STORAGE CREDENTIAL statement_role IS 'ours'");
    TARN.sql("ALTER STORAGE CREDENTIAL statement_role RENAME TO statement_other");
    TARN.sql("ALTER STORAGE CREDENTIAL statement_other OWNER TO `storage-ann`");
    assertThat(TARN.sql(ANN, "SHOW CREDENTIALS")).containsExactly("statement_other|STORAGE|ours");
    TARN.sql(ANN, "DROP STORAGE CREDENTIAL statement_other");
    TARN.sql("DROP CREDENTIAL IF EXISTS statement_other");

    String create =
        "CREATE EXTERNAL LOCATION statement_raw URL '"
            + URL
            + "' WITH (STORAGE CREDENTIAL statement_key) COMMENT 'raw'";
    refused(create, "CREATE EXTERNAL LOCATION");
    TARN.sql("GRANT CREATE EXTERNAL LOCATION ON METASTORE TO `storage-ann`");
    refused(create, "does not exist");
    TARN.sql("GRANT CREATE EXTERNAL LOCATION ON STORAGE CREDENTIAL statement_key TO `storage-ann`");
    TARN.sql(ANN, create);
    assertThat(TARN.sql(ANN, "SHOW EXTERNAL LOCATIONS LIKE 'statement*'"))
        .containsExactly("statement_raw|" + URL + "|raw");
    assertThat(TARN.sql("DESCRIBE EXTERNAL LOCATION statement_raw"))
        .singleElement()
        .asString()
        .startsWith("statement_raw|" + URL + "|statement_key|false|storage-ann|storage-ann|");
    assertThat(TARN.sql("SHOW GRANTS ON CREDENTIAL statement_key"))
        .containsExactly("storage-ann|CREATE EXTERNAL LOCATION|STORAGE_CREDENTIAL|statement_key");
    assertThatThrownBy(() -> TARN.sql("DROP STORAGE CREDENTIAL statement_key"))
        .hasMessageContaining("statement_raw");
    TARN.sql(ANN, "ALTER EXTERNAL LOCATION statement_raw SET URL '" + URL + "/deeper' FORCE");
    TARN.sql(ANN, "ALTER EXTERNAL LOCATION statement_raw SET STORAGE CREDENTIAL server");
    TARN.sql(ANN, "COMMENT ON EXTERNAL LOCATION statement_raw IS NULL");
    TARN.sql(ANN, "ALTER EXTERNAL LOCATION statement_raw RENAME TO statement_deep");
    assertThat(TARN.sql(ANN, "SHOW EXTERNAL LOCATIONS LIKE 'statement*'"))
        .containsExactly("statement_deep|" + URL + "/deeper|");
    TARN.sql(ANN, "ALTER EXTERNAL LOCATION statement_deep OWNER TO admin");
    refused("DROP EXTERNAL LOCATION statement_deep", "does not exist");
    TARN.sql("DROP EXTERNAL LOCATION statement_deep FORCE");
    TARN.sql("DROP EXTERNAL LOCATION IF EXISTS statement_deep");
    TARN.sql("DROP STORAGE CREDENTIAL statement_key");
  }

  @Test
  void tablesMayBeCalledLikeTheseWords() {
    TARN.sql("CREATE TABLE main.default.credential (storage INT, url STRING)");
    assertThat(TARN.sql("SELECT url FROM main.default.credential")).isEmpty();
    assertThat(TARN.sql("DESCRIBE main.default.credential")).hasSize(2);
    TARN.sql("DROP TABLE main.default.credential");
  }
}
