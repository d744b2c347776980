package dev.tarn.process.updates;

import dev.tarn.engine.session.SparkErrors;
import dev.tarn.engine.source.SchemaChanged;
import dev.tarn.engine.source.Source;
import dev.tarn.engine.spark.SessionLease;
import dev.tarn.engine.spark.SparkEngine;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.govern.catalog.ManagedStorage;
import dev.tarn.govern.catalog.Schemas;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.SchemaName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.pipelines.graph.ResolvedFlow;

/**
 * Runs updates: brings every table of a pipeline up to what its definition says. Spark's own
 * pipelines resolve and check the graph; running it is ours, because Spark empties a materialized
 * view before it fills it again, runs every flow whether or not anything is new, and gives up on
 * the whole where one flow fails. See docs/decisions.
 */
public final class Updates {
  private static final int FLOWS_AT_ONCE = 3;
  private static final long STOPPING_AT_MOST_SECONDS = 15;

  /** More than that in one update is a source that never ends. */
  private static final int CHANGES_OF_SCHEMAS = 100;

  /** No pipeline's digest: kept with a flow from when an update starts until all of it is done. */
  private static final String UNFINISHED = "";

  private final SparkEngine engine;
  private final FlowStates states;
  private final Positions positions;
  private final ManagedStorage storage;
  private final Schemas schemas;
  private final Tables tables;
  private final Path dataFolder;

  public Updates(
      SparkEngine engine,
      List<Source> sources,
      FlowStates states,
      Schemas schemas,
      Tables tables,
      ManagedStorage storage,
      Path dataFolder) {
    this.schemas = schemas;
    this.engine = engine;
    this.states = states;
    this.positions = new Positions(tables, sources, engine.stores());
    this.storage = storage;
    this.tables = tables;
    this.dataFolder = dataFolder;
  }

  /** Runs an update to its end on the calling thread; interrupting the thread cancels it. */
  public UpdateState run(UpdateRequest request, UpdateEvents events) {
    UpdateState end;
    try {
      events.state(UpdateState.INITIALIZING);
      end = new Run(request, events).run();
    } catch (PipelineGraph.InvalidPipeline e) {
      e.tell(events);
      end = UpdateState.FAILED;
    } catch (Throwable e) {
      boolean cancelled = Thread.interrupted();
      if (!cancelled) {
        events.failed(SparkErrors.toTarn(e));
      }
      end = cancelled ? UpdateState.CANCELED : UpdateState.FAILED;
    }
    events.state(end);
    return end;
  }

  private final class Run {
    private final UpdateRequest request;
    private final UpdateEvents events;
    private final List<UpdateRequest.SourceFile> files;
    private final String digest;
    private final Map<String, FlowState> known = new HashMap<>();

    /** How often sources have found new columns, and whether one has now. */
    private int rounds;

    private volatile boolean evolved;

    private final Map<String, FlowRun> interrupted = new ConcurrentHashMap<>();

    /** What has completed in this update, and need not be told of again. */
    private final Set<String> completed = ConcurrentHashMap.newKeySet();

    Run(UpdateRequest request, UpdateEvents events) {
      this.request = request;
      this.events = events;
      this.files = Definitions.resolved(request);
      this.digest = Definitions.digest(request, files);
      if (!request.fullRefresh()) {
        states.of(request.pipelineId()).forEach(s -> known.put(s.flow(), s));
      }
    }

