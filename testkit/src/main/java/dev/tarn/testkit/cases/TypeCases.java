package dev.tarn.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One table of values of every SQL type, extremes and NULL among them, that all protocols and
 * clients are run through, so that each gives the same value and the same type name.
 */
public final class TypeCases {
  private final List<TypeCase> cases = new ArrayList<>();

  private TypeCases() {
    numbers();
    decimals();
    texts();
    dates();
    intervals();
    nested();
    variants();
    nulls();
  }

  public static List<TypeCase> all() {
    return List.copyOf(new TypeCases().cases);
  }

  /**
   * Those whose values fit the clients' own types too: java.sql.Date has no years before 1, Arrow's
   * Duration in Java ends at 292 years, and a process takes no NUL in its arguments.
   */
  public static List<TypeCase> portable() {
    Set<String> beyond = Set.of("date before 1", "day-time interval most", "string NUL");
    return all().stream().filter(c -> !beyond.contains(c.name())).toList();
  }

  private void add(String name, String sql, String typeText, String typeName, String text) {
    cases.add(new TypeCase(name, sql, typeText, typeName, text));
  }

  private void numbers() {
    add("true", "true", "BOOLEAN", "BOOLEAN", "true");
    add("false", "false", "BOOLEAN", "BOOLEAN", "false");
    add("tinyint least", "CAST(-128 AS TINYINT)", "TINYINT", "BYTE", "-128");
    add("tinyint most", "127Y", "TINYINT", "BYTE", "127");
    add("smallint least", "CAST(-32768 AS SMALLINT)", "SMALLINT", "SHORT", "-32768");
    add("smallint most", "32767S", "SMALLINT", "SHORT", "32767");
    add("int least", "-2147483648", "INT", "INT", "-2147483648");
    add("int most", "2147483647", "INT", "INT", "2147483647");
    add("bigint least", "-9223372036854775808L", "BIGINT", "LONG", "-9223372036854775808");
    add("bigint most", "9223372036854775807", "BIGINT", "LONG", "9223372036854775807");
    add("float", "CAST(1.5 AS FLOAT)", "FLOAT", "FLOAT", "1.5");
    add("float tenth", "CAST(0.1 AS FLOAT)", "FLOAT", "FLOAT", "0.1");
    add("float most", "CAST('3.4028235E38' AS FLOAT)", "FLOAT", "FLOAT", "3.4028235E38");
    add("float least above 0", "CAST('1.4E-45' AS FLOAT)", "FLOAT", "FLOAT", "1.4E-45");
    add("float NaN", "CAST('NaN' AS FLOAT)", "FLOAT", "FLOAT", "NaN");
    add("float infinite", "CAST('Infinity' AS FLOAT)", "FLOAT", "FLOAT", "Infinity");
    add("double", "2.5D", "DOUBLE", "DOUBLE", "2.5");
    add("double whole", "3D", "DOUBLE", "DOUBLE", "3.0");
    add("double -0.0", "-0.0D", "DOUBLE", "DOUBLE", "-0.0");
    add("double NaN", "CAST('NaN' AS DOUBLE)", "DOUBLE", "DOUBLE", "NaN");
    add("double infinite", "CAST('Infinity' AS DOUBLE)", "DOUBLE", "DOUBLE", "Infinity");
    add("double -infinite", "CAST('-Infinity' AS DOUBLE)", "DOUBLE", "DOUBLE", "-Infinity");
    add("double most", "1.7976931348623157E308D", "DOUBLE", "DOUBLE", "1.7976931348623157E308");
    add("double least above 0", "CAST('4.9E-324' AS DOUBLE)", "DOUBLE", "DOUBLE", "4.9E-324");
  }

