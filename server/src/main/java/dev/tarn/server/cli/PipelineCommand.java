package dev.tarn.server.cli;

import dev.tarn.server.cli.TarnCommand.Terminal;
import dev.tarn.server.client.PipelineCalls;
import dev.tarn.server.client.TarnClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tarn pipeline run} and {@code tarn pipeline validate}. */
@Command(
    name = "pipeline",
    description = "Update or check a declarative pipeline: a folder of .sql files.",
    synopsisSubcommandLabel = "run|validate",
    footer = {
      "",
      "The server and the token come from TARN_HOST and TARN_TOKEN, else from",
      "DATABRICKS_HOST and DATABRICKS_TOKEN, else http://127.0.0.1:8080 and",
      "~/.tarn/admin.token.",
      "",
      "Exit codes: 0 done; 1 the pipeline failed; 2 wrong usage;",
      "3 no server reached, or it refused the token."
    })
final class PipelineCommand implements Runnable {
  private static final long POLL_MS = 250;

  private final Terminal terminal;

  @Spec private CommandSpec spec;

  PipelineCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: run or validate.");
  }

  @Command(name = "run", description = "Bring every table of the pipeline up to date.")
  int run(
      @Parameters(paramLabel = "DIR", description = "Folder with the pipeline's .sql files.")
          Path folder,
      @Option(
              names = "--catalog",
              paramLabel = "C",
              defaultValue = "main",
              description = "Catalog of unqualified names (default: main).")
          String catalog,
      @Option(
              names = "--schema",
              paramLabel = "S",
              defaultValue = "default",
              description = "Schema of unqualified names (default: default).")
          String schema,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              description = "Name of the pipeline (default: that of the folder).")
          String name,
      @Option(
              names = "--set",
              paramLabel = "KEY=VALUE",
              description = "A value that the SQL refers to as $${KEY}; may be repeated.")
          Map<String, String> configuration,
      @Option(
              names = "--full-refresh",
              description = "Forget what was read before, and read the sources from the start.")
          boolean fullRefresh) {
    return update(folder, catalog, schema, name, configuration, fullRefresh, false);
  }

  @Command(name = "validate", description = "Check the pipeline without reading or writing data.")
  int validate(
      @Parameters(paramLabel = "DIR", description = "Folder with the pipeline's .sql files.")
          Path folder,
      @Option(
              names = "--catalog",
              paramLabel = "C",
              defaultValue = "main",
              description = "Catalog of unqualified names (default: main).")
          String catalog,
      @Option(
              names = "--schema",
              paramLabel = "S",
              defaultValue = "default",
              description = "Schema of unqualified names (default: default).")
          String schema,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              description = "Name of the pipeline (default: that of the folder).")
          String name,
      @Option(
              names = "--set",
              paramLabel = "KEY=VALUE",
              description = "A value that the SQL refers to as $${KEY}; may be repeated.")
          Map<String, String> configuration) {
    return update(folder, catalog, schema, name, configuration, false, true);
  }

  private int update(
      Path folder,
      String catalog,
      String schema,
      String givenName,
      Map<String, String> configuration,
      boolean fullRefresh,
      boolean validateOnly) {
    List<Path> files = sqlFiles(folder);
    String name =
        givenName == null
            ? folder.toAbsolutePath().normalize().getFileName().toString()
            : givenName;
    TarnClient client = Connection.open(terminal.environment());
    String remote = "/Workspace/Users/" + client.currentUser() + "/pipelines/" + name;
    upload(client, folder, files, remote);
    PipelineCalls pipelines = client.pipelines();
    String pipeline =
        pipelines.createOrEdit(
            name, catalog, schema, remote, configuration == null ? Map.of() : configuration);
    String update = pipelines.start(pipeline, fullRefresh, validateOnly);
    ProgressPrinter progress =
        new ProgressPrinter(
            terminal.out(), terminal.err(), terminal.interactive(), remote, folder.toString());
    String state = follow(pipelines, pipeline, update, progress);
    progress.end(state, validateOnly);
    return state.equals("COMPLETED") ? ExitCodes.OK : ExitCodes.FAILED;
  }

  private List<Path> sqlFiles(Path folder) {
    try (Stream<Path> found = Files.walk(folder)) {
      List<Path> files =
          found
              .filter(Files::isRegularFile)
              .filter(f -> f.toString().endsWith(".sql"))
              .sorted()
              .toList();
      if (!files.isEmpty()) {
        return files;
      }
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "The folder " + folder + " cannot be read.", e);
    }
    throw new ParameterException(
        spec.commandLine(), "The folder " + folder + " has no .sql files.");
  }

  /** The folder on the server is replaced, so that a file deleted here is gone there. */
  private static void upload(TarnClient client, Path folder, List<Path> files, String remote) {
    client.deleteWorkspace(remote);
    for (Path file : files) {
      String relative = folder.relativize(file).toString().replace('\\', '/');
      try {
        client.putWorkspaceFile(remote + "/" + relative, Files.readAllBytes(file));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException("The file " + file + " cannot be read.", e);
      }
    }
  }

  private static String follow(
      PipelineCalls pipelines, String pipeline, String update, ProgressPrinter progress) {
    Set<String> seen = new HashSet<>();
    while (true) {
      // The state first: events that come before its end are then all there.
      String state = pipelines.state(pipeline, update);
      for (PipelineCalls.Event event : pipelines.events(pipeline, update)) {
        if (seen.add(event.id())) {
          progress.event(event);
        }
      }
      if (Set.of("COMPLETED", "FAILED", "CANCELED").contains(state)) {
        return state;
      }
      try {
        Thread.sleep(POLL_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "INTERRUPTED";
      }
    }
  }
}
