package dev.tarn.engine.information;

import java.util.Locale;
import org.apache.spark.sql.types.StructType;

/**
 * The relations, with the columns that Databricks documents for them.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-information-schema">Information
 *     schema</a>
 */
enum Relation {
  INFORMATION_SCHEMA_CATALOG_NAME("catalog_name STRING NOT NULL"),
  CATALOGS(
      "catalog_name STRING NOT NULL, catalog_owner STRING NOT NULL, comment STRING" + Text.AGE),
  SCHEMATA(
      "catalog_name STRING NOT NULL, schema_name STRING NOT NULL, schema_owner STRING NOT NULL,"
          + " comment STRING"
          + Text.AGE),
  TABLES(
      Text.TABLE
          + ", table_type STRING NOT NULL, is_insertable_into STRING NOT NULL,"
          + " commit_action STRING NOT NULL, table_owner STRING NOT NULL, comment STRING"
          + Text.AGE
          + ", data_source_format STRING, storage_path STRING, storage_sub_directory STRING"),
  COLUMNS(
      Text.TABLE
          + ", column_name STRING NOT NULL, ordinal_position INT NOT NULL, column_default STRING,"
          + " is_nullable STRING NOT NULL, full_data_type STRING NOT NULL, data_type STRING NOT"
          + " NULL, "
          + Text.TYPE
          + ", is_identity STRING NOT NULL, identity_generation STRING, identity_start STRING,"
          + " identity_increment STRING, identity_maximum STRING, identity_minimum STRING,"
          + " identity_cycle STRING, is_generated STRING NOT NULL, generation_expression STRING,"
          + " is_system_time_period_start STRING NOT NULL, is_system_time_period_end STRING NOT"
          + " NULL, system_time_period_timestamp_generation STRING, is_updatable STRING NOT NULL,"
          + " partition_ordinal_position INT, comment STRING"),
  VIEWS(
      Text.TABLE
          + ", view_definition STRING, check_option STRING NOT NULL, is_updatable STRING NOT NULL,"
          + " is_insertable_into STRING NOT NULL, sql_path STRING, is_materialized STRING NOT NULL"),
  VOLUMES(
      "volume_catalog STRING NOT NULL, volume_schema STRING NOT NULL, volume_name STRING NOT NULL,"
          + " volume_type STRING NOT NULL, volume_owner STRING NOT NULL, comment STRING"
          + Text.AGE
          + ", storage_location STRING NOT NULL"),
  CATALOG_PRIVILEGES(Text.GRANTED + "catalog_name STRING NOT NULL, " + Text.PRIVILEGE),
  SCHEMA_PRIVILEGES(
      Text.GRANTED
          + "catalog_name STRING NOT NULL, schema_name STRING NOT NULL, "
          + Text.PRIVILEGE),
  TABLE_PRIVILEGES(Text.GRANTED + Text.TABLE + ", " + Text.PRIVILEGE),
  VOLUME_PRIVILEGES(
      Text.GRANTED
          + "volume_catalog STRING NOT NULL, volume_schema STRING NOT NULL, volume_name STRING NOT NULL, "
          + Text.PRIVILEGE),
  CATALOG_TAGS("catalog_name STRING NOT NULL, " + Text.TAG),
  SCHEMA_TAGS("catalog_name STRING NOT NULL, schema_name STRING NOT NULL, " + Text.TAG),
  TABLE_TAGS(Text.TAGGED + "table_name STRING NOT NULL, " + Text.TAG),
  COLUMN_TAGS(Text.TAGGED + "table_name STRING NOT NULL, column_name STRING NOT NULL, " + Text.TAG),
  VOLUME_TAGS(Text.TAGGED + "volume_name STRING NOT NULL, " + Text.TAG),
  ROW_FILTERS(
      Text.FILTERED
          + "filter_catalog STRING NOT NULL, filter_schema STRING NOT NULL, filter_name STRING NOT"
          + " NULL, filter_col_usage STRING NOT NULL"),
  COLUMN_MASKS(
      Text.FILTERED
          + "column_name STRING NOT NULL, mask_catalog STRING NOT NULL, mask_schema STRING NOT NULL,"
          + " mask_name STRING NOT NULL, mask_col_usage STRING"),
  TABLE_CONSTRAINTS(
      Text.CONSTRAINT
          + ", "
          + Text.TABLE
          + ", constraint_type STRING NOT NULL, is_deferrable STRING NOT NULL, initially_deferred"
          + " STRING NOT NULL, enforced STRING NOT NULL, comment STRING"),
  KEY_COLUMN_USAGE(
      Text.CONSTRAINT
          + ", "
          + Text.TABLE
          + ", column_name STRING NOT NULL, ordinal_position INT NOT NULL,"
          + " position_in_unique_constraint INT"),
  REFERENTIAL_CONSTRAINTS(
      Text.CONSTRAINT
          + ", unique_constraint_catalog STRING NOT NULL, unique_constraint_schema STRING NOT NULL,"
          + " unique_constraint_name STRING NOT NULL, match_option STRING NOT NULL, update_rule"
          + " STRING NOT NULL, delete_rule STRING NOT NULL"),
  CHECK_CONSTRAINTS(Text.CONSTRAINT + ", check_clause STRING NOT NULL, sql_path STRING"),
  CONSTRAINT_COLUMN_USAGE(Text.TABLE + ", column_name STRING NOT NULL, " + Text.CONSTRAINT),
  CONSTRAINT_TABLE_USAGE(Text.TABLE + ", " + Text.CONSTRAINT),
  ROUTINES(
      Text.SPECIFIC
          + ", routine_catalog STRING NOT NULL, routine_schema STRING NOT NULL, routine_name STRING"
          + " NOT NULL, routine_owner STRING NOT NULL, routine_type STRING NOT NULL, data_type"
          + " STRING NOT NULL, full_data_type STRING NOT NULL, "
          + Text.TYPE
          + ", routine_body STRING NOT NULL, routine_definition STRING, external_name STRING,"
          + " external_language STRING, parameter_style STRING, is_deterministic STRING NOT NULL,"
          + " sql_data_access STRING NOT NULL, is_null_call STRING NOT NULL, sql_path STRING,"
          + " security_type STRING NOT NULL, as_locator STRING NOT NULL, comment STRING"
          + Text.AGE),
  ROUTINE_COLUMNS(
      Text.SPECIFIC
          + ", ordinal_position INT NOT NULL, column_name STRING, data_type STRING NOT NULL,"
          + " full_data_type STRING NOT NULL, "
          + Text.TYPE
          + ", comment STRING"),
  ROUTINE_PRIVILEGES(
      Text.GRANTED
          + Text.SPECIFIC
          + ", routine_catalog STRING NOT NULL, routine_schema STRING NOT NULL, routine_name STRING"
          + " NOT NULL, "
          + Text.PRIVILEGE),
  PARAMETERS(
      Text.SPECIFIC
          + ", ordinal_position INT NOT NULL, parameter_mode STRING NOT NULL, is_result STRING NOT"
          + " NULL, as_locator STRING NOT NULL, parameter_name STRING, data_type STRING NOT NULL,"
          + " full_data_type STRING NOT NULL, "
          + Text.TYPE
          + ", parameter_default STRING, comment STRING"),
  METASTORES(
      "metastore_id STRING NOT NULL, metastore_name STRING NOT NULL, metastore_owner STRING NOT"
          + " NULL, storage_root STRING, storage_root_credential_id STRING,"
          + " storage_root_credential_name STRING, delta_sharing_scope STRING NOT NULL,"
          + " delta_sharing_recipient_token_lifetime BIGINT, delta_sharing_organization_name STRING,"
          + " privilege_model_version STRING NOT NULL, cloud STRING, region STRING,"
          + " global_metastore_id STRING NOT NULL"
          + Text.AGE),
  METASTORE_PRIVILEGES(Text.GRANTED + "metastore_id STRING NOT NULL, " + Text.PRIVILEGE),
  EXTERNAL_LOCATIONS(
      "external_location_name STRING NOT NULL, external_location_owner STRING NOT NULL, url STRING,"
          + " storage_credential_id STRING, storage_credential_name STRING, read_only STRING NOT"
          + " NULL, comment STRING"
          + Text.AGE),
  EXTERNAL_LOCATION_PRIVILEGES(
      Text.GRANTED + "external_location_name STRING NOT NULL, " + Text.PRIVILEGE),
  CREDENTIALS(
      "credential_id STRING NOT NULL, credential_name STRING NOT NULL, credential_owner STRING NOT"
          + " NULL, credential_purpose STRING NOT NULL, credential_type STRING NOT NULL, credential"
          + " STRING NOT NULL, used_for_managed_storage STRING NOT NULL, comment STRING"
          + Text.AGE),
  CREDENTIAL_PRIVILEGES(Text.GRANTED + "credential_name STRING NOT NULL, " + Text.PRIVILEGE),
  STORAGE_CREDENTIALS(
      "storage_credential_id STRING NOT NULL, storage_credential_name STRING NOT NULL,"
          + " storage_credential_owner STRING NOT NULL, credential_type STRING NOT NULL, credential"
          + " STRING NOT NULL, used_for_managed_storage STRING NOT NULL, comment STRING"
          + Text.AGE),
  STORAGE_CREDENTIAL_PRIVILEGES(
      Text.GRANTED + "storage_credential_name STRING NOT NULL, " + Text.PRIVILEGE),
  CONNECTIONS(
      "connection_name STRING NOT NULL, connection_type STRING NOT NULL, connection_owner STRING NOT"
          + " NULL, comment STRING, created TIMESTAMP, created_by STRING, credential_type STRING"
          + " NOT NULL, last_altered TIMESTAMP, last_altered_by STRING, connection_options STRING,"
          + " url STRING NOT NULL"),
  CONNECTION_PRIVILEGES(Text.GRANTED + "connection_name STRING NOT NULL, " + Text.PRIVILEGE),
  CATALOG_PROVIDER_SHARE_USAGE(
      "catalog_name STRING NOT NULL, provider_name STRING NOT NULL, share_name STRING NOT NULL"),
  PROVIDERS(
      "provider_name STRING NOT NULL, provider_owner STRING NOT NULL, authentication_type STRING NOT"
          + " NULL, share_credentials_version STRING, endpoint STRING, comment STRING, cloud STRING"
          + " NOT NULL, region STRING NOT NULL, data_provider_global_metastore_id STRING NOT NULL"
          + Text.AGE),
  SHARES("share_name STRING NOT NULL, share_owner STRING NOT NULL, comment STRING" + Text.AGE),
  SHARE_RECIPIENT_PRIVILEGES(
      "grantor STRING, recipient_name STRING NOT NULL, share_name STRING NOT NULL, privilege_type"
          + " STRING NOT NULL, inherited_from STRING"),
  SCHEMA_SHARE_USAGE(
      Text.TAGGED + "share_name STRING NOT NULL, shared_as_schema STRING NOT NULL, comment STRING"),
  TABLE_SHARE_USAGE(
      Text.TAGGED
          + "table_name STRING NOT NULL, share_name STRING NOT NULL, partition_spec STRING,"
          + " cdf_enabled STRING NOT NULL, start_version BIGINT NOT NULL, shared_as_schema STRING"
          + " NOT NULL, shared_as_table STRING NOT NULL, comment STRING"),
  RECIPIENTS(
      "recipient_name STRING NOT NULL, recipient_id STRING NOT NULL, recipient_owner STRING NOT"
          + " NULL, authentication_type STRING NOT NULL, comment STRING, cloud STRING, region"
          + " STRING, data_recipient_global_metastore_id STRING"
          + Text.AGE),
  RECIPIENT_ALLOWED_IP_RANGES("recipient_name STRING NOT NULL, allowed_ip_range STRING NOT NULL"),
  RECIPIENT_TOKENS(
      "recipient_name STRING NOT NULL, recipient_token_id STRING NOT NULL, activation_url STRING,"
          + " expiration_time TIMESTAMP NOT NULL"
          + Text.AGE);

