package dev.tarn.serve.statements;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.serve.results.Chunk;
import dev.tarn.serve.results.ResultFormat;
import dev.tarn.serve.results.ResultLinks;
import dev.tarn.serve.results.Results;
import dev.tarn.serve.results.SpooledResult;
import dev.tarn.serve.statements.ResultData.ExternalLink;
import dev.tarn.serve.statements.StatementStatus.ServiceError;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Puts a statement's state and chunks into the API's shape. */
final class StatementAnswers {
  private final Results results;
  private final ResultLinks links;

  StatementAnswers(Results results, ResultLinks links) {
    this.results = results;
    this.links = links;
  }

  StatementResponse response(Execution execution, URI address) {
    StatementView view = execution.view();
    if (view.result() != null) {
      try {
        return new StatementResponse(
            execution.id(),
            new StatementStatus(view.state(), null, null),
            ResultManifest.of(view.result()),
            first(execution, view.result(), address));
      } catch (TarnException e) {
        // Closed by another request in between: answer with what is true now.
        if (execution.view().result() != null) {
          throw e;
        }
        view = execution.view();
      }
    }
    if (view.failure() != null) {
      return failed(execution.id(), view.failure());
    }
    return new StatementResponse(
        execution.id(), new StatementStatus(view.state(), null, null), null, null);
  }

  static StatementResponse failed(String id, TarnException failure) {
    return new StatementResponse(
        id,
        new StatementStatus(
            StatementState.FAILED, ServiceError.of(failure), failure.sqlState().orElse("HY000")),
        null,
        null);
  }

  private ResultData first(Execution execution, SpooledResult result, URI address) {
    if (!result.chunks().isEmpty()) {
      return data(execution, result, 0, address);
    }
    List<List<String>> rows = result.format() == ResultFormat.JSON_ARRAY ? List.of() : null;
    return new ResultData(0, 0L, 0L, 0L, null, null, null, rows, null);
  }

  ResultData chunk(Execution execution, int index, URI address) {
    StatementView view = execution.view();
    if (view.result() == null) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "Statement '"
              + execution.id()
              + "' is "
              + view.state()
              + " and has no result to fetch. Only a SUCCEEDED statement has.");
    }
    if (index < 0 || index >= view.result().chunks().size()) {
      throw TarnException.invalid(
          "The result has "
              + view.result().chunks().size()
              + " chunks; there is no chunk "
              + index
              + ".");
    }
    return data(execution, view.result(), index, address);
  }

  private ResultData data(Execution execution, SpooledResult result, int index, URI address) {
    Chunk chunk = result.chunks().get(index);
    Integer next = index + 1 < result.chunks().size() ? index + 1 : null;
    String nextLink =
        next == null
            ? null
            : "/api/2.0/sql/statements/" + execution.id() + "/result/chunks/" + next;
    // A client may read one attachment and stop, so only a whole result is ever attached.
    boolean inline =
        switch (execution.request().disposition()) {
          case INLINE -> true;
          case EXTERNAL_LINKS -> false;
          case INLINE_OR_EXTERNAL_LINKS -> result.chunks().size() == 1;
        };
    if (!inline) {
      ExternalLink link = link(execution.id(), chunk, next, nextLink, address);
      return new ResultData(null, null, null, null, null, null, null, null, List.of(link));
    }
    boolean rows = result.format() == ResultFormat.JSON_ARRAY;
    return new ResultData(
        index,
        chunk.rowOffset(),
        chunk.rowCount(),
        chunk.byteCount(),
        next,
        nextLink,
        rows ? null : results.bytes(execution.id(), index),
        rows ? results.rows(execution.id(), index) : null,
        null);
  }

  private ExternalLink link(
      String statementId, Chunk chunk, Integer next, String nextLink, URI address) {
    ResultLinks.Link signed = links.sign(address, statementId, chunk.index());
    return new ExternalLink(
        chunk.index(),
        chunk.rowOffset(),
        chunk.rowCount(),
        chunk.byteCount(),
        signed.url(),
        signed.expiration().toString(),
        Map.of(),
        next,
        nextLink);
  }
}
