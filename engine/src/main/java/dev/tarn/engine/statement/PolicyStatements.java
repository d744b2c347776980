package dev.tarn.engine.statement;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.abac.AccessPolicies;
import dev.tarn.govern.abac.AccessPolicy;
import dev.tarn.govern.abac.PolicyDefinition;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Carries out the statements on policies by attributes. */
record PolicyStatements(SessionContext context) {
  static boolean isOne(Statement statement) {
    return statement instanceof Statement.CreatePolicy
        || statement instanceof Statement.DropPolicy
        || statement instanceof Statement.ShowPolicies
        || statement instanceof Statement.DescribePolicy;
  }

  List<Row> run(Statement statement) {
    AccessPolicies policies = context.policies();
    if (statement instanceof Statement.CreatePolicy s) {
      policies.create(context.principal(), s.on(), s.name(), s.definition(), s.replace());
    } else if (statement instanceof Statement.DropPolicy s) {
      drop(s);
    } else if (statement instanceof Statement.ShowPolicies s) {
      return policies.list(context.principal(), s.on(), s.effective()).stream()
          .map(
              each ->
                  RowFactory.create(
                      each.name(),
                      each.definition().kind().name(),
                      each.on().type().name(),
                      each.on().fullName()))
          .toList();
    } else if (statement instanceof Statement.DescribePolicy s) {
      return described(policies.get(context.principal(), s.on(), s.name()));
    }
    return List.of();
  }

  private void drop(Statement.DropPolicy s) {
    try {
      context.policies().delete(context.principal(), s.on(), s.name());
    } catch (TarnException e) {
      if (!s.ifExists() || e.code() != ErrorCode.RESOURCE_DOES_NOT_EXIST) {
        throw e;
      }
    }
  }

  private static List<Row> described(AccessPolicy policy) {
    PolicyDefinition definition = policy.definition();
    List<Row> rows = new ArrayList<>();
    rows.add(RowFactory.create("Name", policy.name()));
    rows.add(RowFactory.create("On Securable Type", policy.on().type().name()));
    rows.add(RowFactory.create("On Securable", policy.on().fullName()));
    rows.add(RowFactory.create("Policy Type", definition.kind().name()));
    rows.add(RowFactory.create("Comment", text(definition.comment())));
    rows.add(RowFactory.create("To Principals", String.join(", ", definition.to())));
    rows.add(RowFactory.create("Except Principals", String.join(", ", definition.except())));
    rows.add(RowFactory.create("For Securable Type", "TABLE"));
    rows.add(RowFactory.create("When Condition", text(definition.when())));
    rows.add(
        RowFactory.create(
            "Match Columns",
            definition.matches().stream()
                .map(m -> m.condition() + (m.alias() == null ? "" : " AS " + m.alias()))
                .collect(Collectors.joining(", "))));
    rows.add(RowFactory.create("Function Name", definition.functionName()));
    rows.add(RowFactory.create("On Column", text(definition.onColumn())));
    rows.add(
        RowFactory.create(
            "Using Columns",
            definition.using().stream()
                .map(a -> a.alias() == null ? a.constant() : a.alias())
                .collect(Collectors.joining(", "))));
    rows.add(RowFactory.create("Created By", policy.createdBy()));
    rows.add(RowFactory.create("Created At", Instant.ofEpochMilli(policy.createdAt()).toString()));
    rows.add(RowFactory.create("Updated By", policy.updatedBy()));
    rows.add(RowFactory.create("Updated At", Instant.ofEpochMilli(policy.updatedAt()).toString()));
    return rows;
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }
}
