package dev.tarn.engine.translation;

import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.QueryPlanningTracker;
import org.apache.spark.sql.catalyst.analysis.SimpleAnalyzer$;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.internal.SQLConf$;
import scala.Function0;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/** Spark's own parser, analyzer and interpreter of expressions, without a running Spark. */
final class Catalyst {
  private final SQLConf conf = new SQLConf();

  Catalyst(String timeZone) {
    conf.setConfString("spark.sql.ansi.enabled", "true");
    conf.setConfString("spark.sql.session.timeZone", timeZone);
  }

  SQLConf conf() {
    return conf;
  }

  <T> T with(Supplier<T> action) {
    Function0<T> body = action::get;
    return SQLConf$.MODULE$.withExistingConf(conf, body);
  }

  /** The analysed expressions of a SELECT over a relation of these columns. */
  List<Expression> analyse(List<String> expressions, List<AttributeReference> columns) {
    return with(
        () -> {
          List<NamedExpression> named =
              expressions.stream()
                  .map(CatalystSqlParser$.MODULE$::parseExpression)
                  .map(
                      e ->
                          (NamedExpression)
                              new Alias(
                                  e,
                                  "x",
                                  NamedExpression.newExprId(),
                                  none(),
                                  Option.empty(),
                                  none()))
                  .toList();
          LogicalPlan relation = new LocalRelation(seq(columns), none(), false, Option.empty());
          LogicalPlan plan =
              SimpleAnalyzer$.MODULE$.executeAndCheck(
                  new Project(seq(named), relation), new QueryPlanningTracker(Option.empty()));
          while (!(plan instanceof Project)) {
            plan = plan.children().apply(0);
          }
          return Expressions.list(((Project) plan).projectList()).stream()
              .map(e -> ((Alias) e).child())
              .toList();
        });
  }

  /** The analysed plan of a statement over one relation, whatever name that has in the text. */
  LogicalPlan analyse(String statement, LogicalPlan relation) {
    return with(
        () ->
            SimpleAnalyzer$.MODULE$.executeAndCheck(
                CatalystSqlParser$.MODULE$
                    .parsePlan(statement)
                    .transformUp(
                        new AbstractPartialFunction<LogicalPlan, LogicalPlan>() {
                          @Override
                          public boolean isDefinedAt(LogicalPlan plan) {
                            return plan instanceof UnresolvedRelation;
                          }

                          @Override
                          public LogicalPlan apply(LogicalPlan plan) {
                            return relation;
                          }
                        }),
                new QueryPlanningTracker(Option.empty())));
  }

  /** A constant's value, in Catalyst's representation. */
  Object constant(String expression) {
    Expression e = analyse(List.of(expression), List.of()).get(0);
    return with(() -> Constants.evaluable(e).eval(null));
  }

  /** The expression, ready to be evaluated on rows of these columns. */
  Expression bind(Expression e, List<AttributeReference> columns) {
    return with(
        () ->
            Constants.evaluable(e)
                .transformUp(
                    new AbstractPartialFunction<Expression, Expression>() {
                      @Override
                      public boolean isDefinedAt(Expression part) {
                        return part instanceof AttributeReference;
                      }

                      @Override
                      public Expression apply(Expression part) {
                        int at = columns.indexOf(part);
                        return new BoundReference(at, part.dataType(), true);
                      }
                    }));
  }

  Object eval(Expression bound, InternalRow row) {
    return with(() -> bound.eval(row));
  }

  static <T> Seq<T> seq(List<? extends T> list) {
    return CollectionConverters.<T>asScala(List.<T>copyOf(list)).toSeq();
  }

  private static <T> Seq<T> none() {
    return seq(List.of());
  }
}
