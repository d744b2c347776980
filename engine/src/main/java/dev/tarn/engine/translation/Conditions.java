package dev.tarn.engine.translation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.AtLeastNNonNulls;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.CaseWhen;
import org.apache.spark.sql.catalyst.expressions.Coalesce;
import org.apache.spark.sql.catalyst.expressions.EqualNullSafe;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GreaterThan;
import org.apache.spark.sql.catalyst.expressions.GreaterThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.Greatest;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.InSet;
import org.apache.spark.sql.catalyst.expressions.InSubquery;
import org.apache.spark.sql.catalyst.expressions.IsNaN;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.KnownNotNull;
import org.apache.spark.sql.catalyst.expressions.Least;
import org.apache.spark.sql.catalyst.expressions.LessThan;
import org.apache.spark.sql.catalyst.expressions.LessThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.NaNvl;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.With;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import scala.jdk.javaapi.CollectionConverters;

/** Comparisons, the logic of three values, and what chooses between values. */
final class Conditions {
  private Conditions() {}

  static void lines(Functions table) {
    table.line(And.class, (e, to) -> chain(e, "AND", to));
    table.line(Or.class, (e, to) -> chain(e, "OR", to));
    table.line(Not.class, "(NOT $1)");
    table.line(EqualTo.class, (e, to) -> compare(e, "=", to));
    table.line(EqualNullSafe.class, (e, to) -> compare(e, "IS NOT DISTINCT FROM", to));
    table.line(LessThan.class, (e, to) -> compare(e, "<", to));
    table.line(LessThanOrEqual.class, (e, to) -> compare(e, "<=", to));
    table.line(GreaterThan.class, (e, to) -> compare(e, ">", to));
    table.line(GreaterThanOrEqual.class, (e, to) -> compare(e, ">=", to));
    table.line(In.class, (e, to) -> in(e.value(), Expressions.list(e.list()), to));
    table.line(InSet.class, Conditions::inSet);
    table.line(InSubquery.class, Conditions::inSubquery);
    table.line(IsNull.class, (e, to) -> "(" + Arithmetic.computed(e.child(), to) + " IS NULL)");
    table.line(
        IsNotNull.class, (e, to) -> "(" + Arithmetic.computed(e.child(), to) + " IS NOT NULL)");
    table.line(KnownNotNull.class, "$1");
    table.line(IsNaN.class, "coalesce(isnan($1), false)");
    table.line(NaNvl.class, "CASE WHEN isnan($1) THEN $2 ELSE $1 END");
    table.line(If.class, "CASE WHEN $1 THEN $2 ELSE $3 END");
    table.line(CaseWhen.class, Conditions::caseWhen);
    table.line(Coalesce.class, (e, to) -> "coalesce(" + String.join(", ", to.children(e)) + ")");
    table.line(Greatest.class, (e, to) -> extreme(e, "greatest", to));
    table.line(Least.class, (e, to) -> extreme(e, "least", to));
    table.line(AtLeastNNonNulls.class, Conditions::atLeast);
    table.line(With.class, (e, to) -> to.sql(Constants.inlined(e)));
  }

  /** Flat, since DuckDB bounds how deep an expression may be. */
  private static String chain(Expression e, String operator, Expressions to) {
    List<String> parts = new ArrayList<>();
    List<Expression> rest = new ArrayList<>(List.of(e));
    while (!rest.isEmpty()) {
      Expression part = rest.remove(rest.size() - 1);
      if (part.getClass() == e.getClass()) {
        rest.add(part.children().apply(1));
        rest.add(part.children().apply(0));
      } else {
        parts.add(to.sql(part));
      }
    }
    return parts.stream().collect(Collectors.joining(" " + operator + " ", "(", ")"));
  }

  private static String compare(BinaryComparison e, String operator, Expressions to) {
    comparable(e.left().dataType());
    return "(" + to.sql(e.left()) + " " + operator + " " + to.sql(e.right()) + ")";
  }

  static void comparable(DataType type) {
    if (!DuckTypes.atomic(type)) {
      throw new Untranslatable("comparison of type " + type.typeName());
    }
    if (type instanceof StringType) {
      DuckTypes.duck(type);
    }
  }

