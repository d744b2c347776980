package dev.tarn.acceptance.sdk;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.iam.ComplexValue;
import com.databricks.sdk.service.iam.CreateGroupRequest;
import com.databricks.sdk.service.iam.CreateServicePrincipalRequest;
import com.databricks.sdk.service.iam.CreateUserRequest;
import com.databricks.sdk.service.iam.Group;
import com.databricks.sdk.service.iam.ListGroupsRequest;
import com.databricks.sdk.service.iam.ListServicePrincipalsRequest;
import com.databricks.sdk.service.iam.ListUsersRequest;
import com.databricks.sdk.service.iam.MeRequest;
import com.databricks.sdk.service.iam.Patch;
import com.databricks.sdk.service.iam.PatchGroupRequest;
import com.databricks.sdk.service.iam.PatchOp;
import com.databricks.sdk.service.iam.PatchServicePrincipalRequest;
import com.databricks.sdk.service.iam.PatchUserRequest;
import com.databricks.sdk.service.iam.ServicePrincipal;
import com.databricks.sdk.service.iam.UpdateGroupRequest;
import com.databricks.sdk.service.iam.UpdateServicePrincipalRequest;
import com.databricks.sdk.service.iam.UpdateUserRequest;
import com.databricks.sdk.service.iam.User;
import com.databricks.sdk.service.oauth2.CreateServicePrincipalSecretRequest;
import com.databricks.sdk.service.oauth2.CreateServicePrincipalSecretResponse;
import com.databricks.sdk.service.settings.CreateOboTokenRequest;
import com.databricks.sdk.service.settings.CreateTokenRequest;
import com.databricks.sdk.service.settings.CreateTokenResponse;
import com.databricks.sdk.service.settings.ListTokenManagementRequest;
import com.databricks.sdk.service.settings.PublicTokenInfo;
import com.databricks.sdk.service.settings.UpdateTokenRequest;
import com.databricks.sdk.service.sql.ListWarehousesRequest;
import com.google.protobuf.FieldMask;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * A stranger's program: runs in a process of its own, whose class path holds this class and the
 * unmodified Databricks SDK for Java with what it needs.
 *
 * <p>Host and credentials come from the SDK's own variables ({@code DATABRICKS_HOST}, {@code
 * DATABRICKS_TOKEN}, {@code DATABRICKS_CLIENT_ID} …). Each argument is a step. Prints {@code
 * name<tab>value} lines; ends with 0, or with 1 and {@code exception<tab>error code<tab>message} on
 * stderr.
 */
public final class SdkClient {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private final WorkspaceClient client;

  private SdkClient(WorkspaceClient client) {
    this.client = client;
  }

  public static void main(String[] steps) {
    try {
      SdkClient program = new SdkClient(new WorkspaceClient(new DatabricksConfig()));
      for (String step : steps) {
        program.run(step);
      }
    } catch (DatabricksError e) {
      System.err.println(
          e.getClass().getSimpleName() + '\t' + e.getErrorCode() + '\t' + e.getMessage());
      System.exit(1);
    } catch (RuntimeException | ReflectiveOperationException e) {
      e.printStackTrace();
      System.exit(2);
    }
    System.exit(0);
  }

