package dev.tarn.serve.thrift;

import dev.tarn.serve.thrift.Enums.TGetInfoType;
import dev.tarn.serve.thrift.SessionStructs.TGetInfoValue;

/** Facts about the server. What is text is so for all clients; a number of 0 means no limit. */
final class ServerInfo {
  private static final short LONGEST_NAME = 255;

  private ServerInfo() {}

  static TGetInfoValue of(TGetInfoType type) {
    return switch (type) {
      case CLI_SERVER_NAME -> text("Tarn");
      case CLI_DBMS_NAME -> text("Spark SQL");
      case CLI_DBMS_VER -> text(org.apache.spark.package$.MODULE$.SPARK_VERSION());
      case CLI_SEARCH_PATTERN_ESCAPE -> text("\\");
      case CLI_IDENTIFIER_QUOTE_CHAR -> text("`");
      case CLI_CATALOG_NAME -> text("Y");
      case CLI_DATA_SOURCE_READ_ONLY -> text("N");
      case CLI_DESCRIBE_PARAMETER, CLI_ORDER_BY_COLUMNS_IN_SELECT, CLI_INTEGRITY -> text("N");
      case CLI_ACCESSIBLE_TABLES, CLI_ACCESSIBLE_PROCEDURES -> text("N");
      case CLI_DATA_SOURCE_NAME,
          CLI_USER_NAME,
          CLI_SPECIAL_CHARACTERS,
          CLI_COLLATION_SEQ,
          CLI_XOPEN_CLI_YEAR ->
          text("");
      case CLI_MAX_COLUMN_NAME_LEN,
          CLI_MAX_SCHEMA_NAME_LEN,
          CLI_MAX_CATALOG_NAME_LEN,
          CLI_MAX_TABLE_NAME_LEN,
          CLI_MAX_IDENTIFIER_LEN ->
          new TGetInfoValue(null, LONGEST_NAME, null, null, null, null);
      default -> new TGetInfoValue(null, null, null, null, null, 0L);
    };
  }

  private static TGetInfoValue text(String value) {
    return new TGetInfoValue(value, null, null, null, null, null);
  }
}
