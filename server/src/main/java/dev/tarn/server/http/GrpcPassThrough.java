package dev.tarn.server.http;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.CommonPools;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.LoggerFactory;

/**
 * Passes calls of one gRPC service on to a port of this machine, in both directions as they come:
 * nothing is held back but what one side has sent and the other has not yet taken.
 */
final class GrpcPassThrough implements HttpService, AutoCloseable {
  private static final int UNAVAILABLE = 14;

  private final GrpcTarget target;
  private final CallLog calls;

  /**
   * One for each connection that calls came by: what a client does not read backs up on the
   * connection it was passed on by, and must hold up nobody else.
   */
  private final Map<Channel, ClientFactory> clients = new ConcurrentHashMap<>();

  /**
   * @param calls learns of calls that cannot be passed on; the service records the others
   */
  GrpcPassThrough(GrpcTarget target, CallLog calls) {
    this.target = target;
    this.calls = calls;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    context.clearRequestTimeout();
    CompletableFuture<HttpResponse> answer =
        CompletableFuture.supplyAsync(target.port()::getAsInt, context.blockingTaskExecutor())
            .thenApply(
                at ->
                    pass(
                        at,
                        clients(context.log().partial().channel()),
                        request.mapHeaders(headers -> from(context, headers))))
            .exceptionallyCompose(failure -> refused(context, request, failure));
    return HttpResponse.of(answer).recover(GrpcPassThrough::unavailable);
  }

  private RequestHeaders from(ServiceRequestContext context, RequestHeaders headers) {
    return headers.toBuilder()
        .set(
            target.originHeader(),
            target.originKey() + ' ' + context.clientAddress().getHostAddress())
        .build();
  }

  private CompletableFuture<HttpResponse> refused(
      ServiceRequestContext context, HttpRequest request, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    new Recording(calls, context, request)
        .unserved(
            cause instanceof TarnException known
                ? known
                : new TarnException(
                    ErrorCode.TEMPORARILY_UNAVAILABLE, "The service cannot be reached.", cause),
            unavailable(failure),
            answer);
    return answer;
  }

  private ClientFactory clients(Channel from) {
    return clients.computeIfAbsent(
        from,
        channel -> {
          ClientFactory made =
              ClientFactory.builder()
                  .workerGroup(CommonPools.workerGroup(), false)
                  .idleTimeout(Duration.ofMinutes(1))
                  .build();
          channel
              .closeFuture()
              .addListener(
                  closed -> {
                    clients.remove(channel);
                    made.closeAsync();
                  });
          return made;
        });
  }

  private static HttpResponse pass(int at, ClientFactory clients, HttpRequest request) {
    // Neither the length of a call nor the size of its answer has a bound: results stream.
    return WebClient.builder("h2c://127.0.0.1:" + at)
        .factory(clients)
        .responseTimeoutMillis(0)
        .writeTimeoutMillis(0)
        .maxResponseLength(0)
        .build()
        .execute(request);
  }

  private static HttpResponse unavailable(Throwable failure) {
    Throwable cause = failure.getCause() instanceof TarnException tarn ? tarn : failure;
    boolean ours = cause instanceof TarnException;
    if (!ours) {
      LoggerFactory.getLogger(GrpcPassThrough.class).debug("A gRPC call was not passed on", cause);
    }
    String message = ours ? cause.getMessage() : "The service cannot be reached. Try again.";
    // A response of gRPC that has trailers only; clients try it again.
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.OK)
            .endOfStream(true)
            .set(HttpHeaderNames.CONTENT_TYPE, "application/grpc")
            .setInt("grpc-status", UNAVAILABLE)
            .set("grpc-message", percentEncoded(message))
            .build());
  }

  private static String percentEncoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b <= '~' && b != '%') {
        encoded.append((char) b);
      } else {
        encoded.append(String.format("%%%02X", b));
      }
    }
    return encoded.toString();
  }

  @Override
  public void close() {
    clients.values().forEach(ClientFactory::close);
  }
}
