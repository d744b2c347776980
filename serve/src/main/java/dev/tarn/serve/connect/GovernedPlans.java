package dev.tarn.serve.connect;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.spark.connect.proto.CollectMetrics;
import org.apache.spark.connect.proto.Command;
import org.apache.spark.connect.proto.Plan;
import org.apache.spark.sql.connect.planner.SparkConnectPlanner;
import org.apache.spark.sql.connect.plugin.CommandPlugin;
import org.apache.spark.sql.connect.service.ExecuteHolder;
import org.apache.spark.sql.connect.service.ExecuteStatus;
import org.sparkproject.connect.protobuf.Any;
import org.sparkproject.connect.protobuf.CodedInputStream;
import org.sparkproject.connect.protobuf.Descriptors.FieldDescriptor;
import org.sparkproject.connect.protobuf.Message;

/**
 * Plans as a command of Tarn's, which Spark runs and answers like any other: on the thread of the
 * operation, after it has had to wait for its turn, and with rows that are sent as they are taken.
 */
public final class GovernedPlans implements CommandPlugin {
  private static final String TYPE = "type.googleapis.com/tarn.connect.GovernedPlan";
  private static final int DEEPEST = 10_000;

  /**
   * The same plan as a command. A query with metrics stays as it is, since Spark looks for their
   * names in the plan; so do rows that the plan itself holds.
   */
  static Plan governed(Plan plan) {
    if (plan.hasRoot() && (plan.getRoot().hasLocalRelation() || observes(plan))) {
      return plan;
    }
    Any whole = Any.newBuilder().setTypeUrl(TYPE).setValue(plan.toByteString()).build();
    return Plan.newBuilder().setCommand(Command.newBuilder().setExtension(whole)).build();
  }

  private static boolean observes(Message message) {
    if (message instanceof CollectMetrics) {
      return true;
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      Object value = field.getValue();
      if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE
          && (value instanceof Iterable<?> all
              ? StreamSupport.stream(all.spliterator(), false)
                  .anyMatch(each -> observes((Message) each))
              : observes((Message) value))) {
        return true;
      }
    }
    return false;
  }

  /** The plan that the client sent. */
  static Plan original(Plan plan) {
    Any whole = plan.getCommand().getExtension();
    return whole.getTypeUrl().equals(TYPE) ? plan(whole) : plan;
  }

  private static Plan plan(Any whole) {
    try {
      CodedInputStream in = whole.getValue().newCodedInput();
      in.setRecursionLimit(DEEPEST);
      return Plan.parseFrom(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean process(byte[] command, SparkConnectPlanner planner) {
    try {
      Any whole = Any.parseFrom(command);
      if (!whole.getTypeUrl().equals(TYPE)) {
        return false;
      }
      ExecuteHolder operation = planner.executeHolderOpt().get();
      Plan plan = plan(whole);
      ConnectOperations.find(operation.jobTag())
          .orElseThrow(
              () ->
                  new TarnException(
                      ErrorCode.INVALID_STATE,
                      "40000",
                      "The operation was lost. Run it again.",
                      null))
          .run(
              operation.jobTag(),
              operation.session(),
              produced -> {
                if (plan.hasRoot()) {
                  new BoundedResults(operation).send(planner, plan.getRoot(), produced);
                } else {
                  run(planner, plan.getCommand(), operation);
                }
              });
      return true;
    } catch (Exception e) {
      throw GovernedPlans.<RuntimeException>as(e);
    }
  }

  private static void run(SparkConnectPlanner planner, Command command, ExecuteHolder operation)
      throws Exception {
    Runnable process = () -> planner.process(command, operation.responseObserver());
    if (command.hasCreateDataframeView()) {
      TemporaryViews.make(planner, command.getCreateDataframeView(), process);
    } else {
      process.run();
    }
    if (operation.eventsManager().status().equals(ExecuteStatus.Finished$.MODULE$)) {
      // Spark says so once more after this, and takes twice for an error.
      operation.eventsManager().status_(ExecuteStatus.ReadyForExecution$.MODULE$);
    }
  }

  /** Spark tells its client of any exception what it is. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E as(Throwable failure) throws E {
    throw (E) failure;
  }
}
