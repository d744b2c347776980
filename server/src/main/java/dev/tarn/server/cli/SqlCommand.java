package dev.tarn.server.cli;

import dev.tarn.server.cli.TarnCommand.Terminal;
import dev.tarn.server.client.ClientException;
import dev.tarn.server.client.TarnClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tarn sql}: runs statements on a running server. */
@Command(
    name = "sql",
    description = "Run SQL on a running server and print the result.",
    footer = {
      "",
      "Statements are separated by ';' and run in order in one session, up to the",
      "first that fails.",
      "",
      "The server and the token come from TARN_HOST and TARN_TOKEN, else from",
      "DATABRICKS_HOST and DATABRICKS_TOKEN, else http://127.0.0.1:8080 and",
      "~/.tarn/admin.token.",
      "",
      "Exit codes: 0 done; 1 a statement failed; 2 wrong usage;",
      "3 no server reached, or it refused the token."
    })
final class SqlCommand implements Callable<Integer> {
  /** How results are printed. */
  enum Format {
    TABLE,
    JSON,
    CSV
  }

  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "SQL", description = "The statement; '-' reads stdin.")
  private String statement;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Read the statements from a file.")
  private Path file;

  @Option(
      names = "--format",
      paramLabel = "table|json|csv",
      defaultValue = "table",
      description = "How to print results (default: table).")
  private String format;

  @Option(names = "--catalog", paramLabel = "C", description = "Catalog to begin in.")
  private String catalog;

  @Option(names = "--schema", paramLabel = "S", description = "Schema to begin in.")
  private String schema;

  SqlCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Format chosen = format();
    List<String> statements = StatementSplitter.split(text());
    if (statements.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "There is no statement to run.");
    }
    TarnClient client = Connection.open(terminal.environment());
    if (statements.size() == 1) {
      run(client, statements.get(0), null, chosen);
      return ExitCodes.OK;
    }
    String session = client.openSession(catalog, schema);
    try {
      for (String one : statements) {
        run(client, one, session, chosen);
      }
    } finally {
      close(client, session);
    }
    return ExitCodes.OK;
  }

  private void run(TarnClient client, String sql, String session, Format chosen) {
    RowPrinter printer =
        switch (chosen) {
          case TABLE -> new TablePrinter(terminal.out());
          case JSON -> new JsonPrinter(terminal.out());
          case CSV -> new CsvPrinter(terminal.out());
        };
    client.sql(sql, session, catalog, schema, printer);
    printer.end();
    terminal.out().flush();
  }

  private static void close(TarnClient client, String session) {
    try {
      client.closeSession(session);
    } catch (ClientException e) {
      // The server ends idle sessions by itself; the statements' own outcome matters more.
      return;
    }
  }

  private Format format() {
    try {
      return Format.valueOf(format.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "There is no format '" + format + "': choose table, json or csv.", e);
    }
  }

  private String text() throws IOException {
    if ((statement == null) == (file == null)) {
      throw new ParameterException(
          spec.commandLine(), "Give either a statement, '-' for stdin, or -f FILE.");
    }
    if (file != null && !Files.isReadable(file)) {
      throw new ParameterException(spec.commandLine(), "The file " + file + " cannot be read.");
    }
    if (file != null) {
      return Files.readString(file);
    }
    return statement.equals("-")
        ? new String(terminal.in().readAllBytes(), StandardCharsets.UTF_8)
        : statement;
  }
}