    UpdateState run() throws PipelineGraph.InvalidPipeline {
      if (!request.validateOnly() && nothingIsNew()) {
        known.values().forEach(s -> idle(s.flow(), s.output()));
        return UpdateState.COMPLETED;
      }
      boolean schemaExists = schemaExists();
      String folder = dataFolder.resolve("pipelines").resolve(request.pipelineId()).toString();
      try (SessionLease lease =
          engine.lease(
              request.runAs(),
              new SessionDefaults(
                  Optional.of(request.catalog()),
                  Optional.of(request.schema()).filter(s -> schemaExists),
                  Map.of()),
              Optional.of(Path.of(folder, "schemas").toString()))) {
        PipelineGraph graph = PipelineGraph.of(lease.spark(), request, files);
        if (request.validateOnly()) {
          return UpdateState.COMPLETED;
        }
        events.state(UpdateState.RUNNING);
        if (request.fullRefresh()) {
          graph.resettable().forEach(table -> states.markReset(request.pipelineId(), table));
        }
        states.of(request.pipelineId()).forEach(s -> remember(s, UNFINISHED));
        UpdateState end = run(lease, graph);
        while (evolved) {
          evolved = false;
          rounds++;
          known.clear();
          states.of(request.pipelineId()).forEach(s -> known.put(s.flow(), s));
          graph = PipelineGraph.of(lease.spark(), request, files);
          end = run(lease, graph);
        }
        if (end == UpdateState.COMPLETED) {
          finish(graph);
        }
        return end;
      }
    }

    /**
     * Only now may the next update conclude from the flows that are known that there are no more.
     */
    private void finish(PipelineGraph graph) {
      Set<String> flows = new HashSet<>();
      graph.flows().forEach(flow -> flows.add(PipelineGraph.name(flow.identifier())));
      for (FlowState state : states.of(request.pipelineId())) {
        if (flows.contains(state.flow())) {
          remember(state, digest);
        } else {
          states.forget(request.pipelineId(), state.flow());
        }
      }
    }

    /**
     * A pipeline publishes to its schema, which need not be there before; validating makes none.
     */
    private boolean schemaExists() {
      SchemaName schema = new SchemaName(request.catalog(), request.schema());
      boolean exists = schemas.find(schema).isPresent();
      if (!exists && !request.validateOnly()) {
        schemas.create(request.runAs(), schema, null, Map.of());
        return true;
      }
      return exists;
    }

    /** Decided on what was kept from the last time; no SQL is parsed for it. */
    private boolean nothingIsNew() {
      return !known.isEmpty()
          && known.values().stream().allMatch(s -> s.pipelineDigest().equals(digest))
          && known.values().stream().allMatch(this::isFresh);
    }

    private boolean isFresh(FlowState state) {
      try {
        if (!state.repeatable()
            || states.isReset(request.pipelineId(), state.output())
            || !positions.ofTable(state.output()).equals(state.outputPosition())) {
          return false;
        }
        for (FlowState.Input input : state.inputs()) {
          if (!positions.now(input).equals(input.position())) {
            return false;
          }
        }
        return true;
      } catch (TarnException e) {
        // The flow will run, and say itself what is wrong with its source.
        return false;
      }
    }

    private UpdateState run(SessionLease lease, PipelineGraph graph) {
      FlowRun.Setting setting =
          new FlowRun.Setting(
              lease, graph, request, states, tables, storage, new HashSet<>(), events);
      ExecutorService threads =
          Executors.newFixedThreadPool(
              FLOWS_AT_ONCE,
              task -> {
                Thread thread = new Thread(task, "flow");
                thread.setDaemon(true);
                return thread;
              });
      Map<String, CompletableFuture<Boolean>> done = new HashMap<>();
      Set<String> failed = ConcurrentHashMap.newKeySet();
      try {
        for (ResolvedFlow flow : graph.flows()) {
          String name = PipelineGraph.name(flow.identifier());
          if (!completed.contains(name)) {
            events.flow(
                progress(flow, FlowProgress.Status.QUEUED, "Flow '" + name + "' is queued."));
          }
          done.put(name, new CompletableFuture<>());
        }
        List<CompletableFuture<?>> started = new ArrayList<>();
        for (ResolvedFlow flow : graph.flows()) {
          String name = PipelineGraph.name(flow.identifier());
          CompletableFuture<?>[] upstream =
              graph.upstream(flow).stream().map(done::get).toArray(CompletableFuture[]::new);
          started.add(
              CompletableFuture.allOf(upstream)
                  .thenRunAsync(
                      () -> {
                        boolean good = false;
                        try {
                          good =
                              graph.upstream(flow).stream().noneMatch(failed::contains)
                                  ? run(setting, flow)
                                  : skip(flow);
                        } finally {
                          if (!good) {
                            failed.add(name);
                          }
                          done.get(name).complete(good);
                        }
                      },
                      threads));
        }
        CompletableFuture.allOf(started.toArray(CompletableFuture[]::new)).get();
        return failed.isEmpty() ? UpdateState.COMPLETED : UpdateState.FAILED;
      } catch (InterruptedException e) {
        stop(threads);
        return UpdateState.CANCELED;
      } catch (java.util.concurrent.ExecutionException e) {
        throw SparkErrors.toTarn(e);
      } finally {
        threads.shutdownNow();
      }
    }

