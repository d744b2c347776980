package dev.tarn.engine.lineage;

import dev.tarn.engine.policy.ReadAccess;
import dev.tarn.govern.lineage.Flow;
import dev.tarn.govern.lineage.Flow.Column;
import dev.tarn.govern.lineage.Flow.Source;
import dev.tarn.kernel.name.EntityName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.OuterReference;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.QueryPlan;
import org.apache.spark.sql.catalyst.plans.logical.CTERelationDef;
import org.apache.spark.sql.catalyst.plans.logical.CTERelationRef;
import org.apache.spark.sql.catalyst.plans.logical.Expand;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.streaming.runtime.StreamingRelation;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Which columns of tables the attributes of analysed plans come from. Attributes are told apart by
 * the ids that Spark's analyzer gave them; each expression that makes a new one comes from all that
 * it refers to, itself and in its subqueries. What only decides which rows there are, such as a
 * join's condition, is read but nothing comes from it.
 */
final class ColumnOrigins {
  private final Map<Long, Set<Column>> origins = new HashMap<>();
  private final Map<Long, List<Attribute>> commons = new HashMap<>();
  private final Set<Source> sources = new LinkedHashSet<>();
  private final Set<Column> read = new LinkedHashSet<>();

  /** Takes in a plan, and all that it reads. */
  void walk(LogicalPlan plan) {
    Optional<EntityName> relation = relation(plan);
    if (relation.isPresent()) {
      leaf(plan, relation.get());
      return;
    }
    files(plan);
    for (LogicalPlan child : CollectionConverters.asJava(plan.children())) {
      walk(child);
    }
    for (Expression expression : CollectionConverters.asJava(plan.expressions())) {
      read.addAll(of(expression));
    }
    made(plan);
    remaining(plan);
  }

  private static Optional<EntityName> relation(LogicalPlan plan) {
    if (plan instanceof View view && !view.isTempView()) {
      return Optional.of(ReadAccess.name(view.desc()));
    } else if (plan instanceof StreamingRelation stream
        && stream.dataSource().catalogTable().isDefined()) {
      return Optional.of(ReadAccess.name(stream.dataSource().catalogTable().get()));
    }
    return ReadAccess.relation(plan);
  }

  private void leaf(LogicalPlan plan, EntityName name) {
    sources.add(Source.of(name));
    for (Attribute attribute : CollectionConverters.asJava(plan.output())) {
      origins.put(attribute.exprId().id(), Set.of(new Column(name, attribute.name())));
    }
  }

  private void files(LogicalPlan plan) {
    if (plan instanceof LogicalRelation relation
        && relation.relation() instanceof HadoopFsRelation files) {
      CollectionConverters.asJava(files.location().rootPaths())
          .forEach(path -> sources.add(Source.at(path.toString())));
    } else if (plan instanceof StreamingRelation stream) {
      stream.dataSource().options().get("path").foreach(path -> sources.add(Source.at(path)));
    }
  }

  /** The attributes that a node makes otherwise than by naming an expression. */
  private void made(LogicalPlan plan) {
    if (plan instanceof CTERelationDef common) {
      commons.put(common.id(), attributes(common.child().output()));
    } else if (plan instanceof CTERelationRef use && commons.containsKey(use.cteId())) {
      same(attributes(use.output()), commons.get(use.cteId()));
    } else if (plan instanceof Union union) {
      for (LogicalPlan child : CollectionConverters.asJava(union.children())) {
        same(attributes(union.output()), attributes(child.output()));
      }
    } else if (plan instanceof Generate generate) {
      Set<Column> from = of((Expression) generate.generator());
      attributes(generate.generatorOutput()).forEach(each -> add(each, from));
    } else if (plan instanceof Expand expand) {
      List<Attribute> output = attributes(expand.output());
      for (Seq<Expression> row : CollectionConverters.asJava(expand.projections())) {
        for (int i = 0; i < output.size(); i++) {
          add(output.get(i), of(row.apply(i)));
        }
      }
    } else {
      CollectionConverters.asJava(plan.expressions()).forEach(this::named);
    }
  }

  private void named(Expression expression) {
    if (expression instanceof Alias alias) {
      origins.computeIfAbsent(alias.exprId().id(), id -> new HashSet<>()).addAll(of(alias.child()));
    }
  }

  /** What is made in a way that is not known here comes from all that went in. */
  private void remaining(LogicalPlan plan) {
    Set<Column> all = null;
    for (Attribute attribute : CollectionConverters.asJava(plan.output())) {
      if (!origins.containsKey(attribute.exprId().id())) {
        if (all == null) {
          all = new HashSet<>();
          for (LogicalPlan child : CollectionConverters.asJava(plan.children())) {
            for (Attribute in : CollectionConverters.asJava(child.output())) {
              all.addAll(of(in));
            }
          }
        }
        origins.put(attribute.exprId().id(), all);
      }
    }
  }

  private void same(List<Attribute> made, List<Attribute> from) {
    for (int i = 0; i < Math.min(made.size(), from.size()); i++) {
      add(made.get(i), of(from.get(i)));
    }
  }

  private void add(Attribute made, Set<Column> from) {
    Set<Column> known = origins.get(made.exprId().id());
    Set<Column> all = new HashSet<>(from);
    if (known != null) {
      all.addAll(known);
    }
    origins.put(made.exprId().id(), all);
  }

  private static List<Attribute> attributes(scala.collection.immutable.Seq<Attribute> some) {
    return CollectionConverters.asJava(some);
  }

  /** The columns that an expression's value comes from. */
  Set<Column> of(Expression expression) {
    if (expression instanceof Attribute attribute) {
      return origins.getOrDefault(attribute.exprId().id(), Set.of());
    }
    if (expression instanceof OuterReference outer) {
      return of((Expression) outer.e());
    }
    Set<Column> all = new HashSet<>();
    if (expression instanceof SubqueryExpression subquery) {
      // What ties it to the rows around it decides which rows it sees, and is its only child.
      QueryPlan<?> inner = subquery.plan();
      walk((LogicalPlan) inner);
      for (Attribute attribute : CollectionConverters.asJava(inner.output())) {
        all.addAll(of(attribute));
      }
      return all;
    }
    for (Expression child : CollectionConverters.asJava(expression.children())) {
      all.addAll(of(child));
    }
    return all;
  }

  Set<Source> sources() {
    return sources;
  }

  /** All columns that any part of the plans refers to. */
  Set<Column> read() {
    return read;
  }

  /** What a query reads, that puts its rows nowhere. */
  Flow query(LogicalPlan plan) {
    walk(plan);
    Set<Column> columns = new LinkedHashSet<>(read);
    attributes(plan.output()).forEach(each -> columns.addAll(of(each)));
    Set<Flow.Edge> edges = new HashSet<>();
    columns.forEach(each -> edges.add(new Flow.Edge(each, null)));
    return new Flow(Optional.empty(), sources, edges, false);
  }
}
