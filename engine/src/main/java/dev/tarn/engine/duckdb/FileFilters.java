package dev.tarn.engine.duckdb;

import dev.tarn.store.delta.ColumnFilter;
import dev.tarn.store.delta.ColumnFilter.Comparison;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GreaterThan;
import org.apache.spark.sql.catalyst.expressions.GreaterThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.expressions.LessThan;
import org.apache.spark.sql.catalyst.expressions.LessThanOrEqual;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

/** Catalyst's conditions on single columns as those by which files are left out. */
final class FileFilters {
  private FileFilters() {}

  /** What is not understood leaves out nothing. */
  static List<ColumnFilter> of(List<Expression> conjuncts) {
    return conjuncts.stream().map(FileFilters::filter).flatMap(Optional::stream).toList();
  }

  private static Optional<ColumnFilter> filter(Expression condition) {
    List<Expression> children = List.copyOf(CollectionConverters.asJava(condition.children()));
    if (children.get(0) instanceof Attribute column) {
      List<String> path = List.of(column.name());
      if (condition instanceof IsNotNull) {
        return Optional.of(new ColumnFilter.IsNotNull(path));
      } else if (condition instanceof In) {
        return oneOf(path, children.subList(1, children.size()));
      } else if (children.size() == 2) {
        return compare(path, comparison(condition, false), children.get(1));
      }
    } else if (children.size() == 2 && children.get(1) instanceof Attribute column) {
      return compare(List.of(column.name()), comparison(condition, true), children.get(0));
    }
    return Optional.empty();
  }

  private static Optional<ColumnFilter> oneOf(List<String> path, List<Expression> list) {
    List<Object> values = new ArrayList<>();
    for (Expression each : list) {
      Optional<Object> value = value(each);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.add(value.get());
    }
    return Optional.of(new ColumnFilter.OneOf(path, values));
  }

  private static Optional<ColumnFilter> compare(
      List<String> path, Optional<Comparison> comparison, Expression with) {
    return comparison.flatMap(c -> value(with).map(v -> new ColumnFilter.Compare(path, c, v)));
  }

  /**
   * @param swapped whether the column stands on the right
   */
  private static Optional<Comparison> comparison(Expression condition, boolean swapped) {
    if (condition instanceof EqualTo) {
      return Optional.of(Comparison.EQUAL);
    } else if (condition instanceof LessThan) {
      return Optional.of(swapped ? Comparison.GREATER : Comparison.LESS);
    } else if (condition instanceof LessThanOrEqual) {
      return Optional.of(swapped ? Comparison.GREATER_OR_EQUAL : Comparison.LESS_OR_EQUAL);
    } else if (condition instanceof GreaterThan) {
      return Optional.of(swapped ? Comparison.LESS : Comparison.GREATER);
    } else if (condition instanceof GreaterThanOrEqual) {
      return Optional.of(swapped ? Comparison.LESS_OR_EQUAL : Comparison.GREATER_OR_EQUAL);
    }
    return Optional.empty();
  }

  /** A constant's value; empty also for NULL, and for one that cannot be computed yet. */
  private static Optional<Object> value(Expression constant) {
    try {
      return Optional.ofNullable(constant.eval(null)).map(v -> value(v, constant.dataType()));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private static Object value(Object value, DataType type) {
    if (value instanceof UTF8String text) {
      return text.toString();
    } else if (value instanceof Decimal decimal) {
      return decimal.toJavaBigDecimal();
    } else if (type instanceof DateType) {
      return LocalDate.ofEpochDay((Integer) value);
    } else if (type instanceof TimestampType) {
      return Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS);
    } else if (type instanceof TimestampNTZType) {
      return LocalDateTime.ofInstant(
          Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS), ZoneOffset.UTC);
    }
    return value;
  }
}