  private static String in(Expression value, List<Expression> list, Expressions to) {
    comparable(value.dataType());
    if (list.isEmpty()) {
      throw new Untranslatable("an empty IN");
    }
    return list.stream()
        .map(to::sql)
        .collect(Collectors.joining(", ", "(" + to.sql(value) + " IN (", "))"));
  }

  private static String inSubquery(InSubquery e, Expressions to) {
    List<Expression> values = Expressions.list(e.values());
    values.forEach(value -> comparable(value.dataType()));
    if (values.size() == 1) {
      return "(" + to.sql(values.get(0)) + " IN " + to.sql(e.query()) + ")";
    }
    String found = exists(e, values, "", to);
    boolean known =
        values.stream().noneMatch(Expression::nullable)
            && Expressions.list(e.query().plan().output()).stream().noneMatch(Expression::nullable);
    // Of rows with a NULL in them, DuckDB says false where SQL says unknown.
    return known
        ? found
        : "CASE WHEN "
            + found
            + " THEN true WHEN "
            + exists(e, values, " IS NULL", to)
            + " THEN NULL ELSE false END";
  }

  /** Whether the subquery has a row of which the comparison with the values is so. */
  private static String exists(InSubquery e, List<Expression> values, String so, Expressions to) {
    List<String> equal = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      equal.add(to.sql(values.get(i)) + " = \"in\".s" + i);
    }
    return "EXISTS (SELECT 1 FROM "
        + to.sql(e.query())
        + " AS \"in\" WHERE ("
        + String.join(" AND ", equal)
        + ")"
        + so
        + ")";
  }

  /** A condition of rows, where unknown is as good as false. */
  static String filter(Expression e, Expressions to) {
    if (e instanceof And and) {
      return "(" + filter(and.left(), to) + " AND " + filter(and.right(), to) + ")";
    }
    return e instanceof InSubquery in && in.values().size() > 1
        ? exists(in, Expressions.list(in.values()), "", to)
        : to.sql(e);
  }

  private static String inSet(InSet e, Expressions to) {
    DataType type = e.child().dataType();
    comparable(type);
    if (e.hset().isEmpty()) {
      throw new Untranslatable("an empty IN");
    }
    return CollectionConverters.asJava(e.hset()).stream()
        .map(value -> Literals.value(value, type))
        .collect(Collectors.joining(", ", "(" + to.sql(e.child()) + " IN (", "))"));
  }

  private static String caseWhen(CaseWhen e, Expressions to) {
    StringBuilder text = new StringBuilder("CASE");
    CollectionConverters.asJava(e.branches())
        .forEach(
            branch ->
                text.append(" WHEN ")
                    .append(to.sql(branch._1()))
                    .append(" THEN ")
                    .append(to.sql(branch._2())));
    if (e.elseValue().isDefined()) {
      text.append(" ELSE ").append(to.sql(e.elseValue().get()));
    }
    return text.append(" END").toString();
  }

  private static String extreme(Expression e, String function, Expressions to) {
    comparable(e.dataType());
    if (e.dataType() instanceof BooleanType) {
      throw new Untranslatable(function + " of booleans");
    }
    return zeroBySpark(
        e, function + "(" + String.join(", ", to.children(e)) + ")", e.dataType(), to);
  }

  /** Of 0.0 and -0.0, Spark takes the first, and DuckDB 0.0 even where there is none. */
  static String zeroBySpark(Expression e, String extreme, DataType type, Expressions to) {
    return DuckTypes.fractional(type)
        ? "CASE WHEN "
            + extreme
            + " = 0 THEN "
            + to.otherwise(e, "the sign of a zero")
            + " ELSE "
            + extreme
            + " END"
        : extreme;
  }

  private static String atLeast(AtLeastNNonNulls e, Expressions to) {
    return Expressions.list(e.children()).stream()
        .map(
            child ->
                "(CASE WHEN "
                    + to.sql(child)
                    + (DuckTypes.fractional(child.dataType())
                        ? " IS NULL OR isnan(" + to.sql(child) + ")"
                        : " IS NULL")
                    + " THEN 0 ELSE 1 END)")
        .collect(Collectors.joining(" + ", "((", ") >= " + e.n() + ")"));
  }
}
