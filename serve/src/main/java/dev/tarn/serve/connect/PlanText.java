package dev.tarn.serve.connect;

import org.apache.spark.connect.proto.Command;
import org.apache.spark.connect.proto.Plan;
import org.apache.spark.connect.proto.Read;
import org.apache.spark.connect.proto.Relation;
import org.apache.spark.connect.proto.SQL;
import org.apache.spark.connect.proto.SqlCommand;
import org.apache.spark.connect.proto.WithRelations;
import org.sparkproject.connect.protobuf.Descriptors.FieldDescriptor;
import org.sparkproject.connect.protobuf.Message;

/** What an operation does, for people to read: its SQL, or the names of its steps. */
final class PlanText {
  private static final int MOST_STEPS = 20;

  private PlanText() {}

  static String of(Plan plan) {
    if (plan.hasRoot()) {
      String sql = sql(plan.getRoot());
      return sql == null ? "DataFrame: " + steps(plan.getRoot()) : sql;
    }
    Command command = plan.getCommand();
    if (command.hasSqlCommand()) {
      String sql = sql(command.getSqlCommand().getInput());
      // The field from before there was an input, which the client for the JVM still fills.
      FieldDescriptor before = SqlCommand.getDescriptor().findFieldByName("sql");
      return sql == null ? (String) command.getSqlCommand().getField(before) : sql;
    }
    return "DataFrame: " + steps(command);
  }

  private static String sql(Relation relation) {
    if (relation.hasSql()) {
      return relation.getSql().getQuery();
    }
    if (relation.hasWithRelations()) {
      return sql(relation.getWithRelations().getRoot());
    }
    return null;
  }

  /** Such as {@code filter < aggregate < table main.default.t}, without any value. */
  private static String steps(Message outermost) {
    StringBuilder text = new StringBuilder();
    Message at = outermost;
    for (int i = 0; at != null && i < MOST_STEPS; i++) {
      FieldDescriptor kind = kind(at);
      if (kind == null) {
        break;
      }
      Message step = (Message) at.getField(kind);
      text.append(text.isEmpty() ? "" : " < ").append(kind.getName());
      if (step instanceof Read read && read.hasNamedTable()) {
        text.append(' ').append(read.getNamedTable().getUnparsedIdentifier());
      } else if (step instanceof SQL sql) {
        text.append(' ').append(sql.getQuery());
      }
      at = input(step);
    }
    return text.toString();
  }

  private static FieldDescriptor kind(Message message) {
    return message.getAllFields().keySet().stream()
        .filter(field -> field.getContainingOneof() != null)
        .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
        .findFirst()
        .orElse(null);
  }

  private static Message input(Message step) {
    if (step instanceof WithRelations with) {
      return with.getRoot();
    }
    return step.getAllFields().values().stream()
        .filter(Relation.class::isInstance)
        .map(Message.class::cast)
        .findFirst()
        .orElse(null);
  }
}
