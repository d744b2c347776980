package dev.tarn.serve.connect;

import dev.tarn.engine.spark.SparkEngine;
import dev.tarn.govern.audit.AuditLog;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.serve.history.QueryHistory;
import dev.tarn.serve.statements.StatementsConfig;
import dev.tarn.serve.warehouses.Warehouses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connect.service.SparkConnectService;
import org.apache.spark.sql.connect.service.SparkConnectService$;
import org.apache.spark.sql.connect.service.SparkListenerConnectSessionClosed;
import org.sparkproject.connect.grpc.Server;
import org.sparkproject.connect.grpc.netty.NettyServerBuilder;

/**
 * Spark Connect, served by Spark's own implementation of it behind {@link ConnectGate}.
 *
 * <p>Spark's gRPC is its own copy, so that it listens on a port of its own, of this machine only,
 * to which the HTTP server passes calls on. Whoever reaches that port directly meets the same gate.
 */
public final class SparkConnect implements AutoCloseable {
  /** The gRPC service, as it stands in paths. */
  public static final String SERVICE = "spark.connect.SparkConnectService";

  /** The header in which the HTTP server says, behind {@link #originKey}, who calls. */
  public static final String ORIGIN = "x-tarn-origin";

  private static final int LARGEST_MESSAGE = 64 << 20;
  private static final int LARGEST_HEADERS = 16 << 10;

  /** What Spark's own start would read from its configuration. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          // Of plans kept between requests nobody would ask again whether they are permitted.
          "spark.connect.session.planCache.maxSize", "0",
          "spark.connect.grpc.arrow.maxBatchSize", "4m",
          "spark.connect.extensions.command.classes", GovernedPlans.class.getName(),
          "spark.connect.execute.manager.detachedTimeout", "2m");

  private final String originKey = UUID.randomUUID().toString();
  private final SparkEngine engine;
  private final ConnectSessions sessions;
  private final ConnectHistory history;
  private final ConnectOperations operations;
  private final LostClients lost = new LostClients();
  private final ConnectGate gate;
  private Server server;
  private boolean closed;

  /**
   * @param authenticator resolves a token; throws UNAUTHENTICATED
   * @param audit where every call is recorded
   * @param warehouses where operations wait for their turn
   */
  public SparkConnect(
      SparkEngine engine,
      Function<String, Principal> authenticator,
      QueryHistory queries,
      Warehouses warehouses,
      AuditLog audit,
      StatementsConfig config) {
    this.engine = engine;
    // When a warehouse stops, its sessions end first, and with them what runs in them.
    this.sessions = new ConnectSessions(engine, warehouses);
    this.operations = new ConnectOperations(engine, warehouses, config);
    this.history = new ConnectHistory(queries);
    this.gate =
        new ConnectGate(
            authenticator,
            engine,
            sessions,
            operations,
            history,
            lost,
            new ConnectAudit(audit, originKey));
  }

  /** By which the gate knows that a call was passed on by the HTTP server of this process. */
  public String originKey() {
    return originKey;
  }

  /**
   * The port on 127.0.0.1 that answers, which the first call starts.
   *
   * @throws TarnException TEMPORARILY_UNAVAILABLE while Spark starts
   */
  public synchronized int port() {
    if (closed || !engine.isReady()) {
      throw new TarnException(
          ErrorCode.TEMPORARILY_UNAVAILABLE, "Spark is starting. Try again in a moment.");
    }
    if (server == null) {
      server = start(engine.sparkContext().join());
    }
    return server.getPort();
  }

  private Server start(SparkContext spark) {
    SETTINGS.forEach((key, value) -> SparkEnv.get().conf().set(key, value));
    SparkConnectService$ connect = SparkConnectService$.MODULE$;
    connect
        .sessionManager()
        .initializeBaseSession(() -> SparkSession.getDefaultSession().get().newSession());
    spark.addSparkListener(
        new SparkListener() {
          @Override
          public void onOtherEvent(SparkListenerEvent event) {
            if (event instanceof SparkListenerConnectSessionClosed) {
              sessions.sweep();
            }
            history.on(event);
          }
        });
    // Before Spark's own start() there is no way to hand it a gate that knows whom to ask.
    try {
      return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
          .maxInboundMessageSize(LARGEST_MESSAGE)
          .maxInboundMetadataSize(LARGEST_HEADERS)
          .addService(new SparkConnectService(false))
          .intercept(gate)
          .build()
          .start();
    } catch (IOException e) {
      throw new TarnException(
          ErrorCode.TEMPORARILY_UNAVAILABLE, "Spark Connect could not start: " + e.getMessage(), e);
    }
  }

  /** Sessions that are open. */
  public int openSessions() {
    return sessions.count();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (server == null) {
      return;
    }
    lost.close();
    operations.close();
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    SparkConnectService$.MODULE$.streamingSessionManager().shutdown();
    SparkConnectService$.MODULE$.executionManager().shutdown();
    SparkConnectService$.MODULE$.sessionManager().shutdown();
    sessions.close();
  }
}