  private void decimals() {
    String nines = "9".repeat(38);
    String tiny = "0." + "0".repeat(37) + "1";
    add("decimal", "CAST('1.50' AS DECIMAL(10,2))", "DECIMAL(10,2)", "DECIMAL", "1.50");
    add(
        "decimal zero",
        "CAST(0 AS DECIMAL(38,20))",
        "DECIMAL(38,20)",
        "DECIMAL",
        "0." + "0".repeat(20));
    add(
        "decimal most",
        "CAST('" + nines + "' AS DECIMAL(38,0))",
        "DECIMAL(38,0)",
        "DECIMAL",
        nines);
    add(
        "decimal least",
        "CAST('-" + nines + "' AS DECIMAL(38,0))",
        "DECIMAL(38,0)",
        "DECIMAL",
        "-" + nines);
    add(
        "decimal least above 0",
        "CAST('" + tiny + "' AS DECIMAL(38,38))",
        "DECIMAL(38,38)",
        "DECIMAL",
        tiny);
    add("decimal literal", "-12.340BD", "DECIMAL(5,3)", "DECIMAL", "-12.340");
  }

  private void texts() {
    add("string", "'plain'", "STRING", "STRING", "plain");
    add("string quoted", "'naïve 雪, \"quoted\"\n'", "STRING", "STRING", "naïve 雪, \"quoted\"\n");
    add("string surrogates", "'🏔 tarn 𝔘'", "STRING", "STRING", "🏔 tarn 𝔘");
    add("string NUL", "concat('a', chr(0), 'b')", "STRING", "STRING", "a\0b");
    add("string controls", "'tab\tcr\rbs\\\\'", "STRING", "STRING", "tab\tcr\rbs\\");
    add("string empty", "''", "STRING", "STRING", "");
    add("string null", "'null'", "STRING", "STRING", "null");
    add("string padded", "'  x  '", "STRING", "STRING", "  x  ");
    add("binary", "X'00FF10'", "BINARY", "BINARY", "AP8Q");
    add("binary empty", "X''", "BINARY", "BINARY", "");
  }

  private void dates() {
    add("date", "DATE'2024-02-29'", "DATE", "DATE", "2024-02-29");
    add("date first", "DATE'0001-01-01'", "DATE", "DATE", "0001-01-01");
    add("date last", "DATE'9999-12-31'", "DATE", "DATE", "9999-12-31");
    add("date before 1582", "DATE'1500-02-28'", "DATE", "DATE", "1500-02-28");
    add("date before 1", "DATE'-0044-03-15'", "DATE", "DATE", "-0044-03-15");
    add(
        "timestamp",
        "TIMESTAMP'2001-02-03 04:05:06.789012'",
        "TIMESTAMP",
        "TIMESTAMP",
        "2001-02-03T04:05:06.789012Z");
    add(
        "timestamp zoned",
        "TIMESTAMP'2001-02-03 04:05:06+02:00'",
        "TIMESTAMP",
        "TIMESTAMP",
        "2001-02-03T02:05:06.000Z");
    add(
        "timestamp before 1970",
        "TIMESTAMP'1969-12-31 23:59:59.999999'",
        "TIMESTAMP",
        "TIMESTAMP",
        "1969-12-31T23:59:59.999999Z");
    add(
        "timestamp before 1582",
        "TIMESTAMP'1500-01-01 00:00:00'",
        "TIMESTAMP",
        "TIMESTAMP",
        "1500-01-01T00:00:00.000Z");
    add(
        "timestamp first",
        "TIMESTAMP'0001-01-01 00:00:00'",
        "TIMESTAMP",
        "TIMESTAMP",
        "0001-01-01T00:00:00.000Z");
    add(
        "timestamp last",
        "TIMESTAMP'9999-12-31 23:59:59.999999'",
        "TIMESTAMP",
        "TIMESTAMP",
        "9999-12-31T23:59:59.999999Z");
    add(
        "timestamp_ntz",
        "TIMESTAMP_NTZ'2001-02-03 04:05:06.7'",
        "TIMESTAMP_NTZ",
        "TIMESTAMP",
        "2001-02-03T04:05:06.700");
    add(
        "timestamp_ntz first",
        "TIMESTAMP_NTZ'0001-01-01 00:00:00'",
        "TIMESTAMP_NTZ",
        "TIMESTAMP",
        "0001-01-01T00:00:00.000");
    add(
        "timestamp_ntz last",
        "TIMESTAMP_NTZ'9999-12-31 23:59:59.999999'",
        "TIMESTAMP_NTZ",
        "TIMESTAMP",
        "9999-12-31T23:59:59.999999");
  }

