package dev.tarn.server.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.json.Json;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bodies of requests on their way to handlers. A small one is waited for without a thread; others
 * are read as they come, by so many handlers at once that enough are left for who sends nothing.
 */
final class RequestBodies {
  private static final Logger LOG = LoggerFactory.getLogger(RequestBodies.class);
  private static final long SMALL = 64 << 10;
  private static final long DRAINED_BYTES = 128 << 20;

  private final Semaphore streams;
  private final Duration smallWithin;

  /**
   * @param streams handlers that may read as it comes what is not small, at once
   * @param smallWithin the time in all for a small body
   */
  RequestBodies(int streams, Duration smallWithin) {
    this.streams = new Semaphore(streams);
    this.smallWithin = smallWithin;
  }

  /** The body of one request, until it has been handled. */
  static final class Body implements AutoCloseable {
    private final InputStream in;
    private final boolean whole;
    private final Runnable end;
    private final AtomicBoolean open = new AtomicBoolean(true);

    /**
     * @param whole whether all of it is there
     */
    Body(InputStream in, boolean whole, Runnable end) {
      this.in = in;
      this.whole = whole;
      this.end = end;
    }

    boolean whole() {
      return whole;
    }

    /**
     * @param progress called whenever something came
     * @param ended called when nothing more comes
     */
    InputStream stream(Runnable progress, Runnable ended) {
      if (whole) {
        return in;
      }
      return new FilterInputStream(in) {
        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
          int read = super.read(buffer, offset, length);
          (read < 0 ? ended : progress).run();
          return read;
        }
      };
    }

    @Override
    public void close() {
      if (open.getAndSet(false)) {
        end.run();
      }
    }
  }

  /**
   * The body once a handler may begin; empty if too many handlers read already. Fails if the client
   * goes away, or is too slow.
   */
  CompletableFuture<Optional<Body>> of(ServiceRequestContext context, HttpRequest request) {
    if (request.isEmpty() || contentLength(request) == 0) {
      return CompletableFuture.completedFuture(
          Optional.of(new Body(InputStream.nullInputStream(), true, () -> {})));
    }
    long length = contentLength(request);
    if (length > 0 && length <= SMALL) {
      context.setRequestTimeout(TimeoutMode.SET_FROM_NOW, smallWithin);
      return request
          .aggregate()
          .thenApply(
              whole -> Optional.of(new Body(whole.content().toInputStream(), true, () -> {})));
    }
    if (!streams.tryAcquire()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    InputStream in =
        request.toInputStream(part -> part instanceof HttpData data ? data : HttpData.empty());
    return CompletableFuture.completedFuture(Optional.of(new Body(in, false, streams::release)));
  }

  /** To whoever sends, or takes, nothing for too long; the connection ends with it. */
  static HttpResponse tooSlow() {
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.REQUEST_TIMEOUT)
            .contentType(MediaType.JSON)
            .set(HttpHeaderNames.CONNECTION, "close")
            .build(),
        HttpData.wrap(
            Json.bytes(
                Map.of(
                    "error_code",
                    ErrorCode.DEADLINE_EXCEEDED.name(),
                    "message",
                    "The request did not come in time. Send it again."))));
  }

  private static long contentLength(HttpRequest request) {
    return request.headers().contentLength();
  }

  /**
   * Takes what a refusing handler left of the body, since many clients read the answer only when
   * they have sent everything. There is a bound, past which the connection is broken.
   */
  static void drain(HttpRequest request, InputStream body) {
    try {
      if (!request.isComplete()) {
        body.skip(DRAINED_BYTES);
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("The rest of a request body was not read", e);
    }
  }
}
