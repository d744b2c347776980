package dev.tarn.server.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import dev.tarn.kernel.http.Response;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Responses of handlers on their way to clients. */
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private Answers() {}

  /** Sends a response and returns the bytes of its body. */
  static long send(
      HttpRequest request,
      Response response,
      String where,
      CompletableFuture<HttpResponse> future,
      Runnable progress) {
    boolean noBody =
        request.method() == com.linecorp.armeria.common.HttpMethod.HEAD
            || response.status() == 204
            || response.status() == 304;
    if (noBody) {
      future.complete(HttpResponse.of(headers(response)));
      return 0;
    }
    ResponseStream out = new ResponseStream(headers(response), future, progress);
    try {
      response.body().writeTo(out);
      out.close();
    } catch (Throwable e) {
      if (out.started()) {
        LOG.warn("{} broke off after {} bytes: {}", where, out.bytes(), e.toString());
        out.abort();
      } else {
        future.complete(whole(Errors.response(e, where)));
      }
    }
    return out.bytes();
  }

  private static ResponseHeaders headers(Response response) {
    ResponseHeadersBuilder headers = ResponseHeaders.builder(HttpStatus.valueOf(response.status()));
    if (response.status() != 204) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
    }
    response.headers().forEach(headers::set);
    return headers.build();
  }

  static HttpResponse whole(Response response) {
    return whole(headers(response), response);
  }

  /** One after which the connection ends, since nobody reads what the client may still send. */
  static HttpResponse last(Response response) {
    return whole(
        headers(response).toBuilder().set(HttpHeaderNames.CONNECTION, "close").build(), response);
  }

  private static HttpResponse whole(ResponseHeaders headers, Response response) {
    try (java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream()) {
      response.body().writeTo(out);
      return HttpResponse.of(headers, HttpData.wrap(out.toByteArray()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
