package dev.tarn.serve.connect;

import dev.tarn.engine.session.ShownPlans;
import dev.tarn.engine.spark.SparkEngine;
import dev.tarn.engine.sql.ComputeShare;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.serve.warehouses.Warehouse;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.connect.proto.AnalyzePlanRequest;
import org.apache.spark.connect.proto.ArtifactStatusesRequest;
import org.apache.spark.connect.proto.ConfigRequest;
import org.apache.spark.connect.proto.ConfigResponse;
import org.apache.spark.connect.proto.ExecutePlanRequest;
import org.apache.spark.connect.proto.ExecutePlanResponse;
import org.apache.spark.connect.proto.ReattachExecuteRequest;
import org.apache.spark.connect.proto.UserContext;
import org.apache.spark.sql.catalyst.CurrentUserContext;
import org.apache.spark.sql.connect.service.ExecuteKey;
import org.apache.spark.sql.connect.service.ExecuteKey$;
import org.apache.spark.sql.connect.service.SessionHolder;
import org.sparkproject.connect.grpc.Context;
import org.sparkproject.connect.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import org.sparkproject.connect.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.sparkproject.connect.grpc.Metadata;
import org.sparkproject.connect.grpc.ServerCall;
import org.sparkproject.connect.grpc.ServerCallHandler;
import org.sparkproject.connect.grpc.ServerInterceptor;
import org.sparkproject.connect.grpc.Status;
import org.sparkproject.connect.protobuf.Descriptors.FieldDescriptor;
import org.sparkproject.connect.protobuf.Message;
import scala.Option;

/**
 * Stands before Spark Connect: every message carries a token, acts as the token's principal
 * whatever user it names, and holds only what {@link MessagePolicy} lets through.
 */
