package dev.tarn.process.pipelines;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.identity.Identity;
import dev.tarn.platform.workspace.WorkspaceFiles;
import dev.tarn.platform.workspace.WorkspaceObject;
import dev.tarn.process.updates.FlowProgress;
import dev.tarn.process.updates.FlowStates;
import dev.tarn.process.updates.UpdateEvents;
import dev.tarn.process.updates.UpdateRequest;
import dev.tarn.process.updates.UpdateState;
import dev.tarn.process.updates.Updates;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Jdbi;

/** Pipelines: definitions kept, updates started one at a time, and what came of them. */
public final class Pipelines implements AutoCloseable {
  private static final long STOP_PATIENCE_MILLIS = 20_000;

  private final PipelinesStore store;
  private final FlowStates states;
  private final Updates updates;
  private final WorkspaceFiles files;
  private final Identity identity;
  private final Map<String, Thread> running = new ConcurrentHashMap<>();

  public Pipelines(
      Jdbi jdbi, FlowStates states, Updates updates, WorkspaceFiles files, Identity identity) {
    this.store = new PipelinesStore(jdbi);
    this.states = states;
    this.updates = updates;
    this.files = files;
    this.identity = identity;
  }

  /** Ends what a crash left open; to be called once, before the first request. */
  public void recover() {
    for (UpdateInfo update : store.unfinished()) {
      PipelineEvent.Origin origin =
          new PipelineEvent.Origin(update.pipelineId(), null, update.updateId(), null, null);
      store.append(
          update.pipelineId(),
          update.updateId(),
          PipelineEvent.of(
              origin,
              new TarnException(
                  ErrorCode.CANCELLED,
                  "The server stopped during this update. What had been written is kept; start the"
                      + " update again and it goes on from there.")));
      store.state(update.updateId(), UpdateState.FAILED);
    }
  }

  public String create(Principal principal, PipelineSpec spec) {
    check(spec);
    if (store.list().stream().anyMatch(p -> p.spec().name().equals(spec.name()))) {
      throw TarnException.alreadyExists("The pipeline", spec.name());
    }
    String id = UUID.randomUUID().toString();
    store.insert(new Pipeline(id, spec.withId(id), principal.name(), System.currentTimeMillis()));
    return id;
  }

  public void edit(Principal principal, String id, PipelineSpec spec) {
    check(spec);
    Pipeline pipeline = require(principal, id);
    store.update(pipeline.id(), spec.withId(id));
  }

  private static void check(PipelineSpec spec) {
    if (spec.name() == null || spec.name().isBlank()) {
      throw TarnException.invalid("A pipeline needs a name.");
    }
    if (spec.libraries().isEmpty()) {
      throw TarnException.invalid(
          "A pipeline needs libraries: [{\"glob\": {\"include\": \"/Workspace/…/**\"}}], where its"
              + " SQL files lie.");
    }
    if (spec.continuous()) {
      throw new TarnException(
          ErrorCode.NOT_IMPLEMENTED,
          "Continuous pipelines are not supported yet. Leave continuous out, and start updates as"
              + " often as you need them.");
    }
  }

  Pipeline get(Principal principal, String id) {
    return require(principal, id);
  }

  List<Pipeline> list(Principal principal, Optional<String> name) {
    return store.list().stream()
        .filter(p -> mayUse(principal, p))
        .filter(p -> name.map(n -> n.equals(p.spec().name())).orElse(true))
        .toList();
  }

  public void delete(Principal principal, String id) {
    Pipeline pipeline = require(principal, id);
    stop(principal, id);
    states.forgetAll(pipeline.id());
    store.delete(pipeline.id());
  }

  private static boolean mayUse(Principal principal, Pipeline pipeline) {
    return principal.administrator() || principal.name().equals(pipeline.creator());
  }

  private Pipeline require(Principal principal, String id) {
    return store
        .find(id)
        .filter(p -> mayUse(principal, p))
        .orElseThrow(
            () -> TarnException.notFound(ErrorCode.RESOURCE_DOES_NOT_EXIST, "The pipeline", id));
  }

