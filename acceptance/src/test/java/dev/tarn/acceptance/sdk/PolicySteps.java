package dev.tarn.acceptance.sdk;

import static dev.tarn.acceptance.sdk.SdkClient.all;
import static dev.tarn.acceptance.sdk.SdkClient.print;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.catalog.ColumnMaskOptions;
import com.databricks.sdk.service.catalog.CreateEntityTagAssignmentRequest;
import com.databricks.sdk.service.catalog.CreatePolicyRequest;
import com.databricks.sdk.service.catalog.CreateTableConstraint;
import com.databricks.sdk.service.catalog.DeleteTableConstraintRequest;
import com.databricks.sdk.service.catalog.EntityTagAssignment;
import com.databricks.sdk.service.catalog.ForeignKeyConstraint;
import com.databricks.sdk.service.catalog.FunctionArgument;
import com.databricks.sdk.service.catalog.ListPoliciesRequest;
import com.databricks.sdk.service.catalog.MatchColumn;
import com.databricks.sdk.service.catalog.PolicyInfo;
import com.databricks.sdk.service.catalog.PolicyType;
import com.databricks.sdk.service.catalog.PrimaryKeyConstraint;
import com.databricks.sdk.service.catalog.SecurableType;
import com.databricks.sdk.service.catalog.TableConstraint;
import com.databricks.sdk.service.catalog.UpdatePolicyRequest;
import com.databricks.sdk.service.tags.CreateTagPolicyRequest;
import com.databricks.sdk.service.tags.TagPolicy;
import java.util.List;

/** Every method of the SDK's services {@code policies} and {@code tableConstraints}. */
final class PolicySteps {
  private static final String ON = "main.default";
  private static final String STAFF = "main.default.staff";
  private static final String BADGES = "main.default.badges";

  private final WorkspaceClient client;

  PolicySteps(WorkspaceClient client) {
    this.client = client;
  }

  /** In the order of a key's life. */
  void constraints() {
    PrimaryKeyConstraint key =
        client
            .tableConstraints()
            .create(
                new CreateTableConstraint()
                    .setFullNameArg(STAFF)
                    .setConstraint(
                        new TableConstraint()
                            .setPrimaryKeyConstraint(
                                new PrimaryKeyConstraint()
                                    .setName("staff_key")
                                    .setChildColumns(List.of("id"))
                                    .setRely(true))))
            .getPrimaryKeyConstraint();
    print("key", key.getName() + ' ' + key.getChildColumns() + ' ' + key.getRely());
    ForeignKeyConstraint reference =
        client
            .tableConstraints()
            .create(
                new CreateTableConstraint()
                    .setFullNameArg(BADGES)
                    .setConstraint(
                        new TableConstraint()
                            .setForeignKeyConstraint(
                                new ForeignKeyConstraint()
                                    .setChildColumns(List.of("staff"))
                                    .setParentTable(STAFF)
                                    .setParentColumns(List.of("id")))))
            .getForeignKeyConstraint();
    print(
        "reference",
        reference.getName()
            + ' '
            + reference.getChildColumns()
            + ' '
            + reference.getParentTable()
            + ' '
            + reference.getParentColumns());
    print("shown", client.tables().get(BADGES).getTableConstraints().size());
    DeleteTableConstraintRequest delete =
        new DeleteTableConstraintRequest().setFullName(STAFF).setConstraintName("staff_key");
    try {
      client.tableConstraints().delete(delete.setCascade(false));
    } catch (DatabricksError e) {
      print("refused", e.getErrorCode());
    }
    client.tableConstraints().delete(delete.setCascade(true));
    var left = client.tables().get(BADGES).getTableConstraints();
    print("shown", left == null ? 0 : left.size());
  }

  private static PolicyInfo policy() {
    return new PolicyInfo()
        .setName("stars")
        .setOnSecurableType(SecurableType.SCHEMA)
        .setOnSecurableFullname(ON)
        .setForSecurableType(SecurableType.TABLE)
        .setPolicyType(PolicyType.POLICY_TYPE_COLUMN_MASK)
        .setToPrincipals(List.of("account users"))
        .setMatchColumns(List.of(new MatchColumn().setCondition("has_tag('secret')").setAlias("s")))
        .setColumnMask(
            new ColumnMaskOptions()
                .setFunctionName("main.default.stars")
                .setOnColumn("s")
                .setUsing(List.of(new FunctionArgument().setConstant("'***'"))));
  }

  private List<String> names(String type, String name, boolean inherited) {
    return all(
            client
                .policies()
                .listPolicies(
                    new ListPoliciesRequest()
                        .setOnSecurableType(type)
                        .setOnSecurableFullname(name)
                        .setIncludeInherited(inherited)))
        .stream()
        .map(PolicyInfo::getName)
        .toList();
  }

  private void read() {
    new StatementSteps(client).sql("SELECT ssn FROM " + STAFF);
  }

  /** In the order of a policy's life. */
  void life() {
    client
        .tagPolicies()
        .createTagPolicy(
            new CreateTagPolicyRequest().setTagPolicy(new TagPolicy().setTagKey("secret")));
    client
        .entityTagAssignments()
        .create(
            new CreateEntityTagAssignmentRequest()
                .setTagAssignment(
                    new EntityTagAssignment()
                        .setEntityType("columns")
                        .setEntityName(STAFF + ".ssn")
                        .setTagKey("secret")));
    client.policies().createPolicy(new CreatePolicyRequest().setPolicyInfo(policy()));
    PolicyInfo made = client.policies().getPolicy("SCHEMA", ON, "stars");
    print(
        "made",
        made.getPolicyType()
            + " "
            + made.getOnSecurableType()
            + ' '
            + made.getOnSecurableFullname()
            + ' '
            + made.getToPrincipals());
    read();
    print("listed", names("SCHEMA", ON, false));
    print("inherited", names("TABLE", STAFF, true));
    PolicyInfo changed =
        client
            .policies()
            .updatePolicy(
                new UpdatePolicyRequest()
                    .setOnSecurableType("SCHEMA")
                    .setOnSecurableFullname(ON)
                    .setName("stars")
                    .setUpdateMask("comment,except_principals")
                    .setPolicyInfo(
                        new PolicyInfo()
                            .setComment("not personnel")
                            .setExceptPrincipals(List.of("admin"))
                            .setToPrincipals(List.of("account users"))
                            .setForSecurableType(SecurableType.TABLE)
                            .setPolicyType(PolicyType.POLICY_TYPE_COLUMN_MASK)));
    print("changed", changed.getComment() + ' ' + changed.getExceptPrincipals());
    read();
    client.policies().deletePolicy("SCHEMA", ON, "stars");
    print("left", names("SCHEMA", ON, true).size());
    client.policies().getPolicy("SCHEMA", ON, "stars"); // Ends with an error.
  }
}
