package dev.tarn.server.cli;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.server.client.ClientException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;

/** The root of the command line. */
@Command(
    name = "tarn",
    description = "An open data intelligence platform: one command, one port.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {UpCommand.class, SqlCommand.class, PipelineCommand.class},
    footer = {
      "  demo      Run the flights example from files and Kafka to gold.",
      "  test      Build and run every test.",
      "  bench     Run the benchmarks, or the one named.",
      "",
      "Exit codes: 0 done; 1 the statement or pipeline failed; 2 wrong usage;",
      "3 no server reached, or it refused the token; 4 the server could not start.",
    })
public final class TarnCommand {

  /** Where a command reads from and writes to; tests give their own. */
  public record Terminal(
      Map<String, String> environment,
      InputStream in,
      PrintWriter out,
      PrintWriter err,
      boolean interactive) {}

  private TarnCommand() {}

  /** Runs one command line and returns its exit code. */
  public static int run(Terminal terminal, String... arguments) {
    IFactory factory = new WithTerminal(terminal);
    CommandLine line = new CommandLine(new TarnCommand(), factory);
    line.addMixin("help", new HelpOption());
    line.getSubcommands().values().forEach(TarnCommand::addHelp);
    line.setOut(terminal.out());
    line.setErr(terminal.err());
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, terminal));
    if (arguments.length == 0) {
      line.usage(terminal.err());
      return ExitCodes.USAGE;
    }
    int code = line.execute(arguments);
    terminal.out().flush();
    terminal.err().flush();
    return code;
  }

  private static void addHelp(CommandLine line) {
    line.addMixin("help", new HelpOption());
    line.getSubcommands().values().forEach(TarnCommand::addHelp);
  }

  private static int failed(Exception e, Terminal terminal) throws Exception {
    if (e instanceof ClientException client) {
      terminal.err().println("tarn: " + client.getMessage());
      return client.noAccess() ? ExitCodes.NO_ACCESS : ExitCodes.FAILED;
    }
    if (e instanceof TarnException tarn) {
      terminal.err().println("tarn: " + tarn.getMessage());
      return ExitCodes.FAILED;
    }
    throw e;
  }

  /** {@code --help} for every command. */
  static final class HelpOption {
    @CommandLine.Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Show this help.")
    boolean help;
  }

  /** Gives commands their terminal by constructor. */
  private static final class WithTerminal implements IFactory {
    private final Terminal terminal;

    WithTerminal(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
      if (type == UpCommand.class) {
        return type.cast(new UpCommand(terminal));
      } else if (type == SqlCommand.class) {
        return type.cast(new SqlCommand(terminal));
      } else if (type == PipelineCommand.class) {
        return type.cast(new PipelineCommand(terminal));
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