  /** Starts an update in the background. */
  public String start(Principal principal, String id, boolean fullRefresh, boolean validateOnly) {
    Pipeline pipeline = require(principal, id);
    UpdateRequest request = request(pipeline, fullRefresh, validateOnly);
    String updateId = UUID.randomUUID().toString();
    PipelineEvent.Origin origin =
        new PipelineEvent.Origin(id, pipeline.spec().name(), updateId, null, null);
    Thread thread =
        new Thread(
            () -> {
              try {
                updates.run(request, new Log(origin));
              } finally {
                running.remove(id, Thread.currentThread());
              }
            },
            "update-" + updateId);
    thread.setDaemon(true);
    if (running.putIfAbsent(id, thread) != null) {
      throw new TarnException(
          ErrorCode.RESOURCE_CONFLICT,
          "An update of pipeline '"
              + pipeline.spec().name()
              + "' is running already. Wait for it, or stop it with POST /api/2.0/pipelines/"
              + id
              + "/stop.");
    }
    store.insert(
        new UpdateInfo(
            id,
            updateId,
            UpdateState.QUEUED,
            "API_CALL",
            fullRefresh,
            validateOnly,
            System.currentTimeMillis()));
    thread.start();
    return updateId;
  }

  private UpdateRequest request(Pipeline pipeline, boolean fullRefresh, boolean validateOnly) {
    Principal runAs = identity.principal(pipeline.creator());
    List<UpdateRequest.SourceFile> sources = new ArrayList<>();
    for (PipelineSpec.Library library : pipeline.spec().libraries()) {
      for (String path : paths(runAs, library)) {
        sources.add(
            new UpdateRequest.SourceFile(
                path, new String(files.readToRun(runAs, path), StandardCharsets.UTF_8)));
      }
    }
    if (sources.isEmpty()) {
      throw TarnException.invalid(
          "The libraries of pipeline '"
              + pipeline.spec().name()
              + "' contain no .sql file. Import some into the workspace first.");
    }
    return new UpdateRequest(
        pipeline.id(),
        runAs,
        pipeline.spec().catalog(),
        pipeline.spec().schema(),
        sources,
        pipeline.spec().configuration(),
        fullRefresh,
        validateOnly);
  }

  private List<String> paths(Principal principal, PipelineSpec.Library library) {
    if (library.file() != null) {
      return List.of(library.file().path());
    }
    if (library.glob() == null || library.glob().include() == null) {
      throw TarnException.invalid(
          "A library is {\"file\": {\"path\": …}} or {\"glob\": {\"include\": \"/folder/**\"}}.");
    }
    String include = library.glob().include();
    if (!include.endsWith("/**")) {
      return List.of(include);
    }
    return files
        .list(principal, include.substring(0, include.length() - "/**".length()), true)
        .stream()
        .map(WorkspaceObject::path)
        .filter(path -> path.endsWith(".sql"))
        .sorted()
        .toList();
  }

  public UpdateInfo update(Principal principal, String id, String updateId) {
    require(principal, id);
    return store
        .update(id, updateId)
        .orElseThrow(
            () ->
                TarnException.notFound(ErrorCode.RESOURCE_DOES_NOT_EXIST, "The update", updateId));
  }

  List<UpdateInfo> updates(Principal principal, String id, int limit) {
    require(principal, id);
    return store.updates(id, limit);
  }

  List<PipelinesStore.Logged> events(
      Principal principal,
      String id,
      Optional<String> updateId,
      Optional<String> level,
      boolean ascending,
      long after,
      int limit) {
    require(principal, id);
    return store.events(id, updateId, level, ascending, after, limit);
  }

  boolean isRunning(String id) {
    return running.containsKey(id);
  }

  /** Stops the running update, if there is one, and waits for it to have stopped. */
  public void stop(Principal principal, String id) {
    require(principal, id);
    stop(running.get(id));
  }

  private static void stop(Thread update) {
    if (update == null) {
      return;
    }
    update.interrupt();
    try {
      update.join(STOP_PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    List.copyOf(running.values()).forEach(Pipelines::stop);
  }

  /** Keeps the events of one update; the state is written after the event that tells of it. */
  private final class Log implements UpdateEvents {
    private final PipelineEvent.Origin origin;

    Log(PipelineEvent.Origin origin) {
      this.origin = origin;
    }

    @Override
    public String updateId() {
      return origin.updateId();
    }

    @Override
    public void state(UpdateState state) {
      append(PipelineEvent.of(origin, state));
      store.state(origin.updateId(), state);
    }

    @Override
    public void flow(FlowProgress progress) {
      append(PipelineEvent.of(origin, progress));
    }

    @Override
    public void failed(TarnException error) {
      append(PipelineEvent.of(origin, error));
    }

    private void append(PipelineEvent event) {
      store.append(origin.pipelineId(), origin.updateId(), event);
    }
  }
}