    private static void stop(ExecutorService threads) {
      threads.shutdownNow();
      try {
        threads.awaitTermination(STOPPING_AT_MOST_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private boolean skip(ResolvedFlow flow) {
      if (evolved) {
        return false;
      }
      events.flow(
          progress(
              flow,
              FlowProgress.Status.SKIPPED,
              "Flow '"
                  + PipelineGraph.name(flow.identifier())
                  + "' was skipped because a flow that it reads from failed."));
      return false;
    }

    private boolean run(FlowRun.Setting setting, ResolvedFlow flow) {
      String name = PipelineGraph.name(flow.identifier());
      String table = PipelineGraph.name(flow.destinationIdentifier());
      FlowRun flowRun = new FlowRun(setting, flow);
      flowRun.goOnAfter(interrupted.get(name));
      try {
        String flowDigest = setting.graph().digest(flow, request);
        FlowState before = known.get(name);
        if (before != null && before.digest().equals(flowDigest) && isFresh(before)) {
          if (!completed.contains(name)) {
            idle(name, table);
          }
          return true;
        }
        events.flow(progress(flow, FlowProgress.Status.RUNNING, "Flow '" + name + "' is running."));
        List<FlowState.Input> inputs = flowRun.inputs(positions);
        states.forget(request.pipelineId(), name);
        flowRun.run();
        states.put(
            request.pipelineId(),
            new FlowState(
                name,
                flowDigest,
                UNFINISHED,
                flowRun.repeatable(),
                inputs,
                table,
                positions.ofTable(table)));
        events.flow(flowRun.progress(FlowProgress.Status.COMPLETED, "has completed", null));
        completed.add(name);
        return true;
      } catch (Throwable e) {
        if (e instanceof InterruptedException || Thread.interrupted()) {
          events.flow(flowRun.progress(FlowProgress.Status.STOPPED, "was stopped", null));
        } else if (SchemaChanged.caused(e) && rounds < CHANGES_OF_SCHEMAS) {
          evolved = true;
          interrupted.put(name, flowRun);
          events.flow(flowRun.progress(FlowProgress.Status.QUEUED, "has found new columns", null));
        } else {
          TarnException error = PipelineGraph.placed(flow.origin(), reason(flowRun, e));
          events.flow(flowRun.progress(FlowProgress.Status.FAILED, "has failed", error));
        }
        return false;
      }
    }

    /** A source that has gone away says so better than whatever read from it. */
    private TarnException reason(FlowRun flowRun, Throwable failure) {
      if (!(failure instanceof TarnException)) {
        try {
          flowRun.inputs(positions);
        } catch (TarnException gone) {
          return gone;
        }
      }
      return SparkErrors.toTarn(failure);
    }

    private void remember(FlowState state, String pipelineDigest) {
      if (!state.pipelineDigest().equals(pipelineDigest)) {
        states.put(
            request.pipelineId(),
            new FlowState(
                state.flow(),
                state.digest(),
                pipelineDigest,
                state.repeatable(),
                state.inputs(),
                state.output(),
                state.outputPosition()));
      }
    }

    private void idle(String flow, String table) {
      events.flow(
          new FlowProgress(
              flow,
              table,
              FlowProgress.Status.IDLE,
              Optional.empty(),
              "Flow '" + flow + "' is up to date: nothing that it reads has changed.",
              Optional.empty()));
    }

    private FlowProgress progress(ResolvedFlow flow, FlowProgress.Status status, String message) {
      return new FlowProgress(
          PipelineGraph.name(flow.identifier()),
          PipelineGraph.name(flow.destinationIdentifier()),
          status,
          Optional.empty(),
          message,
          Optional.empty());
    }
  }
}
