package dev.tarn.server.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.CallNotes;
import dev.tarn.kernel.http.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** What is learnt of one call while it is served, for the record of it. */
final class Recording {
  private final CallLog log;
  private final ServiceRequestContext context;
  private final HttpRequest request;
  private final CallNotes notes;
  private Optional<Router.Match> match = Optional.empty();
  private Supplier<Optional<String>> user = Optional::empty;
  private byte[] json;

  Recording(CallLog log, ServiceRequestContext context, HttpRequest request) {
    this.log = log;
    this.context = context;
    this.request = request;
    this.notes = new CallNotes(context.clientAddress().getHostAddress(), context.id().text());
  }

  CallNotes notes() {
    return notes;
  }

  void matched(Optional<Router.Match> found) {
    match = found;
  }

  void by(Caller caller) {
    user = caller::known;
  }

  void json(byte[] body) {
    json = body;
  }

  /**
   * Records a call that a handler has answered; returns what may leave then.
   *
   * @param thrown what the handler threw instead of answering; null if it answered
   */
  Response answered(Response response, Throwable thrown, String where) {
    try {
      log.record(call(response.status(), error(thrown)));
      return response;
    } catch (TarnException e) {
      return Errors.response(e, where);
    }
  }

  /** Records a call that came to no handler, and answers it then. */
  void unserved(TarnException refusal, HttpResponse answer, CompletableFuture<HttpResponse> to) {
    log.recordLater(call(refusal.code().httpStatus(), error(refusal)))
        .whenComplete(
            (recorded, failure) -> {
              if (failure == null) {
                to.complete(answer);
              } else {
                Throwable cause =
                    failure instanceof CompletionException ? failure.getCause() : failure;
                to.complete(Answers.last(Errors.response(cause, "")));
              }
            });
  }

  private static String error(Throwable thrown) {
    if (thrown == null) {
      return null;
    }
    return thrown instanceof TarnException known
        ? known.code().name() + ": " + known.getMessage()
        : "INTERNAL_ERROR: " + thrown.getClass().getSimpleName();
  }

  private ServedCall call(int status, String error) {
    Map<String, List<String>> query = new TreeMap<>();
    if (context.query() != null) {
      context
          .queryParams()
          .forEach((name, value) -> query.merge(name, List.of(value), Recording::with));
    }
    return new ServedCall(
        request.method().name(),
        context.path(),
        match.map(Router.Match::route),
        match.map(Router.Match::parameters).orElse(Map.of()),
        query,
        json,
        notes,
        user.get(),
        notes.address(),
        request.headers().get(HttpHeaderNames.USER_AGENT),
        notes.requestId(),
        notes.status().orElse(status),
        notes.error().orElse(error));
  }

  private static List<String> with(List<String> some, List<String> more) {
    return java.util.stream.Stream.concat(some.stream(), more.stream()).toList();
  }
}
