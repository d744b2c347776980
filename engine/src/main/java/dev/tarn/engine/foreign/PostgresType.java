package dev.tarn.engine.foreign;

import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * A type of PostgreSQL here.
 *
 * @param spark the type that has all of its values; those of numbers without precision and of dates
 *     that it has not are refused when they are met
 * @param form how a column is read, with {@code %s} for its name
 */
record PostgresType(DataType spark, String form) {
  private static final int MOST_DIGITS = 38;
  private static final int UNCONSTRAINED_SCALE = 18;

  /** The modifier of a type is four more than what it says. */
  private static final int HEADER = 4;

  private static final Map<String, DataType> SAME =
      Map.ofEntries(
          Map.entry("bool", DataTypes.BooleanType),
          Map.entry("int2", DataTypes.ShortType),
          Map.entry("int4", DataTypes.IntegerType),
          Map.entry("int8", DataTypes.LongType),
          Map.entry("float4", DataTypes.FloatType),
          Map.entry("float8", DataTypes.DoubleType),
          Map.entry("bytea", DataTypes.BinaryType),
          Map.entry("date", DataTypes.DateType),
          Map.entry("timestamp", DataTypes.TimestampNTZType),
          Map.entry("timestamptz", DataTypes.TimestampType),
          Map.entry("_bool", DataTypes.createArrayType(DataTypes.BooleanType)),
          Map.entry("_int2", DataTypes.createArrayType(DataTypes.ShortType)),
          Map.entry("_int4", DataTypes.createArrayType(DataTypes.IntegerType)),
          Map.entry("_int8", DataTypes.createArrayType(DataTypes.LongType)),
          Map.entry("_float4", DataTypes.createArrayType(DataTypes.FloatType)),
          Map.entry("_float8", DataTypes.createArrayType(DataTypes.DoubleType)),
          Map.entry("_text", DataTypes.createArrayType(DataTypes.StringType)),
          Map.entry("_varchar", DataTypes.createArrayType(DataTypes.StringType)));

  /**
   * @param name as {@code pg_type} has it
   * @param modifier -1 for none
   * @param byBytes whether texts are compared by their bytes there too
   */
  static PostgresType of(String name, int modifier, boolean byBytes) {
    DataType same = SAME.get(name);
    if (same != null) {
      return new PostgresType(same, "%s");
    }
    return switch (name) {
      case "numeric" -> numeric(modifier);
      case "oid" -> new PostgresType(DataTypes.LongType, "%s::int8");
      case "text", "varchar" ->
          new PostgresType(DataTypes.StringType, byBytes ? "%s" : "%s COLLATE \"C\"");
      // Every type there has a text that it can be read from again.
      default -> new PostgresType(DataTypes.StringType, "%s::text COLLATE \"C\"");
    };
  }

  private static PostgresType numeric(int modifier) {
    if (modifier < HEADER) {
      return new PostgresType(DataTypes.createDecimalType(MOST_DIGITS, UNCONSTRAINED_SCALE), "%s");
    }
    int precision = modifier - HEADER >> 16 & 0xFFFF;
    // Eleven bits with a sign.
    int scale = (modifier - HEADER & 0x7FF ^ 0x400) - 0x400;
    if (scale < 0 || scale > precision || precision > MOST_DIGITS) {
      return new PostgresType(DataTypes.StringType, "%s::text COLLATE \"C\"");
    }
    return new PostgresType(DataTypes.createDecimalType(precision, scale), "%s");
  }

  /** What is asked for to read a column. */
  String read(String column) {
    return form.replace("%s", column);
  }
}
