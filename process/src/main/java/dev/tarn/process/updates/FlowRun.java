package dev.tarn.process.updates;

import dev.tarn.engine.dialect.DataQuality;
import dev.tarn.engine.filter.NewFilters;
import dev.tarn.engine.lineage.PlanLineage;
import dev.tarn.engine.policy.DefinedFilters;
import dev.tarn.engine.policy.PolicyBarrier;
import dev.tarn.engine.spark.SessionLease;
import dev.tarn.govern.catalog.ManagedLocations;
import dev.tarn.govern.catalog.ManagedStorage;
import dev.tarn.govern.catalog.TableChange;
import dev.tarn.govern.catalog.TableFilters;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.lineage.LineageEvent;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CurrentUserContext;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.pipelines.graph.DataflowGraph;
import org.apache.spark.sql.pipelines.graph.DatasetManager;
import org.apache.spark.sql.pipelines.graph.FlowSystemMetadata;
import org.apache.spark.sql.pipelines.graph.NoTables$;
import org.apache.spark.sql.pipelines.graph.PipelineUpdateContext;
import org.apache.spark.sql.pipelines.graph.PipelineUpdateContextImpl;
import org.apache.spark.sql.pipelines.graph.ResolvedFlow;
import org.apache.spark.sql.pipelines.graph.SomeTables;
import org.apache.spark.sql.pipelines.graph.SystemMetadata$;
import org.apache.spark.sql.pipelines.graph.Table;
import org.apache.spark.sql.pipelines.graph.TableFilter;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * One flow of an update, in a Spark session of its own, so that its settings and its counts do not
 * mix with those of its neighbours.
 */
final class FlowRun {
  /** Functions whose value is that of the moment, though Spark counts them as deterministic. */
  private static final Set<String> OF_THE_MOMENT =
      Set.of("CurrentTimestamp", "CurrentDate", "CurrentTime", "Now", "LocalTimestamp");

  /** Tables that lie in managed storage. */
  private static final Set<TableType> STORED =
      Set.of(TableType.MANAGED, TableType.STREAMING_TABLE, TableType.MATERIALIZED_VIEW);

  /** What all flows of an update share. */
  record Setting(
      SessionLease lease,
      PipelineGraph graph,
      UpdateRequest request,
      FlowStates states,
      Tables tables,
      ManagedStorage storage,
      Set<String> prepared,
      UpdateEvents events) {}

  private final Setting setting;
  private final ResolvedFlow flow;
  private final Table table;
  private final String name;
  private final String tableName;
  private volatile DataQuality quality;

  FlowRun(Setting setting, ResolvedFlow flow) {
    this.setting = setting;
    this.flow = flow;
    this.table = setting.graph().table(flow);
    this.name = PipelineGraph.name(flow.identifier());
    this.tableName = PipelineGraph.name(flow.destinationIdentifier());
  }

  /**
   * Counts on from an earlier run in the same update.
   *
   * @param before null if there was none
   */
  void goOnAfter(FlowRun before) {
    if (before != null) {
      quality = before.quality;
    }
  }

  /** What the flow reads, and where each stands now, before it runs. */
  List<FlowState.Input> inputs(Positions positions) {
    List<FlowState.Input> inputs = new ArrayList<>();
    for (String input : setting.graph().inputTables(flow)) {
      inputs.add(positions.table(input));
    }
    Set<FlowState.Input> outside = new LinkedHashSet<>();
    plan()
        .foreachWithSubqueries(
            node -> {
              if (node.children().isEmpty()) {
                positions.input(node).ifPresent(outside::add);
              }
              return BoxedUnit.UNIT;
            });
    inputs.addAll(outside);
    return inputs;
  }

