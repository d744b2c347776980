package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tarn.govern.credentials.CredentialContent;
import dev.tarn.govern.credentials.CredentialKind;
import dev.tarn.govern.credentials.Purpose;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InformationSchemaIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();
  private static final Principal BROWSER = Principal.user("browser");

  @BeforeAll
  static void tables() {
    TARN.sql("CREATE CATALOG info COMMENT 'for the test'");
    TARN.sql("CREATE SCHEMA info.sales COMMENT 'sold'");
    TARN.sql(
        "CREATE TABLE info.sales.orders (id BIGINT NOT NULL COMMENT 'key', price DECIMAL(10,2),"
            + " at TIMESTAMP, tags ARRAY<STRING>) COMMENT 'all of them'");
    TARN.sql("CREATE TABLE info.sales.secret (x INT)");
    TARN.sql("CREATE VOLUME info.sales.files");
    TARN.sql("GRANT USE CATALOG ON CATALOG info TO browser");
    TARN.sql("GRANT USE SCHEMA ON SCHEMA info.sales TO browser");
    TARN.sql("GRANT SELECT ON TABLE info.sales.orders TO browser");
  }

  @Test
  void describesTablesAndTheirColumns() {
    assertThat(
            TARN.sql(
                "SELECT table_catalog, table_schema, table_name, table_type, is_insertable_into,"
                    + " table_owner, comment, data_source_format, created <= last_altered"
                    + " FROM info.information_schema.tables"
                    + " WHERE table_schema = 'sales' AND table_name = 'orders'"))
        .containsExactly("info|sales|orders|MANAGED|YES|admin|all of them|DELTA|true");
    assertThat(
            TARN.sql(
                "SELECT ordinal_position, column_name, is_nullable, full_data_type, data_type,"
                    + " numeric_precision, numeric_precision_radix, numeric_scale,"
                    + " datetime_precision, comment FROM info.information_schema.columns"
                    + " WHERE table_name IN ('orders', 'nosuch') ORDER BY ordinal_position"))
        .containsExactly(
            "1|id|NO|bigint|BIGINT|64|2|0|null|key",
            "2|price|YES|decimal(10,2)|DECIMAL|10|10|2|null|null",
            "3|at|YES|timestamp|TIMESTAMP|null|null|null|3|null",
            "4|tags|YES|array<string>|ARRAY|null|null|null|null|null");
  }

  @Test
  void joinsAndGroupsLikeAnyTable() {
    assertThat(
            TARN.sql(
                "SELECT t.table_name, count(*) FROM info.information_schema.tables t JOIN"
                    + " info.information_schema.columns c USING (table_catalog, table_schema,"
                    + " table_name) WHERE t.table_schema = 'sales' GROUP BY ALL ORDER BY 1"))
        .containsExactly("orders|4", "secret|1");
    assertThat(
            TARN.sql(
                "SELECT schema_name, schema_owner, comment FROM info.information_schema.schemata"
                    + " WHERE schema_name = 'sales' AND schema_name LIKE 's%'"))
        .containsExactly("sales|admin|sold");
    assertThat(TARN.sql("SELECT volume_name, volume_type FROM info.information_schema.volumes"))
        .containsExactly("files|MANAGED");
    assertThat(TARN.sql("SELECT * FROM info.information_schema.information_schema_catalog_name"))
        .containsExactly("info");
  }

  @Test
  void listsItself() {
    assertThat(TARN.sql("SHOW SCHEMAS IN info")).contains("default", "information_schema", "sales");
    assertThat(TARN.sql("SHOW TABLES IN info.information_schema"))
        .contains("information_schema|columns|false");
    assertThat(TARN.sql("DESCRIBE info.information_schema.catalog_privileges"))
        .contains("grantee|string|null");
    assertThat(
            TARN.sql(
                "SELECT table_type FROM info.information_schema.tables"
                    + " WHERE table_schema = 'information_schema' AND table_name = 'views'"))
        .containsExactly("VIEW");
    for (String name :
        TARN.sql(
            "SELECT table_name FROM info.information_schema.tables"
                + " WHERE table_schema = 'information_schema'")) {
      TARN.sql("SELECT * FROM info.information_schema." + name);
      TARN.sql("SELECT * FROM system.information_schema." + name);
    }
  }

  /** As Databricks documents them, in this order; this test is written from its pages. */
  private static final String DOCUMENTED =
      """
      catalog_privileges: grantor grantee catalog_name privilege_type is_grantable inherited_from
      catalog_provider_share_usage: catalog_name provider_name share_name
      catalog_tags: catalog_name tag_name tag_value
      catalogs: catalog_name catalog_owner comment created created_by last_altered last_altered_by
      column_tags: catalog_name schema_name table_name column_name tag_name tag_value
      connection_privileges: grantor grantee connection_name privilege_type is_grantable \
        inherited_from
      connections: connection_name connection_type connection_owner comment created created_by \
        credential_type last_altered last_altered_by connection_options url
      constraint_column_usage: table_catalog table_schema table_name column_name \
        constraint_catalog constraint_schema constraint_name
      constraint_table_usage: table_catalog table_schema table_name constraint_catalog \
        constraint_schema constraint_name
      credential_privileges: grantor grantee credential_name privilege_type is_grantable \
        inherited_from
      credentials: credential_id credential_name credential_owner credential_purpose \
        credential_type credential used_for_managed_storage comment created created_by \
        last_altered last_altered_by
      external_location_privileges: grantor grantee external_location_name privilege_type \
        is_grantable inherited_from
      external_locations: external_location_name external_location_owner url \
        storage_credential_id storage_credential_name read_only comment created created_by \
        last_altered last_altered_by
      information_schema_catalog_name: catalog_name
      key_column_usage: constraint_catalog constraint_schema constraint_name table_catalog \
        table_schema table_name column_name ordinal_position position_in_unique_constraint
      metastore_privileges: grantor grantee metastore_id privilege_type is_grantable inherited_from
      metastores: metastore_id metastore_name metastore_owner storage_root \
        storage_root_credential_id storage_root_credential_name delta_sharing_scope \
        delta_sharing_recipient_token_lifetime delta_sharing_organization_name \
        privilege_model_version cloud region global_metastore_id created created_by last_altered \
        last_altered_by
      providers: provider_name provider_owner authentication_type share_credentials_version \
        endpoint comment cloud region data_provider_global_metastore_id created created_by \
        last_altered last_altered_by
      recipient_allowed_ip_ranges: recipient_name allowed_ip_range
      recipient_tokens: recipient_name recipient_token_id activation_url expiration_time created \
        created_by last_altered last_altered_by
      recipients: recipient_name recipient_id recipient_owner authentication_type comment cloud \
        region data_recipient_global_metastore_id created created_by last_altered last_altered_by
      routine_privileges: grantor grantee specific_catalog specific_schema specific_name \
        routine_catalog routine_schema routine_name privilege_type is_grantable inherited_from
      schema_privileges: grantor grantee catalog_name schema_name privilege_type is_grantable \
        inherited_from
      schema_share_usage: catalog_name schema_name share_name shared_as_schema comment
      schema_tags: catalog_name schema_name tag_name tag_value
      schemata: catalog_name schema_name schema_owner comment created created_by last_altered \
        last_altered_by
      share_recipient_privileges: grantor recipient_name share_name privilege_type inherited_from
      shares: share_name share_owner comment created created_by last_altered last_altered_by
      storage_credential_privileges: grantor grantee storage_credential_name privilege_type \
        is_grantable inherited_from
      storage_credentials: storage_credential_id storage_credential_name storage_credential_owner \
        credential_type credential used_for_managed_storage comment created created_by \
        last_altered last_altered_by
      table_share_usage: catalog_name schema_name table_name share_name partition_spec \
        cdf_enabled start_version shared_as_schema shared_as_table comment
      table_tags: catalog_name schema_name table_name tag_name tag_value
      views: table_catalog table_schema table_name view_definition check_option is_updatable \
        is_insertable_into sql_path is_materialized
      volume_privileges: grantor grantee volume_catalog volume_schema volume_name privilege_type \
        is_grantable inherited_from
      volume_tags: catalog_name schema_name volume_name tag_name tag_value
      volumes: volume_catalog volume_schema volume_name volume_type volume_owner comment created \
        created_by last_altered last_altered_by storage_location
      """;

  @Test
  void hasTheColumnsThatAreDocumented() {
    Map<String, String> columns = new HashMap<>();
    for (String row :
        TARN.sql(
            "SELECT table_name, column_name FROM info.information_schema.columns WHERE"
                + " table_schema = 'information_schema' ORDER BY table_name, ordinal_position")) {
      String[] names = row.split("\\|");
      columns.merge(names[0], names[1], (before, name) -> before + ' ' + name);
    }
    for (String line : DOCUMENTED.lines().toList()) {
      String[] relation = line.split(": ");
      assertThat(columns).containsEntry(relation[0], relation[1].replaceAll(" +", " "));
    }
  }

  @Test
  void describesTheMetastoreAndExternalLocations() {
    Principal admin = EngineUnderTest.ADMIN;
    Securable location = Securable.externalLocation("shared_files");
    TARN.govern
        .externalLocations()
        .create(admin, "shared_files", "file:/tmp/shared-files", "old", false);
    TARN.govern.grants().grant(admin, location, "browser", Set.of(Privilege.READ_FILES));
    TARN.govern
        .grants()
        .grant(admin, Securable.METASTORE, "browser", Set.of(Privilege.CREATE_CATALOG));
    String locations =
        "SELECT external_location_name, external_location_owner, url, read_only, comment FROM"
            + " info.information_schema.external_locations";
    assertThat(TARN.sql(locations))
        .containsExactly("shared_files|admin|file:///tmp/shared-files|NO|old");
    assertThat(TARN.sql(BROWSER, locations)).hasSize(1);
    assertThat(
            TARN.sql(
                "SELECT grantee, privilege_type FROM"
                    + " system.information_schema.external_location_privileges"))
        .containsExactly("browser|READ_FILES");
    assertThat(
            TARN.sql(
                "SELECT m.metastore_owner, p.grantee, p.privilege_type FROM"
                    + " system.information_schema.metastores m JOIN"
                    + " system.information_schema.metastore_privileges p USING (metastore_id)"))
        .containsExactly("admins|browser|CREATE_CATALOG");
    assertThat(
            TARN.sql(
                BROWSER,
                "SELECT storage_root FROM system.information_schema.metastores UNION ALL SELECT"
                    + " grantee FROM system.information_schema.metastore_privileges"))
        .containsExactly("null");
    TARN.govern
        .grants()
        .revoke(admin, Securable.METASTORE, "browser", Set.of(Privilege.CREATE_CATALOG));
  }

  @Test
  void describesCredentialsWithoutTheirSecrets() {
    Principal admin = EngineUnderTest.ADMIN;
    TARN.govern
        .facades()
        .credentials()
        .create(
            admin,
            "store_key",
            Purpose.STORAGE,
            CredentialContent.of(
                CredentialKind.AZURE_STORAGE_KEY,
                Map.of("account_name", "lake", "account_key", "c2VjcmV0")),
            "for the lake",
            false);
    TARN.govern
        .grants()
        .grant(
            admin,
            Securable.storageCredential("store_key"),
            "browser",
            Set.of(Privilege.READ_FILES));
    assertThat(
            TARN.sql(
                "SELECT credential_name, credential_owner, credential_purpose, credential_type,"
                    + " credential, comment FROM info.information_schema.credentials"))
        .containsExactly(
            "store_key|admin|STORAGE|AZURE_STORAGE_KEY|{\"account_name\":\"lake\"}|for the lake");
    assertThat(
            TARN.sql(
                "SELECT c.storage_credential_name, p.grantee, p.privilege_type FROM"
                    + " system.information_schema.storage_credentials c JOIN"
                    + " system.information_schema.storage_credential_privileges p USING"
                    + " (storage_credential_name)"))
        .containsExactly("store_key|browser|READ_FILES");
    assertThat(
            TARN.sql(
                Principal.user("nobody"), "SELECT * FROM system.information_schema.credentials"))
        .isEmpty();
  }

  @Test
  void showsOnlyWhatThePrincipalMaySee() {
    assertThat(
            TARN.sql(
                BROWSER,
                "SELECT table_name FROM info.information_schema.tables"
                    + " WHERE table_schema <> 'information_schema'"))
        .containsExactly("orders");
    assertThat(
            TARN.sql(
                BROWSER,
                "SELECT count(*) FROM info.information_schema.columns WHERE table_name = 'secret'"))
        .containsExactly("0");
    assertThat(TARN.sql(BROWSER, "SELECT * FROM info.information_schema.table_privileges"))
        .isEmpty();
    assertThat(
            TARN.sql(
                "SELECT grantee, table_name, privilege_type"
                    + " FROM info.information_schema.table_privileges"))
        .containsExactly("browser|orders|SELECT");
    assertThat(
            TARN.sql(
                "SELECT grantee, privilege_type FROM info.information_schema.catalog_privileges"))
        .containsExactly("browser|USE_CATALOG");
    assertThat(
            catchThrowable(
                () ->
                    TARN.sql(
                        Principal.user("nobody"), "SELECT * FROM info.information_schema.tables")))
        .isInstanceOf(TarnException.class);
  }

  @Test
  void describesFunctions() {
    TARN.sql("CREATE SCHEMA info.calls");
    TARN.sql(
        "CREATE FUNCTION info.calls.twice(n DECIMAL(10,2) COMMENT 'of', k INT DEFAULT 2) RETURNS"
            + " DECIMAL(12,2) COMMENT 'more' RETURN n * k");
    TARN.sql(
        "CREATE FUNCTION info.calls.ordered(least BIGINT) RETURNS TABLE (id BIGINT, price"
            + " DECIMAL(10,2) COMMENT 'net') RETURN SELECT id, price FROM info.sales.orders WHERE"
            + " id > least");
    TARN.sql("GRANT EXECUTE ON FUNCTION info.calls.twice TO browser");
    assertThat(
            TARN.sql(
                "SELECT specific_name, routine_name, routine_owner, routine_type, data_type,"
                    + " full_data_type, numeric_precision, numeric_scale, routine_body,"
                    + " routine_definition, is_deterministic, sql_data_access, comment FROM"
                    + " info.information_schema.routines ORDER BY 1"))
        .hasSize(2)
        .satisfies(
            rows -> {
              assertThat(rows.get(0)).startsWith("ordered|ordered|admin|FUNCTION|TABLE|table|");
              assertThat(rows.get(0)).contains("READS SQL DATA");
              assertThat(rows.get(1))
                  .isEqualTo(
                      "twice|twice|admin|FUNCTION|DECIMAL|decimal(12,2)|12|2|SQL|n * k|YES|CONTAINS"
                          + " SQL|more");
            });
    assertThat(
            TARN.sql(
                "SELECT specific_name, ordinal_position, parameter_name, full_data_type,"
                    + " parameter_default, comment FROM system.information_schema.parameters WHERE"
                    + " specific_catalog = 'info' ORDER BY 1, 2"))
        .containsExactly(
            "ordered|1|least|bigint|null|null",
            "twice|1|n|decimal(10,2)|null|of",
            "twice|2|k|int|2|null");
    assertThat(
            TARN.sql(
                "SELECT specific_name, ordinal_position, column_name, full_data_type, comment FROM"
                    + " info.information_schema.routine_columns ORDER BY 2"))
        .containsExactly("ordered|1|id|bigint|null", "ordered|2|price|decimal(10,2)|net");
    assertThat(
            TARN.sql(
                "SELECT grantee, routine_name, privilege_type FROM"
                    + " info.information_schema.routine_privileges"))
        .containsExactly("browser|twice|EXECUTE");
  }

  @Test
  void whoMayOnlyBrowseSeesNoTextAndNoPlace() {
    TARN.sql("CREATE SCHEMA info.shown");
    TARN.sql("CREATE TABLE info.shown.t (x INT)");
    TARN.sql("CREATE VIEW info.shown.v AS SELECT 'hidden words' AS w");
    TARN.sql("CREATE FUNCTION info.shown.f() RETURNS STRING RETURN 'hidden words'");
    TARN.sql("GRANT BROWSE ON SCHEMA info.shown TO browser");
    String views =
        "SELECT view_definition FROM info.information_schema.views WHERE table_name = 'v'";
    String routines =
        "SELECT routine_definition FROM info.information_schema.routines WHERE routine_name = 'f'";
    String places =
        "SELECT storage_path IS NULL FROM info.information_schema.tables WHERE table_schema ="
            + " 'shown' AND table_name = 't'";
    assertThat(TARN.sql(BROWSER, views)).containsExactly("null");
    assertThat(TARN.sql(BROWSER, routines)).containsExactly("null");
    assertThat(TARN.sql(BROWSER, places)).containsExactly("true");
    assertThat(TARN.sql(BROWSER, "DESCRIBE FUNCTION EXTENDED info.shown.f"))
        .isNotEmpty()
        .noneMatch(row -> row.contains("hidden"));
    TARN.sql("GRANT USE SCHEMA, SELECT, EXECUTE ON SCHEMA info.shown TO browser");
    assertThat(TARN.sql(BROWSER, views)).containsExactly("null");
    assertThat(TARN.sql(BROWSER, routines).get(0)).contains("hidden words");
    assertThat(TARN.sql(BROWSER, places)).containsExactly("false");
    assertThat(TARN.sql(BROWSER, "DESCRIBE FUNCTION EXTENDED info.shown.f"))
        .anyMatch(row -> row.contains("hidden"));
    TARN.sql("GRANT MANAGE ON TABLE info.shown.v TO browser");
    assertThat(TARN.sql(BROWSER, views).get(0)).contains("hidden words");
    assertThat(TARN.sql(views).get(0)).contains("hidden words");
  }

  @Test
  void systemShowsAllCatalogs() {
    assertThat(
            TARN.sql(
                "SELECT catalog_name FROM system.information_schema.catalogs"
                    + " WHERE catalog_name IN ('info', 'main') ORDER BY 1"))
        .containsExactly("info", "main");
    assertThat(
            TARN.sql(
                BROWSER,
                "SELECT table_catalog, table_name FROM system.information_schema.tables"
                    + " WHERE table_catalog = 'info' AND table_schema = 'sales'"))
        .containsExactly("info|orders");
    assertThat(
            TARN.sql(
                Principal.user("nobody"),
                "SELECT count(*) FROM system.information_schema.tables WHERE table_schema ="
                    + " 'sales'"))
        .containsExactly("0");
    assertThat(TARN.sql("SHOW SCHEMAS IN system")).isEqualTo(List.of("information_schema"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE SCHEMA info.information_schema",
        "DROP SCHEMA info.information_schema CASCADE",
        "CREATE TABLE info.information_schema.mine (x INT)",
        "CREATE TABLE info.information_schema.tables (x INT)",
        "INSERT INTO info.information_schema.catalogs SELECT * FROM"
            + " info.information_schema.catalogs",
        "DELETE FROM info.information_schema.tables",
        "DROP TABLE info.information_schema.tables",
        "ALTER TABLE info.information_schema.tables ADD COLUMN x INT",
        "CREATE CATALOG system",
        "CREATE CATALOG spark_catalog",
        "CREATE SCHEMA system.mine",
        "CREATE TABLE system.information_schema.mine (x INT)",
        "DROP TABLE system.information_schema.tables"
      })
  void isNobodysToChange(String sql) {
    assertThat(catchThrowable(() -> TARN.sql(sql))).as(sql).isInstanceOf(TarnException.class);
    assertThat(TARN.sql("SELECT count(*) > 0 FROM info.information_schema.tables"))
        .containsExactly("true");
  }
}
