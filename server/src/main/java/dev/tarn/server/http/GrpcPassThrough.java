package dev.tarn.server.http;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.CommonPools;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tarn.kernel.error.TarnException;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.slf4j.LoggerFactory;

/**
 * Passes calls of one gRPC service on to a port of this machine, in both directions as they come:
 * nothing is held back but what one side has sent and the other has not yet taken.
 */
final class GrpcPassThrough implements HttpService, AutoCloseable {
  private static final int UNAVAILABLE = 14;

  private final IntSupplier port;

  /**
   * One for each connection that calls came by: what a client does not read backs up on the
   * connection it was passed on by, and must hold up nobody else.
   */
  private final Map<Channel, ClientFactory> clients = new ConcurrentHashMap<>();

  /**
   * @param port asked for each call; throws if the service cannot answer now
   */
  GrpcPassThrough(IntSupplier port) {
    this.port = port;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    context.clearRequestTimeout();
    CompletableFuture<HttpResponse> answer =
        CompletableFuture.supplyAsync(port::getAsInt, context.blockingTaskExecutor())
            .thenApply(at -> pass(at, clients(context.log().partial().channel()), request));
    return HttpResponse.of(answer).recover(GrpcPassThrough::unavailable);
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
