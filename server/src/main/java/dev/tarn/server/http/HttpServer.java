package dev.tarn.server.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Method;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.server.tls.ServerCertificate;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves capabilities' routes on one port, with and without TLS. Handlers run on their own threads
 * and may block.
 */
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final Logger ACCESS_LOG = LoggerFactory.getLogger("tarn.access");

  /** The time in all for the body of a request without a login. */
  private static final Duration STRANGERS_BODY = Duration.ofSeconds(30);

  private static final Duration IDLE = Duration.ofMinutes(2);

  /** The time in all for a small body. */
  private static final int SMALL_BODY_SECONDS = 60;

  private static final Duration DRAIN_TIME = Duration.ofSeconds(10);
  private static final int WAITING_REQUESTS = 1_000;

  private final Router router;
  private final CallLog calls;
  private final Authenticator authenticator;
  private final HttpConfig config;
  private final ThreadPoolExecutor handlers;
  private final RequestBodies bodies;
  private final List<GrpcPassThrough> passThroughs = new ArrayList<>();
  private final Server server;

  private HttpServer(
      HttpConfig config,
      Authenticator authenticator,
      List<? extends Capability> capabilities,
      Optional<Supplier<ServerCertificate>> certificate,
      Map<String, GrpcTarget> grpc,
      CallLog calls) {
    this.config = config;
    this.calls = calls;
    this.authenticator = authenticator;
    this.router = new Router(capabilities.stream().flatMap(c -> c.routes().stream()).toList());
    this.bodies =
        new RequestBodies(
            Math.max(1, config.handlerThreads() / 2),
            Duration.ofSeconds(Math.min(SMALL_BODY_SECONDS, config.stalledSeconds())));
    AtomicInteger number = new AtomicInteger();
    this.handlers =
        new ThreadPoolExecutor(
            config.handlerThreads(),
            config.handlerThreads(),
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_REQUESTS),
            task -> {
              Thread thread = new Thread(task, "http-handler-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    handlers.allowCoreThreadTimeOut(true);
    ServerBuilder builder = Server.builder();
    certificate.ifPresent(shown -> builder.tlsProvider(new ShownCertificate(shown)));
    Ports.of(config, certificate.isPresent()).forEach(builder::port);
    grpc.forEach((service, target) -> builder.serviceUnder("/" + service + "/", passOn(target)));
    this.server =
        builder
            .requestTimeout(Duration.ZERO)
            .maxRequestLength(0)
            // Longer than clients keep what they do not use: who closes first should be they.
            .idleTimeout(IDLE)
            .disableServerHeader()
            .gracefulShutdownTimeout(Duration.ZERO, Duration.ofSeconds(3))
            .serviceUnder("/", this::serve)
            .errorHandler(
                new ProtocolErrors(
                    cause ->
                        cause instanceof com.linecorp.armeria.server.HttpStatusException
                                || cause
                                    instanceof com.linecorp.armeria.server.HttpResponseException
                            ? null
                            : cause instanceof RequestTimeoutException
                                ? RequestBodies.tooSlow()
                                : Answers.whole(Errors.response(cause, "A request"))))
            .build();
  }

  private GrpcPassThrough passOn(GrpcTarget target) {
    GrpcPassThrough passThrough = new GrpcPassThrough(target, calls);
    passThroughs.add(passThrough);
    return passThrough;
  }

  /** Starts to listen without TLS. Conditions as below. */
  public static HttpServer start(
      HttpConfig config, Authenticator authenticator, List<? extends Capability> capabilities) {
    return start(config, authenticator, capabilities, Optional.empty());
  }

  /** Starts to listen for HTTP alone. Conditions as below. */
  public static HttpServer start(
      HttpConfig config,
      Authenticator authenticator,
      List<? extends Capability> capabilities,
      Optional<Supplier<ServerCertificate>> certificate) {
    return start(config, authenticator, capabilities, certificate, Map.of(), CallLog.NONE);
  }

  /**
   * Starts to listen.
   *
   * @param certificate asked at each TLS handshake; empty: plain HTTP only
   * @param grpc services of gRPC by their full names, and where on this machine each is passed on
   *     to
   * @param calls learns of every call, but those that are passed on
   * @throws TarnException INVALID_STATE if a port is taken, the address is not this machine's, or
   *     the certificate cannot be had
   */
  public static HttpServer start(
      HttpConfig config,
      Authenticator authenticator,
      List<? extends Capability> capabilities,
      Optional<Supplier<ServerCertificate>> certificate,
      Map<String, GrpcTarget> grpc,
      CallLog calls) {
    certificate.ifPresent(Supplier::get); // What is wrong with it must stop the start.
    HttpServer http = new HttpServer(config, authenticator, capabilities, certificate, grpc, calls);
    try {
      http.server.start().join();
    } catch (CompletionException e) {
      http.close();
      throw Ports.cannotListen(config, e.getCause());
    }
    return http;
  }

  public int port() {
    return server.activePorts().values().stream()
        .filter(ServerPort::hasHttp)
        .findFirst()
        .orElseThrow()
        .localAddress()
        .getPort();
  }

  /** The port that speaks TLS only, if there is one. */
  public Optional<Integer> httpsPort() {
    return server.activePorts().values().stream()
        .filter(port -> !port.hasHttp())
        .findFirst()
        .map(port -> port.localAddress().getPort());
  }

  /** Where clients on this machine reach it, without a trailing slash. */
  public URI url() {
    String host =
        Set.of("0.0.0.0", "::").contains(config.bindAddress()) ? "127.0.0.1" : config.bindAddress();
    return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port());
  }

  /** Stops to listen, lets running requests end for three seconds, then cuts them off. */
  @Override
  public void close() {
    server.stop().join();
    passThroughs.forEach(GrpcPassThrough::close);
    handlers.shutdownNow();
  }

  private HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    CompletableFuture<HttpResponse> response = new CompletableFuture<>();
    Duration stalled = Duration.ofSeconds(config.stalledSeconds());
    Runnable progress = () -> context.setRequestTimeout(TimeoutMode.SET_FROM_NOW, stalled);
    progress.run();
    Recording recording = new Recording(calls, context, request);
    bodies
        .of(context, request)
        .whenComplete(
            (body, broken) -> {
              if (broken != null) {
                broken(recording, broken, response);
              } else if (body.isEmpty()) {
                busy(recording, "uploads under way", response);
              } else {
                begin(context, request, body.get(), recording, response, progress);
              }
            });
    return HttpResponse.of(response);
  }

  private void begin(
      ServiceRequestContext context,
      HttpRequest request,
      RequestBodies.Body body,
      Recording recording,
      CompletableFuture<HttpResponse> response,
      Runnable progress) {
    if (body.whole()) {
      // From here on it is the answer that may take its time.
      context.clearRequestTimeout();
    } else {
      progress.run();
    }
    try {
      handlers.execute(
          () -> {
            try (body) {
              handle(context, request, body, recording, response, progress);
            }
          });
    } catch (RejectedExecutionException e) {
      body.close();
      busy(recording, "requests waiting", response);
    }
  }

  private static void busy(
      Recording recording, String with, CompletableFuture<HttpResponse> response) {
    TarnException refusal =
        new TarnException(
            ErrorCode.TEMPORARILY_UNAVAILABLE,
            "The server has too many " + with + ". Try again in a moment.");
    recording.unserved(refusal, Answers.last(Errors.response(refusal, "")), response);
  }

  /** The client went away, or was too slow: it sees the latter alone. */
  private static void broken(
      Recording recording, Throwable cause, CompletableFuture<HttpResponse> response) {
    TarnException refusal =
        new TarnException(ErrorCode.DEADLINE_EXCEEDED, "The request did not come in time.", cause);
    CompletableFuture<HttpResponse> recorded = new CompletableFuture<>();
    recording.unserved(refusal, RequestBodies.tooSlow(), recorded);
    recorded.whenComplete((answer, failure) -> response.completeExceptionally(cause));
  }

  private void handle(
      ServiceRequestContext context,
      HttpRequest request,
      RequestBodies.Body given,
      Recording recording,
      CompletableFuture<HttpResponse> future,
      Runnable progress) {
    long started = System.nanoTime();
    String path = context.path();
    String where = request.method() + " " + LoggedPath.of(path);
    Caller caller = new Caller(authenticator, request.headers().get(HttpHeaderNames.AUTHORIZATION));
    recording.by(caller);
    AtomicBoolean patient = new AtomicBoolean(true);
    InputStream body =
        given.stream(
            () -> {
              if (patient.get()) {
                progress.run();
              }
            },
            context::clearRequestTimeout);
    Response response;
    Throwable thrown = null;
    try {
      response = answer(context, request, body, path, caller, recording, patient);
    } catch (Throwable e) {
      response = Errors.response(e, where);
      thrown = e;
    }
    response = recording.answered(response, thrown, where);
    if (response.status() >= 400) {
      context.setRequestTimeout(TimeoutMode.SET_FROM_NOW, DRAIN_TIME);
      RequestBodies.drain(request, body);
    } else {
      // The time for a stranger's body is not that for the answer.
      progress.run();
    }
    long bytes = Answers.send(request, response, where, future, progress);
    ACCESS_LOG.info(
        "{} {} {} bytes {} ms {}",
        where,
        response.status(),
        bytes,
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started),
        caller.known().orElse("-"));
  }

  private Response answer(
      ServiceRequestContext context,
      HttpRequest request,
      InputStream body,
      String path,
      Caller caller,
      Recording recording,
      AtomicBoolean patient)
      throws Exception {
    Optional<Router.Match> match = method(request).flatMap(m -> router.match(m, path));
    recording.matched(match);
    if (match.isEmpty()) {
      return noRoute(request, path);
    }
    Access access = match.get().route().access();
    if (access == Access.PUBLIC) {
      // Nobody knows who sends this: however slowly it comes, it holds a thread no longer.
      patient.set(false);
      context.setRequestTimeout(TimeoutMode.SET_FROM_NOW, STRANGERS_BODY);
    } else {
      Principal principal = caller.get();
      if (access == Access.ADMINISTRATOR && !principal.administrator()) {
        throw new TarnException(
            ErrorCode.PERMISSION_DENIED,
            "User '"
                + principal.name()
                + "' is not an administrator, and only administrators may do this.");
      }
    }
    QueryParams query = context.queryParams();
    return match
        .get()
        .route()
        .handler()
        .handle(
            new ArmeriaRequest(
                request,
                context.sessionProtocol().isTls(),
                match.get().parameters(),
                query,
                caller,
                body,
                config.maxJsonBytes(),
                recording));
  }

  private Response noRoute(HttpRequest request, String path) {
    Set<String> others = router.methods(path);
    String also =
        others.isEmpty() ? "" : " This path answers " + String.join(", ", others) + " only.";
    Response response =
        Errors.response(
            new TarnException(
                ErrorCode.ENDPOINT_NOT_FOUND,
                "No API found for '" + request.method() + " " + path + "'." + also),
            "");
    if (others.isEmpty()) {
      return response;
    }
    return new Response(
        response.status(),
        response.contentType(),
        java.util.Map.of("allow", String.join(", ", others)),
        response.body());
  }

  private static Optional<Method> method(HttpRequest request) {
    for (Method method : Method.values()) {
      if (method.name().equals(request.method().name())) {
        return Optional.of(method);
      }
    }
    return Optional.empty();
  }
}
