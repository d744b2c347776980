package dev.tarn.serve.statements;

import dev.tarn.engine.sql.Parameter;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.serve.results.Compression;
import dev.tarn.serve.results.ResultFormat;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.serve.results.SpoolRequest;
import dev.tarn.serve.statements.ExecuteStatement.Disposition;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** A request found to be in order. */
record StatementChecks(
    String statement, Duration patience, List<Parameter> parameters, SpoolRequest spool) {
  private static final Duration DEFAULT_WAIT = Duration.ofSeconds(10);
  private static final int SHORTEST_WAIT = 5;
  private static final int LONGEST_WAIT = 50;

  static StatementChecks of(ExecuteStatement request, ResultsConfig config) {
    if (request.statement() == null || request.statement().isBlank()) {
      throw TarnException.invalid("statement is missing. Send the SQL text in it.");
    }
    boolean inline = request.disposition() == Disposition.INLINE;
    if (inline && request.format() != ResultFormat.JSON_ARRAY) {
      throw TarnException.invalid(
          "Format "
              + request.format()
              + " needs disposition EXTERNAL_LINKS; INLINE carries JSON_ARRAY only.");
    }
    if (request.disposition() == Disposition.INLINE_OR_EXTERNAL_LINKS
        && request.format() == ResultFormat.CSV) {
      throw TarnException.invalid("Format CSV needs disposition EXTERNAL_LINKS.");
    }
    if (request.sessionId() != null && (request.catalog() != null || request.schema() != null)) {
      throw TarnException.invalid(
          "catalog and schema belong to the session. Leave them out, or change them with USE.");
    }
    Duration wait = wait(request.waitTimeout());
    // Rows inside a JSON answer cannot be compressed on their own.
    boolean plain =
        request.format() == ResultFormat.JSON_ARRAY
            && request.disposition() != Disposition.EXTERNAL_LINKS;
    return new StatementChecks(
        request.statement(),
        wait,
        StatementParameter.inOrder(request.parameters()),
        new SpoolRequest(
            request.format(),
            plain ? Compression.NONE : request.resultCompression(),
            limit("row_limit", request.rowLimit()),
            limit("byte_limit", request.byteLimit()),
            inline ? OptionalLong.of(config.inlineBytes()) : OptionalLong.empty(),
            request.arrowTypes()));
  }

  private static OptionalLong limit(String name, Long value) {
    if (value == null) {
      return OptionalLong.empty();
    }
    if (value < 1) {
      throw TarnException.invalid(name + " must be 1 or more. Leave it out for no limit.");
    }
    return OptionalLong.of(value);
  }

  private static Duration wait(String text) {
    if (text == null || text.isBlank()) {
      return DEFAULT_WAIT;
    }
    try {
      if (text.endsWith("s")) {
        int seconds = Integer.parseInt(text.substring(0, text.length() - 1));
        if (seconds == 0 || seconds >= SHORTEST_WAIT && seconds <= LONGEST_WAIT) {
          return Duration.ofSeconds(seconds);
        }
      }
    } catch (NumberFormatException e) {
      // Refused below, together with numbers out of range.
    }
    throw TarnException.invalid("wait_timeout must be 0s, or 5s to 50s, not '" + text + "'.");
  }
}
