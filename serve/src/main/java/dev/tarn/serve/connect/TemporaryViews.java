package dev.tarn.serve.connect;

import dev.tarn.engine.policy.AskedPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.connect.proto.CreateDataFrameViewCommand;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.catalog.SessionCatalog;
import org.apache.spark.sql.catalyst.catalog.TemporaryViewRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias$;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connect.planner.SparkConnectPlanner;
import org.apache.spark.sql.connector.catalog.CatalogManager;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * Temporary views of DataFrames. Spark keeps them as they were resolved when they were made, with
 * the tables, views, functions, groups and grants of then. Here they are kept as they were asked
 * for and resolved at each use, as temporary views made in SQL are, so that they open no more than
 * the same query would.
 */
final class TemporaryViews {
  private final SparkSession spark;
  private final SessionCatalog catalog;
  private final String name;
  private final Set<String> inPlan = new HashSet<>();

  private TemporaryViews(SparkSession spark, CreateDataFrameViewCommand command) throws Exception {
    this.spark = spark;
    this.catalog = spark.sessionState().catalog();
    this.name = spark.sessionState().sqlParser().parseTableIdentifier(command.getName()).table();
  }

  /**
   * Makes one, or replaces it.
   *
   * @param make makes it as Spark does, after all checks
   */
  static void make(SparkConnectPlanner planner, CreateDataFrameViewCommand command, Runnable make)
      throws Exception {
    TemporaryViews views = new TemporaryViews(planner.session(), command);
    // Before: it may read the view of the same name that it replaces.
    LogicalPlan asked = views.bound(planner.transformRelation(command.getInput()));
    make.run();
    views.keep(asked);
  }

  /** Names stand for what they stand for now, where that does not depend on who asks. */
  private LogicalPlan bound(LogicalPlan asked) {
    asked.foreachWithSubqueries(
        node -> {
          if (node instanceof UnresolvedWith with) {
            with.cteRelations().foreach(each -> inPlan.add(each._1().toLowerCase(Locale.ROOT)));
          }
          return BoxedUnit.UNIT;
        });
    return replaced(asked);
  }

  private LogicalPlan replaced(LogicalPlan plan) {
    return plan.transformUpWithSubqueries(
        new AbstractPartialFunction<LogicalPlan, LogicalPlan>() {
          @Override
          public boolean isDefinedAt(LogicalPlan node) {
            return node instanceof UnresolvedRelation || node instanceof UnresolvedWith;
          }

          @Override
          public LogicalPlan apply(LogicalPlan node) {
            return node instanceof UnresolvedWith with
                ? replaced(with)
                : replaced((UnresolvedRelation) node);
          }
        });
  }

  private UnresolvedWith replaced(UnresolvedWith with) {
    List<Tuple3<String, SubqueryAlias, Option<Object>>> relations = new ArrayList<>();
    with.cteRelations()
        .foreach(
            each ->
                relations.add(
                    new Tuple3<>(each._1(), (SubqueryAlias) replaced(each._2()), each._3())));
    return with.copy(
        with.child(), CollectionConverters.asScala(relations).toSeq(), with.allowRecursion());
  }

  private LogicalPlan replaced(UnresolvedRelation relation) {
    Seq<String> parts = relation.multipartIdentifier();
    Option<TemporaryViewRelation> view = catalog.getRawLocalOrGlobalTempView(parts);
    boolean single = parts.size() == 1;
    if (single && inPlan.contains(parts.head().toLowerCase(Locale.ROOT))) {
      return relation;
    }
    if (view.isDefined()
        && view.get().plan().isDefined()
        && view.get().plan().get() instanceof AskedPlan kept) {
      return SubqueryAlias$.MODULE$.apply(parts.last(), kept.asked());
    }
    if (view.isDefined()) {
      return parts.last().equalsIgnoreCase(name)
          ? catalog.getTempViewRelation(view.get())
          : relation;
    }
    if (!single) {
      return relation;
    }
    CatalogManager manager = spark.sessionState().catalogManager();
    List<String> full = new ArrayList<>();
    full.add(manager.currentCatalog().name());
    full.addAll(List.of(manager.currentNamespace()));
    full.add(parts.head());
    return relation.copy(
        CollectionConverters.asScala(full).toSeq(), relation.options(), relation.isStreaming());
  }

  private void keep(LogicalPlan asked) {
    TemporaryViewRelation made = catalog.getRawTempView(name).get();
    AskedPlan kept = new AskedPlan(asked, made.plan().get().output());
    catalog.createTempView(
        name, new TemporaryViewRelation(made.tableMeta(), Option.apply(kept)), true);
  }
}