  private void intervals() {
    yearMonth("INTERVAL '-1-2' YEAR TO MONTH", "YEAR TO MONTH", "-1-2");
    yearMonth("INTERVAL '3' YEAR", "YEAR", "3-0");
    yearMonth("INTERVAL '14' MONTH", "MONTH", "1-2");
    yearMonth("make_ym_interval(-178956970, -8)", "YEAR TO MONTH", "-178956970-8");
    dayTime("INTERVAL '1 02:03:04.5' DAY TO SECOND", "DAY TO SECOND", "1 02:03:04.500000000");
    dayTime(
        "INTERVAL '-1 02:03:04.000001' DAY TO SECOND", "DAY TO SECOND", "-1 02:03:04.000001000");
    dayTime("INTERVAL '2' DAY", "DAY", "2 00:00:00.000000000");
    dayTime("INTERVAL '1 02' DAY TO HOUR", "DAY TO HOUR", "1 02:00:00.000000000");
    dayTime("INTERVAL '1 02:03' DAY TO MINUTE", "DAY TO MINUTE", "1 02:03:00.000000000");
    dayTime("INTERVAL '26' HOUR", "HOUR", "1 02:00:00.000000000");
    dayTime("INTERVAL '01:02' HOUR TO MINUTE", "HOUR TO MINUTE", "0 01:02:00.000000000");
    dayTime("INTERVAL '01:02:03' HOUR TO SECOND", "HOUR TO SECOND", "0 01:02:03.000000000");
    dayTime("INTERVAL '5' MINUTE", "MINUTE", "0 00:05:00.000000000");
    dayTime("INTERVAL '05:06.7' MINUTE TO SECOND", "MINUTE TO SECOND", "0 00:05:06.700000000");
    dayTime("INTERVAL '7.000001' SECOND", "SECOND", "0 00:00:07.000001000");
    add(
        "day-time interval most",
        "make_dt_interval(106751991, 4, 0, 54.775807)",
        "INTERVAL DAY TO SECOND",
        "INTERVAL",
        "106751991 04:00:54.775807000");
  }

  private void yearMonth(String sql, String units, String text) {
    add(sql, sql, "INTERVAL " + units, "INTERVAL", text);
  }

  private void dayTime(String sql, String units, String text) {
    add(sql, sql, "INTERVAL " + units, "INTERVAL", text);
  }

