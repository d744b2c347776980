package dev.tarn.process.updates;

import dev.tarn.engine.policy.PlanPolicy;
import dev.tarn.engine.session.SparkErrors;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.trees.Origin;
import org.apache.spark.sql.catalyst.util.StringUtils;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.pipelines.graph.DataflowGraph;
import org.apache.spark.sql.pipelines.graph.Flow;
import org.apache.spark.sql.pipelines.graph.GraphRegistrationContext;
import org.apache.spark.sql.pipelines.graph.QueryOrigin;
import org.apache.spark.sql.pipelines.graph.ResolvedFlow;
import org.apache.spark.sql.pipelines.graph.SqlGraphRegistrationContext;
import org.apache.spark.sql.pipelines.graph.Table;
import org.apache.spark.sql.pipelines.graph.UnresolvedPipelineException;
import scala.jdk.javaapi.CollectionConverters;

/** A pipeline as Spark's dataflow graph: registered, resolved and checked by spark-pipelines. */
final class PipelineGraph {
  private final DataflowGraph unresolved;
  private final DataflowGraph resolved;

  private PipelineGraph(DataflowGraph unresolved, DataflowGraph resolved) {
    this.unresolved = unresolved;
    this.resolved = resolved;
  }

  /** A definition that is wrong, and where it stands. */
  record Mistake(String flow, String dataset, TarnException error) {}

  /** Definitions are wrong; each mistake has its place and reason. */
  static final class InvalidPipeline extends Exception {
    private static final long serialVersionUID = 1L;

    final transient List<Mistake> mistakes;

    InvalidPipeline(List<Mistake> mistakes) {
      super(mistakes.toString());
      this.mistakes = mistakes;
    }

    void tell(UpdateEvents events) {
      for (Mistake mistake : mistakes) {
        if (mistake.flow() == null) {
          events.failed(mistake.error());
        } else {
          events.flow(
              new FlowProgress(
                  mistake.flow(),
                  mistake.dataset(),
                  FlowProgress.Status.FAILED,
                  Optional.empty(),
                  "The definition of '" + mistake.flow() + "' is wrong.",
                  Optional.of(mistake.error())));
        }
      }
    }
  }

  static PipelineGraph of(
      SparkSession spark, UpdateRequest request, List<UpdateRequest.SourceFile> files)
      throws InvalidPipeline {
    GraphRegistrationContext registration =
        new GraphRegistrationContext(
            request.catalog(), request.schema(), scala.collection.immutable.Map$.MODULE$.empty());
    for (UpdateRequest.SourceFile file : files) {
      register(registration, spark, file);
    }
    DataflowGraph unresolved;
    DataflowGraph resolved;
    try {
      unresolved = registration.toDataflowGraph();
      if (!unresolved.persistedViews().isEmpty()) {
        throw new TarnException(
            ErrorCode.NOT_IMPLEMENTED,
            "0A000",
            "CREATE VIEW is not supported in a pipeline yet. Write CREATE TEMPORARY VIEW, or CREATE"
                + " MATERIALIZED VIEW if others shall read it.",
            null);
      }
      resolved = unresolved.resolve().validate();
    } catch (Throwable e) {
      if (e instanceof UnresolvedPipelineException unresolvable) {
        throw new InvalidPipeline(mistakes(unresolvable));
      }
      throw new InvalidPipeline(List.of(new Mistake(null, null, SparkErrors.toTarn(e))));
    }
    for (ResolvedFlow flow : CollectionConverters.asJava(resolved.resolvedFlows())) {
      CollectionConverters.asJava(flow.sqlConf()).keySet().forEach(PlanPolicy::checkSetting);
    }
    return new PipelineGraph(unresolved, resolved);
  }

  private static void register(
      GraphRegistrationContext registration, SparkSession spark, UpdateRequest.SourceFile file)
      throws InvalidPipeline {
    int at = 0;
    for (String statement :
        CollectionConverters.asJava(StringUtils.splitSemiColonWithIndex(file.text(), false))) {
      try {
        spark.sessionState().sqlParser().parsePlan(statement);
      } catch (Throwable e) {
        throw misplaced(file, at, e);
      }
      at += statement.length() + 1;
    }
    try {
      new SqlGraphRegistrationContext(registration).processSqlFile(file.text(), file.path(), spark);
    } catch (Throwable e) {
      throw misplaced(file, -1, e);
    }
  }

  /**
   * @param statement where in the file the statement begins that is wrong, or -1
   */
  private static InvalidPipeline misplaced(
      UpdateRequest.SourceFile file, int statement, Throwable e) {
    String place = file.path();
    if (statement >= 0) {
      int line = e instanceof ParseException parse ? line(parse.start()) : 1;
      place += ":" + (Definitions.line(file.text(), statement) + line - 1);
    }
    TarnException error = SparkErrors.toTarn(e);
    String message = error.getMessage();
    int excerpt = message.indexOf("\n\n== SQL ==");
    return new InvalidPipeline(
        List.of(
            new Mistake(
                null,
                null,
                new TarnException(
                    error.code(),
                    error.sqlState().orElse("42000"),
                    place + ": " + (excerpt < 0 ? message : message.substring(0, excerpt)),
                    error))));
  }

