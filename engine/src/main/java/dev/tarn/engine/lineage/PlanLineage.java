package dev.tarn.engine.lineage;

import dev.tarn.engine.policy.ReadAccess;
import dev.tarn.govern.lineage.Flow;
import dev.tarn.govern.lineage.Flow.Column;
import dev.tarn.govern.lineage.Flow.Edge;
import dev.tarn.govern.lineage.Flow.Source;
import dev.tarn.kernel.name.EntityName;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.analysis.ResolvedIdentifier;
import org.apache.spark.sql.catalyst.analysis.ResolvedPersistentView;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.AlterViewAs;
import org.apache.spark.sql.catalyst.plans.logical.CTERelationDef;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.CreateView;
import org.apache.spark.sql.catalyst.plans.logical.DeltaMergeAction;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.V2CreateTableAsSelectPlan;
import org.apache.spark.sql.catalyst.plans.logical.V2WriteCommand;
import org.apache.spark.sql.catalyst.plans.logical.WithCTE;
import org.apache.spark.sql.connector.catalog.CatalogPlugin;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.delta.commands.DeleteCommand;
import org.apache.spark.sql.delta.commands.MergeIntoCommand;
import org.apache.spark.sql.delta.commands.UpdateCommand;
import scala.Option;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/** The lineage of analysed plans of Spark's. */
public final class PlanLineage {
  private PlanLineage() {}

  /** Of a statement: a query, or what writes rows or makes a view. Of all else there is none. */
  public static Flow of(LogicalPlan analysed) {
    ColumnOrigins origins = new ColumnOrigins();
    LogicalPlan statement = analysed;
    if (analysed instanceof WithCTE with) {
      for (CTERelationDef common : CollectionConverters.asJava(with.cteDefs())) {
        origins.walk(common);
      }
      statement = with.plan();
    }
    if (statement instanceof V2WriteCommand write) {
      return written(origins, write);
    } else if (statement instanceof V2CreateTableAsSelectPlan made
        && made.name() instanceof ResolvedIdentifier name) {
      return named(origins, name(name.catalog(), name.identifier()), made.query(), null);
    } else if (statement instanceof CreateView view
        && view.child() instanceof ResolvedIdentifier name) {
      List<String> columns =
          CollectionConverters.asJava(view.userSpecifiedColumns()).stream()
              .map(Tuple2::_1)
              .toList();
      return named(origins, name(name.catalog(), name.identifier()), view.query(), columns);
    } else if (statement instanceof AlterViewAs view
        && view.child() instanceof ResolvedPersistentView name) {
      return named(origins, name(name.catalog(), name.identifier()), view.query(), null);
    } else if (statement instanceof MergeIntoCommand merge) {
      return merged(origins, merge);
    } else if (statement instanceof UpdateCommand update) {
      return updated(origins, update);
    } else if (statement instanceof DeleteCommand delete) {
      if (delete.condition().isDefined()) {
        origins.walk(delete.target());
        origins.of(delete.condition().get());
      }
      return flow(origins, target(delete.target()), Set.of());
    } else if (statement instanceof Command) {
      return Flow.NONE;
    }
    return origins.query(statement);
  }

  /** Of a query whose rows go into a table under their own names. */
  public static Flow into(EntityName target, LogicalPlan query) {
    return named(new ColumnOrigins(), Optional.of(target), query, null);
  }

  /** Of a table that has all that another has. */
  public static Flow copied(
      EntityName source, org.apache.spark.sql.connector.catalog.Column[] columns, EntityName to) {
    Set<Edge> edges = new HashSet<>();
    for (org.apache.spark.sql.connector.catalog.Column each : columns) {
      edges.add(new Edge(new Column(source, each.name()), each.name()));
    }
    return new Flow(Optional.of(to), Set.of(Source.of(source)), edges, true);
  }

  private static Optional<EntityName> name(CatalogPlugin catalog, Identifier identifier) {
    return ReadAccess.name(Option.apply(catalog), Option.apply(identifier));
  }

  private static Flow named(
      ColumnOrigins origins, Optional<EntityName> target, LogicalPlan query, List<String> columns) {
    origins.walk(query);
    List<Attribute> output = CollectionConverters.asJava(query.output());
    Set<Edge> edges = new HashSet<>();
    for (int i = 0; i < output.size(); i++) {
      boolean renamed = columns != null && i < columns.size();
      edges(origins, output.get(i), renamed ? columns.get(i) : output.get(i).name(), edges);
    }
    return flow(origins, target, edges);
  }

  private static Flow written(ColumnOrigins origins, V2WriteCommand write) {
    origins.walk(write.query());
    // The analyzer has put the query's columns into the order of the table's.
    List<Attribute> from = CollectionConverters.asJava(write.query().output());
    List<Attribute> to = CollectionConverters.asJava(((LogicalPlan) write.table()).output());
    Set<Edge> edges = new HashSet<>();
    for (int i = 0; i < Math.min(from.size(), to.size()); i++) {
      edges(origins, from.get(i), to.get(i).name(), edges);
    }
    return flow(origins, target((LogicalPlan) write.table()), edges);
  }

  private static Flow merged(ColumnOrigins origins, MergeIntoCommand merge) {
    origins.walk(merge.source());
    origins.walk(merge.target());
    origins.of(merge.condition());
    Set<Edge> edges = new HashSet<>();
    Stream.of(merge.matchedClauses(), merge.notMatchedClauses(), merge.notMatchedBySourceClauses())
        .flatMap(clauses -> CollectionConverters.asJava(clauses).stream())
        .flatMap(clause -> CollectionConverters.asJava(clause.children()).stream())
        .forEach(
            part -> {
              if (part instanceof DeltaMergeAction action) {
                edges(origins, action.expr(), action.targetColNameParts().head(), edges);
              } else {
                origins.of(part);
              }
            });
    return flow(origins, target(merge.target()), edges);
  }

  private static Flow updated(ColumnOrigins origins, UpdateCommand update) {
    origins.walk(update.target());
    if (update.condition().isDefined()) {
      origins.of(update.condition().get());
    }
    List<Expression> values = CollectionConverters.asJava(update.updateExpressions());
    List<Attribute> columns = CollectionConverters.asJava(update.target().output());
    Set<Edge> edges = new HashSet<>();
    for (int i = 0; i < Math.min(values.size(), columns.size()); i++) {
      edges(origins, values.get(i), columns.get(i).name(), edges);
    }
    return flow(origins, target(update.target()), edges);
  }

  private static Optional<EntityName> target(LogicalPlan plan) {
    EntityName[] found = new EntityName[1];
    plan.foreach(
        node -> {
          if (found[0] == null) {
            found[0] = ReadAccess.relation(node).orElse(null);
          }
          return scala.runtime.BoxedUnit.UNIT;
        });
    return Optional.ofNullable(found[0]);
  }

  private static void edges(
      ColumnOrigins origins, Expression value, String column, Set<Edge> edges) {
    for (Column source : origins.of(value)) {
      edges.add(new Edge(source, column));
    }
  }

  /** That a table's rows come from its own rows before says nothing. */
  private static Flow flow(ColumnOrigins origins, Optional<EntityName> target, Set<Edge> edges) {
    if (target.isEmpty()) {
      return Flow.NONE;
    }
    Set<Source> sources = new HashSet<>(origins.sources());
    sources.remove(Source.of(target.get()));
    edges.removeIf(edge -> edge.source().table().equals(target.get()));
    return new Flow(target, sources, edges, true);
  }
}