  private void run(String step) throws ReflectiveOperationException {
    int space = step.indexOf(' ');
    String verb = space < 0 ? step : step.substring(0, space);
    String rest = space < 0 ? "" : step.substring(space + 1);
    switch (verb) {
      case "me" -> print("me", client.currentUser().me(new MeRequest()).getUserName());
      case "warehouses" ->
          client
              .warehouses()
              .list(new ListWarehousesRequest())
              .forEach(warehouse -> print("warehouse", warehouse.getId()));
      case "sql" -> new StatementSteps(client).sql(rest);
      case "links" -> new StatementSteps(client).links(rest);
      case "chunks" -> new StatementSteps(client).chunks(rest);
      case "cancel" -> new StatementSteps(client).cancel(rest);
      case "metrics" -> new StatementSteps(client).metrics();
      case "queries" -> new StatementSteps(client).queries();
      case "warehouse-life" -> new WarehouseSteps(client).life();
      case "tag-life" -> new TagSteps(client).life();
      case "policy-life" -> new PolicySteps(client).life();
      case "constraint-life" -> new PolicySteps(client).constraints();
      case "securable-life" -> new SecurableSteps(client).life(rest);
      case "securable-refused" -> new SecurableSteps(client).refused();
      case "securable-others" -> new SecurableSteps(client).others();
      case "securable-end" -> new SecurableSteps(client).end();
      case "every-method" -> new MethodSteps(client).everyMethod();
      case "location-life" -> new LocationSteps(client).life();
      case "tokens" -> tokens();
      case "managed-tokens" -> managedTokens(rest);
      case "users" -> users();
      case "groups" -> groups();
      case "service-principals" -> servicePrincipals();
      case "new-service-principal" -> newServicePrincipal(rest);
      default -> throw new IllegalArgumentException("No such step: " + verb);
    }
  }

  static void print(String name, Object value) {
    OUT.println(name + '\t' + value);
  }

  static <T> List<T> all(Iterable<T> pages) {
    return StreamSupport.stream(pages.spliterator(), false).toList();
  }

  private void tokens() {
    CreateTokenResponse made =
        client
            .tokens()
            .create(new CreateTokenRequest().setComment("from the SDK").setLifetimeSeconds(600L));
    String id = made.getTokenInfo().getTokenId();
    print("made", made.getTokenValue().startsWith("dapi"));
    client
        .tokens()
        .update(
            new UpdateTokenRequest()
                .setTokenId(id)
                .setToken(new PublicTokenInfo().setComment("renamed"))
                .setUpdateMask(FieldMask.newBuilder().addPaths("comment").build()));
    all(client.tokens().list()).stream()
        .filter(token -> token.getTokenId().equals(id))
        .forEach(
            token ->
                print(
                    "listed",
                    token.getComment() + ' ' + (token.getExpiryTime() - token.getCreationTime())));
    client.tokens().delete(id);
    print(
        "left",
        all(client.tokens().list()).stream().filter(t -> t.getTokenId().equals(id)).count());
  }

  private void managedTokens(String applicationId) {
    String id =
        client
            .tokenManagement()
            .createOboToken(
                new CreateOboTokenRequest()
                    .setApplicationId(applicationId)
                    .setComment("on behalf of")
                    .setLifetimeSeconds(60L))
            .getTokenInfo()
            .getTokenId();
    var info = client.tokenManagement().get(id).getTokenInfo();
    print("managed", info.getComment() + " by " + info.getCreatedByUsername());
    print(
        "filtered",
        all(
                client
                    .tokenManagement()
                    .list(new ListTokenManagementRequest().setCreatedByUsername("admin")))
            .stream()
            .anyMatch(token -> token.getTokenId().equals(id)));
    client.tokenManagement().delete(id);
    print(
        "left",
        all(client.tokenManagement().list(new ListTokenManagementRequest())).stream()
            .filter(token -> token.getTokenId().equals(id))
            .count());
  }

  private void users() {
    User made =
        client
            .usersV2()
            .create(new CreateUserRequest().setUserName("Bo@Lake.example").setDisplayName("Bo"));
    print("made", made.getUserName() + ' ' + made.getDisplayName() + ' ' + made.getActive());
    client
        .usersV2()
        .patch(
            new PatchUserRequest()
                .setId(made.getId())
                .setOperations(
                    List.of(new Patch().setOp(PatchOp.REPLACE).setPath("active").setValue(false))));
    print("patched", client.usersV2().get(made.getId()).getActive());
    client
        .usersV2()
        .update(
            new UpdateUserRequest()
                .setId(made.getId())
                .setUserName("bo@lake.example")
                .setDisplayName("Bo B.")
                .setActive(true));
    List<User> found =
        all(
            client
                .usersV2()
                .list(new ListUsersRequest().setFilter("userName eq \"bo@lake.example\"")));
    found.forEach(user -> print("found", user.getDisplayName() + ' ' + user.getActive()));
    client.usersV2().delete(made.getId());
    print(
        "users",
        all(client.users().list(new ListUsersRequest())).stream()
            .filter(user -> user.getId().equals(made.getId()))
            .count());
  }

