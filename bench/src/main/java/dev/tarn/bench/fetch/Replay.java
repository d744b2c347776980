package dev.tarn.bench.fetch;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.file.HttpFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A static file server that speaks to a driver: first it stands between the driver and Tarn and
 * keeps every answer as a file, afterwards it gives the same answers from those files. What the
 * driver then takes is the time of the driver and of plain file serving, with the same bytes.
 */
final class Replay implements AutoCloseable {
  private record Kept(ResponseHeaders headers, Path body) {}

  private final Path folder;
  private final WebClient tarn;
  private final Server server;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final AtomicInteger files = new AtomicInteger();
  private volatile boolean recording = true;

  Replay(URI tarn, Path folder) {
    this.folder = folder;
    this.tarn =
        WebClient.builder(tarn)
            .maxResponseLength(0)
            .responseTimeoutMillis(0)
            .writeTimeoutMillis(0)
            .build();
    this.server =
        Server.builder()
            .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .requestTimeoutMillis(0)
            .maxRequestLength(0)
            .serviceUnder("/", this::serve)
            .build();
    server.start().join();
  }

  int port() {
    return server.activeLocalPort();
  }

  /** From now on answers come from the files, from the first one on. */
  void replay() {
    recording = false;
    asked.clear();
  }

  private HttpResponse serve(ServiceRequestContext context, HttpRequest request) throws Exception {
    String what = request.method() + " " + request.path();
    int nth = asked.computeIfAbsent(what, w -> new AtomicInteger()).getAndIncrement();
    return recording ? record(request, what + '#' + nth) : answer(context, request, what, nth);
  }

  private HttpResponse record(HttpRequest request, String key) {
    CompletableFuture<HttpResponse> answer =
        request
            .aggregate()
            .thenCompose(
                whole -> {
                  RequestHeaders headers =
                      whole.headers().toBuilder().authority("127.0.0.1:" + port()).build();
                  return tarn.execute(headers, whole.content()).aggregate();
                })
            .thenApply(response -> keep(key, response));
    return HttpResponse.of(answer);
  }

  private HttpResponse keep(String key, AggregatedHttpResponse response) {
    Path file = folder.resolve(Integer.toString(files.incrementAndGet()));
    try {
      Files.write(file, response.content().array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    kept.put(key, new Kept(response.headers(), file));
    return response.toHttpResponse();
  }

  private HttpResponse answer(
      ServiceRequestContext context, HttpRequest request, String what, int nth) throws Exception {
    int last = nth;
    while (last > 0 && !kept.containsKey(what + '#' + last)) {
      last--;
    }
    Kept found = kept.get(what + '#' + last);
    if (found == null) {
      return HttpResponse.of(404);
    }
    if (request.method() == com.linecorp.armeria.common.HttpMethod.GET
        && found.headers().status().isSuccess()) {
      return HttpFile.builder(found.body())
          .setHeader(HttpHeaderNames.CONTENT_TYPE, String.valueOf(found.headers().contentType()))
          .build()
          .asService()
          .serve(context, request);
    }
    return HttpResponse.of(
        request
            .aggregate()
            .thenApplyAsync(
                whole -> {
                  try {
                    return HttpResponse.of(
                        found.headers(),
                        HttpData.wrap(Files.readAllBytes(found.body())),
                        HttpHeaders.of());
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                },
                context.blockingTaskExecutor()));
  }

  @Override
  public void close() {
    server.stop().join();
  }
}
