package dev.tarn.engine.translation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.InSet;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Keeps what stands above hidden rows from being evaluated on them. DuckDB has a view for this: its
 * optimizer moves nothing into a secure view but conditions, and of those, what may fail never past
 * what removes rows. Which conditions may fail it knows by what each function says of itself; here
 * all are taken to fail but comparisons with constants, which find files and groups of rows.
 */
public final class Seals {
  private static final String CREATE = "CREATE TEMP SECURE VIEW ";
  private static final String END = "; ";

  /** Of DuckDB: gives its argument, and says that it may fail. */
  private static final String BARRIER = "__internal_barrier";

  private final List<String> views = new ArrayList<>();
  private final boolean sealing;
  private int depth;

  /**
   * @param sealing whether any rows are hidden from the statement
   */
  Seals(boolean sealing) {
    this.sealing = sealing;
  }

  /** Whether a translation leaves views on its connection. */
  public static boolean in(String sql) {
    return sql.startsWith(CREATE);
  }

  /**
   * Rows that have all their conditions in them.
   *
   * @param ofPolicy whether these are conditions of the platform's; else of a view, which may stand
   *     above rows that are hidden from it too
   * @param wanted ids of the columns that anything above uses
   */
  Block seal(boolean ofPolicy, Supplier<Block> rows, Set<Long> wanted) {
    depth += ofPolicy ? 1 : 0;
    Block below = rows.get();
    depth -= ofPolicy ? 1 : 0;
    String view = "sealed_" + views.size();
    Block seen = below.wrapped().narrowed(wanted);
    views.add(CREATE + view + " AS " + seen.sql() + END);
    return Block.of(view, seen.output());
  }

  /** A SELECT with the views that it reads, in one text. */
  String before(String select) {
    return String.join("", views) + select;
  }

  /**
   * @param condition above rows that may be sealed
   * @param below what it stands above
   * @param translation of conditions
   */
  String condition(
      Expression condition, LogicalPlan below, Function<Expression, String> translation) {
    if (!sealing || depth > 0 || cannotFail(condition)) {
      return translation.apply(condition);
    }
    List<Expression> conjuncts = new ArrayList<>();
    split(condition, conjuncts);
    return conjuncts.stream()
        .map(
            c ->
                stays(c, below) ? translation.apply(c) : BARRIER + "(" + translation.apply(c) + ")")
        .collect(Collectors.joining(" AND ", "(", ")"));
  }

  private static void split(Expression condition, List<Expression> conjuncts) {
    if (condition instanceof And and) {
      split(and.left(), conjuncts);
      split(and.right(), conjuncts);
    } else {
      conjuncts.add(condition);
    }
  }

  /** What has a subquery becomes a join, and like what is of several tables stays above all. */
  private static boolean stays(Expression conjunct, LogicalPlan below) {
    return cannotFail(conjunct)
        || conjunct.exists(SubqueryExpression.class::isInstance)
        || Residuals.ofSeveral(conjunct, below);
  }

  private static boolean cannotFail(Expression condition) {
    if (condition instanceof And || condition instanceof Or || condition instanceof Not) {
      return CollectionConverters.asJava(condition.children()).stream().allMatch(Seals::cannotFail);
    }
    return (condition instanceof BinaryComparison
            || condition instanceof In
            || condition instanceof InSet
            || condition instanceof IsNull
            || condition instanceof IsNotNull)
        && CollectionConverters.asJava(condition.children()).stream()
            .allMatch(e -> e instanceof Attribute || e.foldable());
  }
}
