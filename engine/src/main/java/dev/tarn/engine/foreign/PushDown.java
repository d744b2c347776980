package dev.tarn.engine.foreign;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.aggregate.Count;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.expressions.aggregate.Max;
import org.apache.spark.sql.connector.expressions.aggregate.Min;
import org.apache.spark.sql.connector.expressions.aggregate.Sum;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What another system may be asked to do because it means there what it means in Spark: comparisons
 * of columns with columns of their type and with constants, and sums, counts and extremes of
 * columns.
 *
 * @param schema of the table, without columns whose values mean something else there
 */
record PushDown(StructType schema) {
  private static final Set<String> PREDICATES =
      Set.of(
          "=",
          "<>",
          "<",
          "<=",
          ">",
          ">=",
          "<=>",
          "IN",
          "IS_NULL",
          "IS_NOT_NULL",
          "AND",
          "OR",
          "NOT",
          "STARTS_WITH",
          "ENDS_WITH",
          "CONTAINS");

  /** Not FLOAT, which other systems compare as a double with what a constant is written as. */
  private static final Set<DataType> COMPARED =
      Set.of(
          DataTypes.BooleanType,
          DataTypes.ShortType,
          DataTypes.IntegerType,
          DataTypes.LongType,
          DataTypes.DoubleType,
          DataTypes.StringType,
          DataTypes.DateType,
          DataTypes.TimestampType,
          DataTypes.TimestampNTZType);

  private static final Set<DataType> ADDED =
      Set.of(DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType, DataTypes.DoubleType);

  private static final DecimalType WIDEST = DataTypes.createDecimalType(38, 18);

  /** Those that Spark gives a sum before its column's. */
  private static final int MORE_DIGITS = 10;

  /** 1583 to 9999: all calendars agree on what lies between. */
  private static final long FIRST_DAY = -141_428;

  private static final long LAST_DAY = 2_932_896;
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  boolean allows(Expression expression) {
    if (expression instanceof Literal<?> literal) {
      return allows(literal);
    } else if (expression instanceof NamedReference column) {
      return type(column).filter(PushDown::isCompared).isPresent();
    }
    return expression instanceof Predicate predicate
        && PREDICATES.contains(predicate.name())
        && Arrays.stream(predicate.children()).allMatch(this::allows);
  }

  private static boolean isCompared(DataType type) {
    return COMPARED.contains(type) || type instanceof DecimalType;
  }

  private static boolean allows(Literal<?> literal) {
    DataType type = literal.dataType();
    Object value = literal.value();
    if (value == null || !isCompared(type)) {
      return false;
    } else if (value instanceof Double number) {
      return Double.isFinite(number);
    } else if (type.equals(DataTypes.DateType)) {
      return isAgreed(((Number) value).longValue());
    } else if (type.equals(DataTypes.TimestampType) || type.equals(DataTypes.TimestampNTZType)) {
      return isAgreed(Math.floorDiv(((Number) value).longValue(), MICROS_PER_DAY));
    }
    return !type.equals(DataTypes.StringType) || value.toString().indexOf('\0') < 0;
  }

  private static boolean isAgreed(long day) {
    return day >= FIRST_DAY && day <= LAST_DAY;
  }

  boolean allows(SortOrder order) {
    return order.expression() instanceof NamedReference column && allows(column);
  }

  boolean allows(Aggregation aggregation) {
    return Arrays.stream(aggregation.aggregateExpressions()).allMatch(this::allows)
        && Arrays.stream(aggregation.groupByExpressions()).allMatch(this::groups);
  }

  /** The same, with the types of its results where the other system would not say them. */
  Aggregation typed(Aggregation aggregation) {
    return new Aggregation(
        Arrays.stream(aggregation.aggregateExpressions())
            .map(this::typed)
            .toArray(AggregateFunc[]::new),
        aggregation.groupByExpressions());
  }

  /** A column of {@link #WIDEST} may have no scale there: a cast would round what is refused. */
  private AggregateFunc typed(AggregateFunc function) {
    int more = function instanceof Sum ? MORE_DIGITS : 0;
    return Optional.of(function)
        .filter(each -> each instanceof Sum || each instanceof Min || each instanceof Max)
        .flatMap(each -> type((NamedReference) each.children()[0]))
        .filter(type -> type instanceof DecimalType && !type.equals(WIDEST))
        .map(DecimalType.class::cast)
        .<AggregateFunc>map(
            type ->
                new TypedAggregate(
                    function,
                    DataTypes.createDecimalType(
                        Math.min(type.precision() + more, WIDEST.precision()), type.scale())))
        .orElse(function);
  }

  /** Zero is one group with minus zero, and Spark says which of them it shows. */
  private boolean groups(Expression expression) {
    return expression instanceof NamedReference column
        && allows(column)
        && !type(column).equals(Optional.of(DataTypes.DoubleType));
  }

  private boolean allows(AggregateFunc function) {
    if (function instanceof CountStar) {
      return true;
    } else if (function instanceof Count count) {
      return groups(count.column());
    } else if (function instanceof Sum sum) {
      return sum.column() instanceof NamedReference column
          && type(column)
              .filter(type -> ADDED.contains(type) || type instanceof DecimalType)
              .isPresent();
    } else if (function instanceof Min min) {
      return isOrdered(min.column());
    }
    return function instanceof Max max && isOrdered(max.column());
  }

  private boolean isOrdered(Expression expression) {
    return groups(expression)
        && !type((NamedReference) expression).equals(Optional.of(DataTypes.BooleanType));
  }

  private Optional<DataType> type(NamedReference column) {
    return column.fieldNames().length == 1
        ? Arrays.stream(schema.fields())
            .filter(field -> field.name().equals(column.fieldNames()[0]))
            .map(StructField::dataType)
            .findFirst()
        : Optional.empty();
  }
}