  /** Whether running again on the same inputs would change nothing. */
  boolean repeatable() {
    if (table.isStreamingTable()) {
      return true;
    }
    boolean[] repeatable = {true};
    plan()
        .foreachWithSubqueries(
            node -> {
              // What a row filter shows depends on more than its table: on groups, on functions.
              if ((node instanceof PolicyBarrier barrier && barrier.ofPolicy())
                  || (node instanceof LogicalRelation relation && !isKnown(relation))) {
                repeatable[0] = false;
              }
              for (Expression expression : CollectionConverters.asJava(node.expressions())) {
                expression.foreach(
                    e -> {
                      if (!e.deterministic()
                          || OF_THE_MOMENT.contains(e.getClass().getSimpleName())) {
                        repeatable[0] = false;
                      }
                      return BoxedUnit.UNIT;
                    });
              }
              return BoxedUnit.UNIT;
            });
    return repeatable[0];
  }

  /** Whether it can be told without reading when something new is there. */
  private boolean isKnown(LogicalRelation relation) {
    return relation.relation() instanceof HadoopFsRelation;
  }

  private LogicalPlan plan() {
    return ((Dataset<?>) flow.df()).queryExecution().analyzed();
  }

  void run() throws Exception {
    SparkSession spark = setting.lease().spark().cloneSession();
    org.apache.spark.sql.SparkSession.setActiveSession(spark);
    CurrentUserContext.CURRENT_USER().set(setting.request().runAs().name());
    CollectionConverters.asJava(flow.sqlConf()).forEach((k, v) -> spark.conf().set(k, v));
    String jobs = setting.request().pipelineId() + "/" + name;
    spark.sparkContext().setJobGroup(jobs, name, true);
    try {
      write(spark);
      describe();
    } catch (InterruptedException e) {
      // Spark's jobs go on when nobody waits for them any more.
      spark.sparkContext().cancelJobGroup(jobs);
      throw e;
    } finally {
      spark.sparkContext().clearJobGroup();
    }
  }

  /**
   * A table has one writer. Another pipeline's checkpoint would not know what is in it, and take
   * every row in again; a table made by hand would be written over.
   */
  private void own() {
    String pipeline = setting.request().pipelineId();
    Optional<String> writer = setting.states().writer(tableName);
    if (writer.filter(pipeline::equals).isPresent()) {
      return;
    }
    if (exists()) {
      throw new TarnException(
          ErrorCode.RESOURCE_CONFLICT,
          "42710",
          "The table '"
              + tableName
              + "' is there already and is written by "
              + writer.map(p -> "the pipeline " + p).orElse("no pipeline that still exists")
              + ". Drop it first, or let this pipeline write to another schema.",
          null);
    }
    setting.states().setWriter(tableName, pipeline);
  }

  private void write(SparkSession spark) throws Exception {
    own();
    Optional<TableFilters> filters =
        new DefinedFilters(spark, setting.lease().context())
            .of(properties(), entity(), ((Dataset<?>) flow.df()).schema());
    Dataset<Row> rows;
    if (table.isStreamingTable()) {
      String checkpoint = prepareStreamingTable();
      other(filters).ifPresent(this::filter);
      rows = reanalyzed();
      new StreamingTableWrite(this, spark, tableName, checkpoint).run(rows);
    } else {
      rows = reanalyzed();
      MaterializedViewWrite write =
          new MaterializedViewWrite(this, spark, table, tableName, exists());
      other(filters)
          .ifPresent(
              others -> {
                // Neither the rows that go nor those that come are seen through the wrong filter.
                write.empty(rows.schema());
                filter(others);
              });
      write.run(rows);
    }
    note(rows.queryExecution().analyzed());
  }

  /** What the definition says that the table, if it is there, has otherwise. */
  private Optional<TableFilters> other(Optional<TableFilters> defined) {
    return setting
        .tables()
        .find(entity())
        .flatMap(
            there -> defined.filter(each -> !each.over(there.filters()).equals(there.filters())));
  }

  private void filter(TableFilters filters) {
    setting.tables().filters().define(setting.request().runAs(), entity(), filters);
  }

  private Map<String, String> properties() {
    return CollectionConverters.asJava(table.properties());
  }

