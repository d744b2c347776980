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
  CATALOG_PRIVILEGES(
      "grantor STRING, grantee STRING NOT NULL, catalog_name STRING NOT NULL, " + Text.PRIVILEGE),
  SCHEMA_PRIVILEGES(
      "grantor STRING, grantee STRING NOT NULL, catalog_name STRING NOT NULL, schema_name STRING NOT"
          + " NULL, "
          + Text.PRIVILEGE),
  TABLE_PRIVILEGES(
      "grantor STRING, grantee STRING NOT NULL, " + Text.TABLE + ", " + Text.PRIVILEGE),
  VOLUME_PRIVILEGES(
      "grantor STRING, grantee STRING NOT NULL, volume_catalog STRING NOT NULL, volume_schema STRING"
          + " NOT NULL, volume_name STRING NOT NULL, "
          + Text.PRIVILEGE),
  CATALOG_TAGS("catalog_name STRING NOT NULL, " + Text.TAG),
  SCHEMA_TAGS("catalog_name STRING NOT NULL, schema_name STRING NOT NULL, " + Text.TAG),
  TABLE_TAGS(Text.TAGGED + "table_name STRING NOT NULL, " + Text.TAG),
  COLUMN_TAGS(Text.TAGGED + "table_name STRING NOT NULL, column_name STRING NOT NULL, " + Text.TAG),
  VOLUME_TAGS(Text.TAGGED + "volume_name STRING NOT NULL, " + Text.TAG),
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
  PARAMETERS(
      Text.SPECIFIC
          + ", ordinal_position INT NOT NULL, parameter_mode STRING NOT NULL, is_result STRING NOT"
          + " NULL, as_locator STRING NOT NULL, parameter_name STRING, data_type STRING NOT NULL,"
          + " full_data_type STRING NOT NULL, "
          + Text.TYPE
          + ", parameter_default STRING, comment STRING");

  private static final class Text {
    static final String TABLE =
        "table_catalog STRING NOT NULL, table_schema STRING NOT NULL, table_name STRING NOT NULL";
    static final String AGE =
        ", created TIMESTAMP, created_by STRING, last_altered TIMESTAMP, last_altered_by STRING";
    static final String TYPE =
        "character_maximum_length INT, character_octet_length INT, numeric_precision INT,"
            + " numeric_precision_radix INT, numeric_scale INT, datetime_precision INT,"
            + " interval_type STRING, interval_precision INT, maximum_cardinality INT";
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
