package dev.tarn.serve.thrift;

/** Enumerations of the wire, by its names. */
final class Enums {
  private Enums() {}

  /** Has a number on the wire. */
  interface Numbered {
    int number();
  }

  enum TCacheLookupResult implements Numbered {
    CACHE_INELIGIBLE(0),
    LOCAL_CACHE_HIT(1),
    REMOTE_CACHE_HIT(2),
    CACHE_MISS(3);

    private final int number;

    TCacheLookupResult(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  enum TDBSqlArrowLayout implements Numbered {
    ARROW_BATCH(0),
    ARROW_STREAMING(1);

    private final int number;

    TDBSqlArrowLayout(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  enum TDBSqlCompressionCodec implements Numbered {
    NONE(0),
    LZ4_FRAME(1),
    LZ4_BLOCK(2);

    private final int number;

    TDBSqlCompressionCodec(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  enum TFetchOrientation implements Numbered {
    FETCH_NEXT(0),
    FETCH_PRIOR(1),
    FETCH_RELATIVE(2),
    FETCH_ABSOLUTE(3),
    FETCH_FIRST(4),
    FETCH_LAST(5);

    private final int number;

    TFetchOrientation(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  enum TGetInfoType implements Numbered {
    CLI_MAX_DRIVER_CONNECTIONS(0),
    CLI_MAX_CONCURRENT_ACTIVITIES(1),
    CLI_DATA_SOURCE_NAME(2),
    CLI_FETCH_DIRECTION(8),
    CLI_SERVER_NAME(13),
    CLI_SEARCH_PATTERN_ESCAPE(14),
    CLI_DBMS_NAME(17),
    CLI_DBMS_VER(18),
    CLI_ACCESSIBLE_TABLES(19),
    CLI_ACCESSIBLE_PROCEDURES(20),
    CLI_CURSOR_COMMIT_BEHAVIOR(23),
    CLI_DATA_SOURCE_READ_ONLY(25),
    CLI_DEFAULT_TXN_ISOLATION(26),
    CLI_IDENTIFIER_CASE(28),
    CLI_IDENTIFIER_QUOTE_CHAR(29),
    CLI_MAX_COLUMN_NAME_LEN(30),
    CLI_MAX_CURSOR_NAME_LEN(31),
    CLI_MAX_SCHEMA_NAME_LEN(32),
    CLI_MAX_CATALOG_NAME_LEN(34),
    CLI_MAX_TABLE_NAME_LEN(35),
    CLI_SCROLL_CONCURRENCY(43),
    CLI_TXN_CAPABLE(46),
    CLI_USER_NAME(47),
    CLI_TXN_ISOLATION_OPTION(72),
    CLI_INTEGRITY(73),
    CLI_GETDATA_EXTENSIONS(81),
    CLI_NULL_COLLATION(85),
    CLI_ALTER_TABLE(86),
    CLI_ORDER_BY_COLUMNS_IN_SELECT(90),
    CLI_SPECIAL_CHARACTERS(94),
    CLI_MAX_COLUMNS_IN_GROUP_BY(97),
    CLI_MAX_COLUMNS_IN_INDEX(98),
    CLI_MAX_COLUMNS_IN_ORDER_BY(99),
    CLI_MAX_COLUMNS_IN_SELECT(100),
    CLI_MAX_COLUMNS_IN_TABLE(101),
    CLI_MAX_INDEX_SIZE(102),
    CLI_MAX_ROW_SIZE(104),
    CLI_MAX_STATEMENT_LEN(105),
    CLI_MAX_TABLES_IN_SELECT(106),
    CLI_MAX_USER_NAME_LEN(107),
    CLI_OJ_CAPABILITIES(115),
    CLI_XOPEN_CLI_YEAR(10000),
    CLI_CURSOR_SENSITIVITY(10001),
    CLI_DESCRIBE_PARAMETER(10002),
    CLI_CATALOG_NAME(10003),
    CLI_COLLATION_SEQ(10004),
    CLI_MAX_IDENTIFIER_LEN(10005);

    private final int number;

    TGetInfoType(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  enum TJobExecutionStatus implements Numbered {
    IN_PROGRESS(0),
    COMPLETE(1),
    NOT_AVAILABLE(2);

    private final int number;

    TJobExecutionStatus(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  enum TOperationState implements Numbered {
    INITIALIZED_STATE(0),
    RUNNING_STATE(1),
    FINISHED_STATE(2),
    CANCELED_STATE(3),
    CLOSED_STATE(4),
    ERROR_STATE(5),
    UKNOWN_STATE(6),
    PENDING_STATE(7),
    TIMEDOUT_STATE(8);

    private final int number;

    TOperationState(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  enum TOperationType implements Numbered {
    EXECUTE_STATEMENT(0),
    GET_TYPE_INFO(1),
    GET_CATALOGS(2),
    GET_SCHEMAS(3),
    GET_TABLES(4),
    GET_TABLE_TYPES(5),
    GET_COLUMNS(6),
    GET_FUNCTIONS(7),
    UNKNOWN(8);

    private final int number;

    TOperationType(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  enum TProtocolVersion implements Numbered {
    __HIVE_JDBC_WORKAROUND(-7),
    __TEST_PROTOCOL_VERSION(65281),
    HIVE_CLI_SERVICE_PROTOCOL_V1(0),
    HIVE_CLI_SERVICE_PROTOCOL_V2(1),
    HIVE_CLI_SERVICE_PROTOCOL_V3(2),
    HIVE_CLI_SERVICE_PROTOCOL_V4(3),
    HIVE_CLI_SERVICE_PROTOCOL_V5(4),
    HIVE_CLI_SERVICE_PROTOCOL_V6(5),
    HIVE_CLI_SERVICE_PROTOCOL_V7(6),
    HIVE_CLI_SERVICE_PROTOCOL_V8(7),
    HIVE_CLI_SERVICE_PROTOCOL_V9(8),
    HIVE_CLI_SERVICE_PROTOCOL_V10(9),
    SPARK_CLI_SERVICE_PROTOCOL_V1(42241),
    SPARK_CLI_SERVICE_PROTOCOL_V2(42242),
    SPARK_CLI_SERVICE_PROTOCOL_V3(42243),
    SPARK_CLI_SERVICE_PROTOCOL_V4(42244),
    SPARK_CLI_SERVICE_PROTOCOL_V5(42245),
    SPARK_CLI_SERVICE_PROTOCOL_V6(42246),
    SPARK_CLI_SERVICE_PROTOCOL_V7(42247),
    SPARK_CLI_SERVICE_PROTOCOL_V8(42248),
    SPARK_CLI_SERVICE_PROTOCOL_V9(42249),
    SPARK_CLI_SERVICE_PROTOCOL_V10(42250);

    private final int number;

    TProtocolVersion(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  enum TSparkRowSetType implements Numbered {
    ARROW_BASED_SET(0),
    COLUMN_BASED_SET(1),
    ROW_BASED_SET(2),
    URL_BASED_SET(3);

    private final int number;

    TSparkRowSetType(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  enum TStatusCode implements Numbered {
    SUCCESS_STATUS(0),
    SUCCESS_WITH_INFO_STATUS(1),
    STILL_EXECUTING_STATUS(2),
    ERROR_STATUS(3),
    INVALID_HANDLE_STATUS(4);

    private final int number;

    TStatusCode(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  enum TTypeId implements Numbered {
    BOOLEAN_TYPE(0),
    TINYINT_TYPE(1),
    SMALLINT_TYPE(2),
    INT_TYPE(3),
    BIGINT_TYPE(4),
    FLOAT_TYPE(5),
    DOUBLE_TYPE(6),
    STRING_TYPE(7),
    TIMESTAMP_TYPE(8),
    BINARY_TYPE(9),
    ARRAY_TYPE(10),
    MAP_TYPE(11),
    STRUCT_TYPE(12),
    UNION_TYPE(13),
    USER_DEFINED_TYPE(14),
    DECIMAL_TYPE(15),
    NULL_TYPE(16),
    DATE_TYPE(17),
    VARCHAR_TYPE(18),
    CHAR_TYPE(19),
    INTERVAL_YEAR_MONTH_TYPE(20),
    INTERVAL_DAY_TIME_TYPE(21);

    private final int number;

    TTypeId(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }
}