final class ConnectGate implements ServerInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String SCHEME = "Bearer ";

  /** By which Databricks' clients name what they run on; here a warehouse. */
  private static final Metadata.Key<String> WAREHOUSE =
      Metadata.Key.of("x-databricks-cluster-id", Metadata.ASCII_STRING_MARSHALLER);

  private final Function<String, Principal> authenticator;
  private final SparkEngine engine;
  private final ConnectSessions sessions;
  private final ConnectOperations operations;
  private final ConnectHistory history;
  private final LostClients lost;
  private final ConnectAudit audit;

  ConnectGate(
      Function<String, Principal> authenticator,
      SparkEngine engine,
      ConnectSessions sessions,
      ConnectOperations operations,
      ConnectHistory history,
      LostClients lost,
      ConnectAudit audit) {
    this.audit = audit;
    this.authenticator = authenticator;
    this.engine = engine;
    this.sessions = sessions;
    this.operations = operations;
    this.history = history;
    this.lost = lost;
  }

  @Override
  public <Q, S> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
    ConnectAudit.Record record =
        audit.begin(headers, call.getMethodDescriptor().getBareMethodName());
    GovernedCall<Q, S> governed = new GovernedCall<>(call, history, record, engine::settleLineage);
    governed.warehouseName =
        Optional.ofNullable(headers.get(WAREHOUSE)).filter(name -> !name.isBlank());
    Context.current()
        .addListener(
            context -> ended(governed, context.cancellationCause() != null), Runnable::run);
    try {
      String token = token(headers);
      governed.principal = authenticator.apply(token);
      record.by(governed.principal.name());
      return new GovernedListener<>(next.startCall(governed, headers), governed, token);
    } catch (TarnException e) {
      governed.refuse(e);
      governed.answerRefusal();
      return new ServerCall.Listener<>() {};
    }
  }

  /**
   * @param cancelled by the client, or because its connection broke
   */
  private void ended(GovernedCall<?, ?> call, boolean cancelled) {
    if (cancelled) {
      call.record.left();
    }
    ExecuteKey operation = call.operation;
    if (operation == null) {
      return;
    }
    if (cancelled) {
      lost.lost(operation, call);
    } else {
      lost.answered(operation, call);
    }
  }

  private static String token(Metadata headers) {
    String authorization = headers.get(AUTHORIZATION);
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new TarnException(
          ErrorCode.UNAUTHENTICATED,
          "28000",
          "Spark Connect needs a token: connect to sc://host:port/;token=<token>, or without TLS to"
              + " sc://host:port/;authorization=Bearer <token>.",
          null);
    }
    return authorization.substring(SCHEME.length()).strip();
  }

  /** Runs a step of a call so that Spark takes the principal for its user. */
  private static void as(Principal principal, Runnable step) {
    String outer = CurrentUserContext.CURRENT_USER().get();
    CurrentUserContext.CURRENT_USER().set(principal.name());
    try {
      step.run();
    } finally {
      CurrentUserContext.CURRENT_USER().set(outer);
    }
  }

  private final class GovernedListener<Q, S> extends SimpleForwardingServerCallListener<Q> {
    private final GovernedCall<Q, S> call;
    private final String token;

    GovernedListener(ServerCall.Listener<Q> inner, GovernedCall<Q, S> call, String token) {
      super(inner);
      this.call = call;
      this.token = token;
    }

    @Override
    public void onMessage(Q message) {
      if (call.refusal != null) {
        call.request(1);
        return;
      }
      try {
        Principal principal = authenticator.apply(token);
        if (!principal.name().equals(call.principal.name())) {
          throw new TarnException(
              ErrorCode.UNAUTHENTICATED, "28000", "The token is another's now.", null);
        }
        Message request = (Message) message;
        call.sessionId = text(request, "session_id");
        call.record.asked(request, call.sessionId);
        MessagePolicy.check(request);
        Message own = prepared(principal, ownedBy(principal, request), call);
        call.request = own;
        call.record.runs(text(own, "operation_id"));
        call.operation = operation(principal, own);
        if (call.operation != null) {
          lost.listens(call.operation, call);
        }
        @SuppressWarnings("unchecked")
        Q checked = (Q) own;
        as(principal, () -> super.onMessage(checked));
      } catch (Exception e) {
        // Spark's own refusals are checked exceptions, of which its methods say nothing.
        call.refuse(e);
        call.request(1);
      }
    }

    /** Handlers of one request run here. */
    @Override
    public void onHalfClose() {
      if (call.refusal == null) {
        Runnable step = super::onHalfClose;
        boolean shows = call.request instanceof AnalyzePlanRequest asked && asked.hasExplain();
        as(
            call.principal,
            () ->
                engine.within(
                    call.share,
                    shows ? () -> ShownPlans.within(engine.sparkContext().join(), step) : step));
      } else {
        call.answerRefusal();
      }
    }
  }

  /** The same request, of the token's user, and of none that the client names. */
  private static Message ownedBy(Principal principal, Message request) {
    FieldDescriptor user = request.getDescriptorForType().findFieldByName("user_context");
    UserContext context =
        UserContext.newBuilder().setUserId(principal.name()).setUserName(principal.name()).build();
    return request.toBuilder().setField(user, context).build();
  }

  /**
   * The request as Spark has to be told, in a session that acts for its principal before the first
   * thing that is done in it.
   */
  private Message prepared(Principal principal, Message request, GovernedCall<?, ?> call) {
    if (request instanceof ConfigRequest config) {
      ConfigPolicy.check(config.getOperation());
    }
    boolean opens =
        request instanceof ExecutePlanRequest
            || request instanceof AnalyzePlanRequest
            || request instanceof ConfigRequest
            || request instanceof ArtifactStatusesRequest;
    if (!opens) {
      return request;
    }
    Warehouse warehouse = operations.warehouse(principal, call.warehouseName);
    call.share = warehouse.share();
    String observed = text(request, "client_observed_server_side_session_id");
    SessionHolder session =
        sessions.open(
            principal,
            warehouse.id(),
            text(request, "session_id"),
            observed.isEmpty() ? Option.empty() : Option.apply(observed));
    Message arranged =
        Rewriting.deep(
            request,
            each -> PositionalArguments.arranged(CatalogCalls.inCatalog(session.session(), each)));
    if (!(arranged instanceof ExecutePlanRequest execute)) {
      return arranged;
    }
    ExecutePlanRequest governed =
        execute.toBuilder()
            .setPlan(GovernedPlans.governed(execute.getPlan()))
            .setOperationId(ExecuteKey$.MODULE$.apply(execute, session).operationId())
            .build();
    operations.admit(governed, warehouse);
    return governed;
  }

  /** The operation to whose answers a call listens, if that is what it is for. */
  private static ExecuteKey operation(Principal principal, Message request) {
    return request instanceof ExecutePlanRequest || request instanceof ReattachExecuteRequest
        ? new ExecuteKey(
            principal.name(), text(request, "session_id"), text(request, "operation_id"))
        : null;
  }

  private static String text(Message message, String name) {
    FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
    return field == null ? "" : (String) message.getField(field);
  }

  private static final class GovernedCall<Q, S> extends SimpleForwardingServerCall<Q, S> {
    private Principal principal;
    private String sessionId = "";
    private Optional<String> warehouseName = Optional.empty();
    private ComputeShare share = ComputeShare.UNLIMITED;
    private volatile ExecuteKey operation;
    private volatile Message request;
    private volatile Exception refusal;
    private final ConnectHistory history;
    private final ConnectAudit.Record record;
    private final Runnable settle;
    private volatile boolean settled;

    GovernedCall(
        ServerCall<Q, S> call,
        ConnectHistory history,
        ConnectAudit.Record record,
        Runnable settle) {
      super(call);
      this.settle = settle;
      this.record = record;
      this.history = history;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void sendMessage(S message) {
      record.answering();
      Message answer = (Message) message;
      if (answer instanceof ConfigResponse response && request instanceof ConfigRequest asked) {
        answer = ConfigPolicy.visible(asked.getOperation(), response);
      } else if (answer instanceof ExecutePlanResponse response) {
        history.sent(principal.name(), response);
        if (response.hasResultComplete()) {
          settled = true;
          settle.run();
        }
        answer =
            response.hasSqlCommandResult()
                ? Rewriting.deep(response, PositionalArguments::given)
                : response;
      }
      super.sendMessage((S) answer);
    }

    /** Tells a refusal of Tarn's that came out of Spark as what it is. */
    @Override
    public void close(Status status, Metadata trailers) {
      Optional<ConnectErrors.Answer> ours =
          status.isOk() || principal == null
              ? Optional.empty()
              : ConnectErrors.ours(principal, sessionId, status, trailers);
      if (ours.isPresent()) {
        end(ours.get().status(), ours.get().trailers());
      } else {
        end(status, trailers);
      }
    }

    /** Lets nothing more through. The answer waits until the client has said everything. */
    void refuse(Exception failure) {
      refusal = failure;
    }

    void answerRefusal() {
      ConnectErrors.Answer answer = ConnectErrors.answer(principal, sessionId, refusal);
      end(answer.status(), answer.trailers());
    }

    private void end(Status status, Metadata trailers) {
      if (status.isOk() && operation != null && !settled) {
        settle.run();
      }
      try {
        record.ending(status);
      } catch (TarnException e) {
        super.close(Status.UNAVAILABLE.withDescription(e.getMessage()), new Metadata());
        return;
      }
      super.close(status, trailers);
    }
  }
}
