package dev.tarn.engine.evaluation;

import dev.tarn.engine.translation.Untranslatable;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.unsafe.types.UTF8String;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBLogicalType;
import org.duckdb.DuckDBReadableVector;
import org.duckdb.DuckDBWritableVector;

/** Values of DuckDB's vectors in Catalyst's representation. */
final class Cells {
  /** Reads one row, which is not null. */
  interface Reader {
    Object read(DuckDBReadableVector vector, long row);
  }

  /** Writes one row, with a value that is not null. */
  interface Writer {
    void write(DuckDBWritableVector vector, long row, Object value);
  }

  private Cells() {}

  /**
   * @param type of the expression's argument
   * @param carrier in which it crosses
   */
  static Reader reader(DataType type, DataType carrier) {
    if (NestedCells.nested(type)) {
      return (vector, row) -> NestedCells.read(vector.getString(row), type);
    } else if (type instanceof BinaryType) {
      return (vector, row) -> Base64.getDecoder().decode(vector.getString(row));
    } else if (carrier instanceof StringType) {
      return (vector, row) -> UTF8String.fromString(vector.getString(row));
    } else if (carrier instanceof BooleanType) {
      return DuckDBReadableVector::getBoolean;
    } else if (carrier instanceof ByteType) {
      return DuckDBReadableVector::getByte;
    } else if (carrier instanceof ShortType) {
      return DuckDBReadableVector::getShort;
    } else if (carrier instanceof IntegerType) {
      return DuckDBReadableVector::getInt;
    } else if (carrier instanceof LongType) {
      return DuckDBReadableVector::getLong;
    } else if (carrier instanceof FloatType) {
      return DuckDBReadableVector::getFloat;
    } else if (carrier instanceof DoubleType) {
      return DuckDBReadableVector::getDouble;
    }
    DecimalType decimal = (DecimalType) carrier;
    return (vector, row) ->
        Decimal.apply(vector.getBigDecimal(row), decimal.precision(), decimal.scale());
  }

  static Writer writer(DataType type, DataType carrier) {
    if (NestedCells.nested(type)) {
      return (vector, row, value) -> vector.setString(row, NestedCells.write(value, type));
    } else if (type instanceof BinaryType) {
      return (vector, row, value) ->
          vector.setString(row, Base64.getEncoder().encodeToString((byte[]) value));
    } else if (carrier instanceof StringType) {
      return (vector, row, value) -> vector.setString(row, text((UTF8String) value));
    } else if (carrier instanceof BooleanType) {
      return (vector, row, value) -> vector.setBoolean(row, (Boolean) value);
    } else if (carrier instanceof ByteType) {
      return (vector, row, value) -> vector.setByte(row, (Byte) value);
    } else if (carrier instanceof ShortType) {
      return (vector, row, value) -> vector.setShort(row, (Short) value);
    } else if (carrier instanceof IntegerType) {
      return (vector, row, value) -> vector.setInt(row, (Integer) value);
    } else if (carrier instanceof LongType) {
      return (vector, row, value) -> vector.setLong(row, (Long) value);
    } else if (carrier instanceof FloatType) {
      return (vector, row, value) -> vector.setFloat(row, (Float) value);
    } else if (carrier instanceof DoubleType) {
      return (vector, row, value) -> vector.setDouble(row, (Double) value);
    }
    return (vector, row, value) -> vector.setBigDecimal(row, ((Decimal) value).toJavaBigDecimal());
  }

  /** DuckDB holds no string that is not UTF-8. */
  static String text(UTF8String value) {
    if (!value.isValid()) {
      throw new Untranslatable("a string that is not UTF-8");
    }
    return new String(value.getBytes(), StandardCharsets.UTF_8);
  }

  /** A carrier's type as a part of a function's name. */
  static String code(DataType carrier) {
    return carrier instanceof DecimalType decimal
        ? "decimal" + decimal.precision() + "s" + decimal.scale()
        : carrier.typeName();
  }

  static DuckDBLogicalType type(DataType carrier) throws SQLException {
    if (carrier instanceof DecimalType decimal) {
      return DuckDBLogicalType.decimal(decimal.precision(), decimal.scale());
    }
    return DuckDBLogicalType.of(column(carrier));
  }

  private static DuckDBColumnType column(DataType carrier) {
    if (carrier instanceof StringType) {
      return DuckDBColumnType.VARCHAR;
    } else if (carrier instanceof BooleanType) {
      return DuckDBColumnType.BOOLEAN;
    } else if (carrier instanceof ByteType) {
      return DuckDBColumnType.TINYINT;
    } else if (carrier instanceof ShortType) {
      return DuckDBColumnType.SMALLINT;
    } else if (carrier instanceof IntegerType) {
      return DuckDBColumnType.INTEGER;
    } else if (carrier instanceof LongType) {
      return DuckDBColumnType.BIGINT;
    } else if (carrier instanceof FloatType) {
      return DuckDBColumnType.FLOAT;
    } else if (carrier instanceof DoubleType) {
      return DuckDBColumnType.DOUBLE;
    }
    throw new IllegalArgumentException(carrier.typeName());
  }
}