  private void note(LogicalPlan written) {
    UpdateRequest request = setting.request();
    setting
        .lease()
        .context()
        .lineage()
        .noteAndSettle(
            () -> PlanLineage.into(entity(), written),
            request.runAs().name(),
            null,
            LineageEvent.Entity.pipeline(request.pipelineId(), setting.events().updateId()));
  }

  private Dataset<Row> reanalyzed() {
    return setting.graph().resolved().reanalyzeFlow(flow).df();
  }

  private boolean exists() {
    return setting.tables().find(entity()).isPresent();
  }

  private EntityName entity() {
    return EntityName.parse(tableName);
  }

  /**
   * Makes or widens the table, and empties it where that is asked for or an earlier reset was cut
   * off. A table that somebody dropped begins anew too: its checkpoint alone would lose what it
   * had.
   *
   * @return the checkpoint folder
   */
  private String prepareStreamingTable() {
    // Flows that write one table take turns here; what the first prepared the next must not undo.
    synchronized (setting.prepared()) {
      if (setting.prepared().add(tableName)) {
        String pipeline = setting.request().pipelineId();
        boolean reset = !exists() || setting.states().isReset(pipeline, tableName);
        PipelineUpdateContext context = context(reset);
        if (reset) {
          setting.states().markReset(pipeline, tableName);
          beginNewCheckpoints(context);
        }
        DatasetManager.materializeDatasets(setting.graph().resolved(), context);
        if (reset) {
          setting.states().clearReset(pipeline, tableName);
        }
      }
    }
    return new FlowSystemMetadata(context(false), flow, setting.graph().resolved())
        .latestCheckpointLocation();
  }

  /** Beside the table, so that they stay together when new tables get another place. */
  private String checkpoints() {
    return setting
        .tables()
        .find(entity())
        .filter(there -> STORED.contains(there.tableType()))
        .map(there -> ManagedLocations.holding(there.storageLocation()))
        .orElseGet(() -> setting.storage().of(entity().parent()))
        .pipeline(setting.request().pipelineId());
  }

  private void beginNewCheckpoints(PipelineUpdateContext context) {
    DataflowGraph graph = setting.graph().resolved();
    for (ResolvedFlow writer :
        CollectionConverters.asJava(graph.resolvedFlowsTo().apply(table.identifier()))) {
      SystemMetadata$.MODULE$.getLatestCheckpointDir(
          new FlowSystemMetadata(context, writer, graph).flowCheckpointsDirOpt().get(), true);
    }
  }

  private PipelineUpdateContext context(boolean reset) {
    TableFilter mine =
        new SomeTables(
            CollectionConverters.asScala(Set.<TableIdentifier>of(table.identifier())).toSet());
    return new PipelineUpdateContextImpl(
        setting.graph().unresolved(),
        event -> BoxedUnit.UNIT,
        reset ? NoTables$.MODULE$ : mine,
        reset ? mine : NoTables$.MODULE$,
        checkpoints());
  }

  /** Puts into the namespace what the definition says about the table beside its rows. */
  private void describe() {
    Map<String, String> shown = new HashMap<>(properties());
    shown.remove(NewFilters.PROPERTY);
    setting
        .tables()
        .update(
            setting.request().runAs(),
            entity(),
            new TableChange(
                Optional.of(
                    table.isStreamingTable()
                        ? TableType.STREAMING_TABLE
                        : TableType.MATERIALIZED_VIEW),
                Optional.ofNullable(table.comment().getOrElse(() -> null)),
                Optional.empty(),
                Optional.of(shown)));
  }

  /** Adds a batch to the counts and tells whoever listens. */
  void counted(DataQuality batch) {
    DataQuality before = quality;
    quality = before == null ? batch : before.plus(batch);
    setting.events().flow(progress(FlowProgress.Status.RUNNING, "is running", null));
  }

  FlowProgress progress(FlowProgress.Status status, String what, TarnException error) {
    return new FlowProgress(
        name,
        tableName,
        status,
        Optional.ofNullable(quality),
        "Flow '" + name + "' " + what + ".",
        Optional.ofNullable(error));
  }
}
