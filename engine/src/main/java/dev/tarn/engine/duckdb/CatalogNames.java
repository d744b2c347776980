package dev.tarn.engine.duckdb;

import dev.tarn.engine.policy.PolicyBarrier;
import dev.tarn.engine.policy.ReadAccess;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.kernel.name.EntityName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.CTERelationRef;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation;
import org.apache.spark.sql.catalyst.plans.logical.Range;
import org.apache.spark.sql.catalyst.plans.logical.SQLFunctionNode;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What an analysed query depends on in the catalog: the full names of its tables and views, and of
 * what they lie in, where privileges are granted too. As long as no change is about one of them,
 * the same text means the same to the same principal.
 */
final class CatalogNames {
  private final SessionContext context;
  private final Set<String> names = new HashSet<>();
  private boolean all = true;

  private CatalogNames(SessionContext context) {
    this.context = context;
  }

  /**
   * Empty if it depends on more than can be named: on what a row filter or a mask calls, also where
   * it hides nothing of this principal now, or on something that is not known here.
   */
  static Optional<Set<String>> of(LogicalPlan analysed, SessionContext context) {
    CatalogNames found = new CatalogNames(context);
    found.walk(analysed);
    return found.all ? Optional.of(Set.copyOf(found.names)) : Optional.empty();
  }

  private void walk(LogicalPlan node) {
    if (node instanceof PolicyBarrier || node instanceof SQLFunctionNode) {
      all = false;
    } else if (node instanceof View view && !view.isTempView()) {
      add(ReadAccess.name(view.desc()));
    } else if (node instanceof DataSourceV2Relation relation) {
      ReadAccess.relation(relation)
          .ifPresentOrElse(name -> table(name, relation), () -> all = false);
    } else if (node.children().isEmpty() && !reads(node)) {
      all = false;
    }
    for (Expression expression : CollectionConverters.asJava(node.expressions())) {
      expression.foreach(
          e -> {
            if (e instanceof SubqueryExpression subquery) {
              walk(subquery.plan());
            }
            return scala.runtime.BoxedUnit.UNIT;
          });
    }
    CollectionConverters.asJava(node.children()).forEach(this::walk);
  }

  /** Whether it is known to have nothing of the catalog in it. */
  private static boolean reads(LogicalPlan leaf) {
    return leaf instanceof OneRowRelation
        || leaf instanceof LocalRelation
        || leaf instanceof Range
        || leaf instanceof CTERelationRef;
  }

  private void table(EntityName name, DataSourceV2Relation relation) {
    List<String> columns = new ArrayList<>();
    relation.output().foreach(column -> columns.add(column.name()));
    all &= context.seen(name, columns).filter(table -> table.filters().none()).isPresent();
    add(name);
  }

  private void add(EntityName name) {
    names.add(name.fullName());
    names.add(name.parent().fullName());
    names.add(name.catalog());
  }
}