  private void nested() {
    add("array", "array(1, NULL, 3)", "ARRAY<INT>", "ARRAY", "[1,null,3]");
    add("array empty", "CAST(array() AS ARRAY<STRING>)", "ARRAY<STRING>", "ARRAY", "[]");
    add(
        "array of text",
        "array('a\"b', '', 'null', '雪')",
        "ARRAY<STRING>",
        "ARRAY",
        "[\"a\\\"b\",\"\",\"null\",\"雪\"]");
    add(
        "array of arrays",
        "array(array(1), array(), NULL)",
        "ARRAY<ARRAY<INT>>",
        "ARRAY",
        "[[1],[],null]");
    add(
        "map",
        "map('a', 1.5BD, 'b', NULL)",
        "MAP<STRING, DECIMAL(2,1)>",
        "MAP",
        "{\"a\":1.5,\"b\":null}");
    add(
        "map by number",
        "map(1, array(double('NaN'), 2.5D))",
        "MAP<INT, ARRAY<DOUBLE>>",
        "MAP",
        "{\"1\":[\"NaN\",2.5]}");
    add("map empty", "CAST(map() AS MAP<INT, INT>)", "MAP<INT, INT>", "MAP", "{}");
    add(
        "struct",
        "named_struct('x', array(DATE'2001-01-02'), 'y', named_struct('z', X'01', 'w', true))",
        "STRUCT<x: ARRAY<DATE> NOT NULL, y: STRUCT<z: BINARY NOT NULL, w: BOOLEAN NOT NULL> NOT"
            + " NULL>",
        "STRUCT",
        "{\"x\":[\"2001-01-02\"],\"y\":{\"z\":\"AQ==\",\"w\":true}}");
    add(
        "struct with NULL",
        "CAST(named_struct('a b', 1, 'c', NULL) AS STRUCT<`a b`: INT, c: STRING>)",
        "STRUCT<`a b`: INT, c: STRING>",
        "STRUCT",
        "{\"a b\":1,\"c\":null}");
    add(
        "struct of times",
        "CAST(named_struct('t', TIMESTAMP'2001-02-03 04:05:06.789012', 'n',"
            + " TIMESTAMP_NTZ'1999-12-31 23:59:59') AS STRUCT<t: TIMESTAMP, n: TIMESTAMP_NTZ>)",
        "STRUCT<t: TIMESTAMP, n: TIMESTAMP_NTZ>",
        "STRUCT",
        "{\"t\":\"2001-02-03T04:05:06.789012Z\",\"n\":\"1999-12-31T23:59:59.000\"}");
    add(
        "array of structs of maps",
        "array(CAST(named_struct('m', map('k', array(1, NULL)), 's', CAST(NULL AS STRING)) AS"
            + " STRUCT<m: MAP<STRING, ARRAY<INT>>, s: STRING>), NULL)",
        "ARRAY<STRUCT<m: MAP<STRING, ARRAY<INT>>, s: STRING>>",
        "ARRAY",
        "[{\"m\":{\"k\":[1,null]},\"s\":null},null]");
  }

  private void variants() {
    add(
        "variant object",
        "parse_json('{\"a\": [1, null, \"x\"]}')",
        "VARIANT",
        "VARIANT",
        "{\"a\":[1,null,\"x\"]}");
    add("variant text", "parse_json('\"x\"')", "VARIANT", "VARIANT", "\"x\"");
    add("variant null", "parse_json('null')", "VARIANT", "VARIANT", "null");
    add(
        "variants in an array",
        "array(parse_json('1'), parse_json('{\"b\":true}'))",
        "ARRAY<VARIANT>",
        "ARRAY",
        "[1,{\"b\":true}]");
  }

  private void nulls() {
    add("NULL bigint", "CAST(NULL AS BIGINT)", "BIGINT", "LONG", null);
    add("NULL string", "CAST(NULL AS STRING)", "STRING", "STRING", null);
    add("NULL decimal", "CAST(NULL AS DECIMAL(38,10))", "DECIMAL(38,10)", "DECIMAL", null);
    add("NULL timestamp", "CAST(NULL AS TIMESTAMP)", "TIMESTAMP", "TIMESTAMP", null);
    add(
        "NULL interval",
        "CAST(NULL AS INTERVAL DAY TO SECOND)",
        "INTERVAL DAY TO SECOND",
        "INTERVAL",
        null);
    add("NULL array", "CAST(NULL AS ARRAY<INT>)", "ARRAY<INT>", "ARRAY", null);
    add("NULL map", "CAST(NULL AS MAP<STRING, INT>)", "MAP<STRING, INT>", "MAP", null);
    add("NULL struct", "CAST(NULL AS STRUCT<a: INT>)", "STRUCT<a: INT>", "STRUCT", null);
    add("NULL variant", "CAST(NULL AS VARIANT)", "VARIANT", "VARIANT", null);
    add("NULL", "NULL", "VOID", "NULL", null);
  }
}