  private static int line(Origin origin) {
    return origin.line().isDefined() ? (Integer) origin.line().get() : 1;
  }

  private static List<Mistake> mistakes(UnresolvedPipelineException e) {
    List<Mistake> mistakes = new ArrayList<>();
    CollectionConverters.asJava(e.directFailures())
        .forEach(
            (identifier, failure) -> {
              Flow flow = e.graph().resolutionFailedFlow().apply(identifier);
              mistakes.add(
                  new Mistake(
                      name(identifier),
                      name(flow.destinationIdentifier()),
                      placed(flow.origin(), SparkErrors.toTarn(failure))));
            });
    if (mistakes.isEmpty()) {
      mistakes.add(new Mistake(null, null, SparkErrors.toTarn(e)));
    }
    return mistakes;
  }

  /** Puts file and line before the message. */
  static TarnException placed(QueryOrigin origin, TarnException error) {
    String place =
        origin.filePath().isEmpty()
            ? ""
            : origin.filePath().get()
                + (origin.line().isDefined() ? ":" + origin.line().get() : "")
                + ": ";
    return new TarnException(
        error.code(), error.sqlState().orElse("42000"), place + error.getMessage(), error);
  }

  DataflowGraph unresolved() {
    return unresolved;
  }

  DataflowGraph resolved() {
    return resolved;
  }

  /** The flows that write tables, upstream ones first. */
  List<ResolvedFlow> flows() {
    return CollectionConverters.asJava(resolved.resolvedFlows()).stream()
        .filter(f -> resolved.table().contains(f.destinationIdentifier()))
        .toList();
  }

  /** Full names of the streaming tables that a full refresh empties. */
  List<String> resettable() {
    return CollectionConverters.asJava(resolved.tables()).stream()
        .filter(Table::isStreamingTable)
        .filter(
            t ->
                !"false"
                    .equalsIgnoreCase(
                        t.properties().getOrElse("pipelines.reset.allowed", () -> "true")))
        .map(t -> name(t.identifier()))
        .toList();
  }

  Table table(ResolvedFlow flow) {
    return resolved.table().apply(flow.destinationIdentifier());
  }

  /** Full names of the tables that a flow reads, through temporary views too. */
  Set<String> inputTables(ResolvedFlow flow) {
    Set<String> tables = new LinkedHashSet<>();
    collectInputs(flow, tables, new LinkedHashSet<>());
    return tables;
  }

  private void collectInputs(ResolvedFlow flow, Set<String> tables, Set<TableIdentifier> views) {
    for (TableIdentifier external :
        CollectionConverters.asJava(flow.funcResult().usedExternalInputs())) {
      tables.add(name(external));
    }
    for (TableIdentifier input : CollectionConverters.asJava(flow.inputs())) {
      if (resolved.table().contains(input)) {
        tables.add(name(input));
      } else if (views.add(input)) {
        for (ResolvedFlow view :
            CollectionConverters.asJava(resolved.resolvedFlowsTo().apply(input))) {
          collectInputs(view, tables, views);
        }
      }
    }
  }

  /** The flows that write what this one reads. */
  Set<String> upstream(ResolvedFlow flow) {
    Set<String> inputs = inputTables(flow);
    Set<String> flows = new LinkedHashSet<>();
    for (ResolvedFlow other : flows()) {
      if (other != flow && inputs.contains(name(other.destinationIdentifier()))) {
        flows.add(name(other.identifier()));
      }
    }
    return flows;
  }

  /** Changes when the flow's own definition does, or that of a view it reads through. */
  String digest(ResolvedFlow flow, UpdateRequest request) {
    Map<String, String> texts = new LinkedHashMap<>();
    collectTexts(flow, texts);
    return Definitions.digest(request.catalog(), request.schema(), texts.toString());
  }

  private void collectTexts(ResolvedFlow flow, Map<String, String> texts) {
    String text =
        flow.origin().sqlText().getOrElse(() -> "") + CollectionConverters.asJava(flow.sqlConf());
    if (texts.put(name(flow.identifier()), text) != null) {
      return;
    }
    for (TableIdentifier input : CollectionConverters.asJava(flow.inputs())) {
      if (!resolved.table().contains(input)) {
        CollectionConverters.asJava(resolved.resolvedFlowsTo().apply(input))
            .forEach(view -> collectTexts(view, texts));
      }
    }
  }

  static String name(TableIdentifier identifier) {
    return String.join(".", CollectionConverters.asJava(identifier.nameParts()));
  }
}