  private static final class Text {
    static final String TABLE =
        "table_catalog STRING NOT NULL, table_schema STRING NOT NULL, table_name STRING NOT NULL";
    static final String FILTERED =
        "catalog_name STRING NOT NULL, schema_name STRING NOT NULL, table_name STRING NOT NULL, ";
    static final String AGE =
        ", created TIMESTAMP, created_by STRING, last_altered TIMESTAMP, last_altered_by STRING";
    static final String TYPE =
        "character_maximum_length INT, character_octet_length INT, numeric_precision INT,"
            + " numeric_precision_radix INT, numeric_scale INT, datetime_precision INT,"
            + " interval_type STRING, interval_precision INT, maximum_cardinality INT";
    static final String GRANTED = "grantor STRING, grantee STRING NOT NULL, ";
    static final String PRIVILEGE =
        "privilege_type STRING NOT NULL, is_grantable STRING NOT NULL, inherited_from STRING NOT"
            + " NULL";
    static final String TAGGED = "catalog_name STRING NOT NULL, schema_name STRING NOT NULL, ";
    static final String TAG = "tag_name STRING NOT NULL, tag_value STRING NOT NULL";
    static final String CONSTRAINT =
        "constraint_catalog STRING NOT NULL, constraint_schema STRING NOT NULL, constraint_name"
            + " STRING NOT NULL";
    static final String SPECIFIC =
        "specific_catalog STRING NOT NULL, specific_schema STRING NOT NULL, specific_name STRING"
            + " NOT NULL";
  }

  private final String columns;

  Relation(String columns) {
    this.columns = columns;
  }

  StructType schema() {
    return StructType.fromDDL(columns);
  }

  String title() {
    return name().toLowerCase(Locale.ROOT);
  }
}