  private void groups() {
    User member = client.usersV2().create(new CreateUserRequest().setUserName("gus"));
    Group made =
        client
            .groupsV2()
            .create(
                new CreateGroupRequest()
                    .setDisplayName("crew")
                    .setMembers(List.of(new ComplexValue().setValue(member.getId()))));
    print("made", made.getDisplayName() + ' ' + made.getMembers().size());
    print("belongs", client.users().get(member.getId()).getGroups().iterator().next().getDisplay());
    patchGroup(
        made,
        new Patch().setOp(PatchOp.REMOVE).setPath("members[value eq \"" + member.getId() + "\"]"));
    print("removed", size(made));
    patchGroup(
        made,
        new Patch()
            .setOp(PatchOp.ADD)
            .setPath("members")
            .setValue(List.of(new ComplexValue().setValue(member.getId()))));
    print("added", size(made));
    client
        .groupsV2()
        .update(
            new UpdateGroupRequest()
                .setId(made.getId())
                .setDisplayName("crew")
                .setMembers(List.of()));
    print("emptied", size(made));
    client.groupsV2().delete(made.getId());
    client.usersV2().delete(member.getId());
    print(
        "groups",
        all(client.groups().list(new ListGroupsRequest())).stream()
            .filter(group -> group.getId().equals(made.getId()))
            .count());
  }

  private void patchGroup(Group group, Patch patch) {
    client
        .groupsV2()
        .patch(new PatchGroupRequest().setId(group.getId()).setOperations(List.of(patch)));
  }

  private int size(Group group) {
    var members = client.groupsV2().get(group.getId()).getMembers();
    return members == null ? 0 : members.size();
  }

  private void servicePrincipals() {
    ServicePrincipal made =
        client
            .servicePrincipalsV2()
            .create(new CreateServicePrincipalRequest().setDisplayName("Loader"));
    print("made", made.getDisplayName() + ' ' + made.getActive());
    client
        .servicePrincipalsV2()
        .patch(
            new PatchServicePrincipalRequest()
                .setId(made.getId())
                .setOperations(
                    List.of(
                        new Patch()
                            .setOp(PatchOp.REPLACE)
                            .setPath("displayName")
                            .setValue("Night loader"))));
    print("patched", client.servicePrincipalsV2().get(made.getId()).getDisplayName());
    client
        .servicePrincipalsV2()
        .update(
            new UpdateServicePrincipalRequest()
                .setId(made.getId())
                .setApplicationId(made.getApplicationId())
                .setDisplayName("Day loader")
                .setActive(true));
    all(client
            .servicePrincipals()
            .list(
                new ListServicePrincipalsRequest()
                    .setFilter("applicationId eq " + made.getApplicationId())))
        .forEach(principal -> print("found", principal.getDisplayName()));
    var secrets = client.servicePrincipalSecretsProxy();
    CreateServicePrincipalSecretResponse secret =
        secrets.create(
            new CreateServicePrincipalSecretRequest()
                .setServicePrincipalId(made.getId())
                .setLifetime("3600s"));
    print("secret", secret.getSecret().startsWith("dose") + " " + secret.getStatus());
    all(secrets.list(made.getId()))
        .forEach(info -> print("listed", info.getId().equals(secret.getId())));
    secrets.delete(made.getId(), secret.getId());
    print("secrets", all(secrets.list(made.getId())).size());
    client.servicePrincipalsV2().delete(made.getId());
    client.servicePrincipalsV2().get(made.getId()); // Ends with an error.
  }

  private void newServicePrincipal(String displayName) {
    ServicePrincipal made =
        client
            .servicePrincipalsV2()
            .create(new CreateServicePrincipalRequest().setDisplayName(displayName));
    print("id", made.getId());
    print("application-id", made.getApplicationId());
    print(
        "secret",
        client
            .servicePrincipalSecretsProxy()
            .create(new CreateServicePrincipalSecretRequest().setServicePrincipalId(made.getId()))
            .getSecret());
  }
}
