package dev.tarn.acceptance.sdk;

import static dev.tarn.acceptance.sdk.SdkClient.all;
import static dev.tarn.acceptance.sdk.SdkClient.print;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.catalog.CreateEntityTagAssignmentRequest;
import com.databricks.sdk.service.catalog.EntityTagAssignment;
import com.databricks.sdk.service.catalog.EntityTagAssignmentsAPI;
import com.databricks.sdk.service.catalog.ListEntityTagAssignmentsRequest;
import com.databricks.sdk.service.catalog.UpdateEntityTagAssignmentRequest;
import com.databricks.sdk.service.tags.CreateTagPolicyRequest;
import com.databricks.sdk.service.tags.ListTagPoliciesRequest;
import com.databricks.sdk.service.tags.TagPoliciesAPI;
import com.databricks.sdk.service.tags.TagPolicy;
import com.databricks.sdk.service.tags.UpdateTagPolicyRequest;
import com.databricks.sdk.service.tags.Value;
import java.util.Arrays;
import java.util.List;

/** Every method of the SDK's services {@code entityTagAssignments} and {@code tagPolicies}. */
final class TagSteps {
  private static final String TYPE = "schemas";
  private static final String NAME = "main.default";

  private final EntityTagAssignmentsAPI tags;
  private final TagPoliciesAPI policies;

  TagSteps(WorkspaceClient client) {
    this.tags = client.entityTagAssignments();
    this.policies = client.tagPolicies();
  }

  private EntityTagAssignment create(String key, String value) {
    return tags.create(
        new CreateEntityTagAssignmentRequest()
            .setTagAssignment(
                new EntityTagAssignment()
                    .setEntityType(TYPE)
                    .setEntityName(NAME)
                    .setTagKey(key)
                    .setTagValue(value)));
  }

  private EntityTagAssignment update(String key, String value) {
    return tags.update(
        new UpdateEntityTagAssignmentRequest()
            .setEntityType(TYPE)
            .setEntityName(NAME)
            .setTagKey(key)
            .setTagAssignment(new EntityTagAssignment().setTagValue(value))
            .setUpdateMask("tag_value"));
  }

  private static List<Value> values(String... names) {
    return Arrays.stream(names).map(name -> new Value().setName(name)).toList();
  }

  private static List<String> names(TagPolicy policy) {
    return policy.getValues().stream().map(Value::getName).toList();
  }

  private void printPolicies() {
    print(
        "policies",
        all(policies.listTagPolicies(new ListTagPoliciesRequest())).stream()
            .map(TagPolicy::getTagKey)
            .toList());
  }

  private List<String> keys() {
    return all(
            tags.list(
                new ListEntityTagAssignmentsRequest()
                    .setEntityType(TYPE)
                    .setEntityName(NAME)
                    .setMaxResults(1L)))
        .stream()
        .map(EntityTagAssignment::getTagKey)
        .toList();
  }

  /** In the order of a tag's life. */
  void life() {
    policies.createTagPolicy(
        new CreateTagPolicyRequest()
            .setTagPolicy(new TagPolicy().setTagKey("level").setValues(values("high", "low"))));
    TagPolicy policy = policies.getTagPolicy("level");
    print("policy", policy.getTagKey() + ' ' + names(policy));
    printPolicies();
    TagPolicy changed =
        policies.updateTagPolicy(
            new UpdateTagPolicyRequest()
                .setTagKey("level")
                .setTagPolicy(
                    new TagPolicy()
                        .setDescription("how secret")
                        .setValues(values("high", "low", "none")))
                .setUpdateMask("description,values"));
    print("changed", names(changed) + " " + changed.getDescription());

    create("level", "high");
    create("team", null);
    EntityTagAssignment made = tags.get(TYPE, NAME, "level");
    print(
        "made",
        made.getTagKey()
            + '='
            + made.getTagValue()
            + ' '
            + made.getUpdatedBy()
            + ' '
            + (made.getUpdateTime().getSeconds() > 0));
    EntityTagAssignment updated = update("level", "low");
    print("updated", updated.getTagKey() + '=' + updated.getTagValue());
    print("listed", keys());
    try {
      update("level", "unheard of");
    } catch (DatabricksError e) {
      print("refused", e.getErrorCode());
    }
    tags.delete(TYPE, NAME, "level");
    print("left", keys());
    policies.deleteTagPolicy("level");
    printPolicies();
    tags.get(TYPE, NAME, "level"); // Ends with an error.
  }
}
