package dev.tarn.govern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.abac.AccessPolicy;
import dev.tarn.govern.abac.PolicyDefinition;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.FunctionDefinition;
import dev.tarn.govern.catalog.FunctionParameter;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableChange;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.catalog.ViewContext;
import dev.tarn.govern.constraints.TableConstraint;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.govern.tags.TagAssignment;
import dev.tarn.govern.tags.TaggedEntity;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.platform.identity.directory.PrincipalChange;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tags, constraints and policies promise, over whichever database holds them. */
abstract class AttributesContract {
  static final SchemaName SALES = new SchemaName("main", "sales");
  static final EntityName ORDERS = SALES.child("orders");
  static final Securable TABLE = Securable.table(ORDERS);
  static final TaggedEntity TAGGED = TaggedEntity.of(TABLE);

  @TempDir Path data;
  Platform platform;
  Govern govern;
  Principal admin;
  Principal ann;

  abstract DatabaseConfig newDatabase();

  @BeforeEach
  void open() {
    platform = new Platform(data, newDatabase(), Govern.MIGRATIONS);
    govern = new Govern(platform.database(), platform.identity()::exists, data + "/storage");
    admin = platform.identity().principal("admin");
    govern.bootstrap(admin);
    platform
        .identity()
        .directory()
        .createUser(admin, "ann", PrincipalChange.none(), List.of("Analysts"));
    ann = platform.identity().principal("ann");
    govern.schemas().create(admin, SALES, null, Map.of());
    table(ORDERS, column("id", 0, false), column("Ssn", 1, true));
  }

  @AfterEach
  void close() {
    platform.close();
  }

  static ColumnInfo column(String name, int position, boolean nullable) {
    return new ColumnInfo(name, "bigint", "\"long\"", position, nullable, null);
  }

  void table(EntityName name, ColumnInfo... columns) {
    govern
        .tables()
        .register(
            admin,
            new NewTable(
                name,
                TableType.MANAGED,
                "DELTA",
                govern.locations().newTable(),
                null,
                List.of(columns),
                Map.of(),
                null));
  }

  void columnsNow(ColumnInfo... columns) {
    govern
        .tables()
        .update(
            admin,
            ORDERS,
            new TableChange(
                Optional.empty(),
                Optional.empty(),
                Optional.of(List.of(columns)),
                Optional.empty()));
  }

  void grant(Securable on, Privilege... privileges) {
    govern.grants().grant(admin, on, "ann", Set.of(privileges));
  }

  static void fails(ErrorCode code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  private List<String> tags(TaggedEntity entity) {
    return govern.tags().list(admin, entity).stream()
        .map(tag -> tag.entity().name() + ' ' + tag.key() + '=' + tag.value())
        .toList();
  }

  @Test
  void tags_are_made_once_changed_and_taken_off() {
    TagAssignment made = govern.tags().create(admin, TAGGED, "cost", "high");
    assertThat(made.updatedBy()).isEqualTo("admin");
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "cost",
        () -> govern.tags().create(admin, TAGGED, "cost", "low"));
    govern.tags().update(admin, TAGGED, "cost", null);
    govern.tags().set(admin, TAGGED, Map.of("Cost", "x", "cost", "low"));
    assertThat(tags(TAGGED))
        .containsExactlyInAnyOrder("main.sales.orders Cost=x", "main.sales.orders cost=low");
    govern.tags().unset(admin, TAGGED, List.of("Cost", "nosuch"));
    govern.tags().delete(admin, TAGGED, "cost");
    fails(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "cost",
        () -> govern.tags().delete(admin, TAGGED, "cost"));
    fails(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "cost",
        () -> govern.tags().update(admin, TAGGED, "cost", "x"));
    assertThat(tags(TAGGED)).isEmpty();
  }

  @Test
  void tags_have_their_limits() {
    for (String key :
        List.of("", "a.b", "a,b", "a-b", "a=b", "a/b", "a:b", " a", "a\n", "k".repeat(256))) {
      fails(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "key",
          () -> govern.tags().create(admin, TAGGED, key, "v"));
    }
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "1000",
        () -> govern.tags().create(admin, TAGGED, "k", "v".repeat(1001)));
    for (int i = 0; i < 50; i++) {
      govern.tags().create(admin, TAGGED, "k" + i, "a-b.c=d");
    }
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "50",
        () -> govern.tags().create(admin, TAGGED, "k50", "v"));
    assertThat(tags(TAGGED)).hasSize(50);
  }

  @Test
  void applying_needs_its_privilege_and_use_of_what_it_lies_in() {
    fails(
        ErrorCode.PERMISSION_DENIED,
        "USE CATALOG",
        () -> govern.tags().create(ann, TAGGED, "k", "v"));
    grant(Securable.catalog("main"), Privilege.USE_CATALOG, Privilege.USE_SCHEMA, Privilege.SELECT);
    fails(
        ErrorCode.PERMISSION_DENIED,
        "APPLY TAG",
        () -> govern.tags().create(ann, TAGGED, "k", "v"));
    grant(Securable.schema(SALES), Privilege.APPLY_TAG);
    govern.tags().create(ann, TAGGED, "k", "v");
    govern.tags().create(ann, TaggedEntity.column(TABLE, "ssn"), "pii", null);
    fails(
        ErrorCode.PERMISSION_DENIED,
        "APPLY TAG",
        () -> govern.tags().create(ann, TaggedEntity.of(Securable.catalog("main")), "k", "v"));
    fails(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "nosuch",
        () -> govern.tags().create(ann, TaggedEntity.column(TABLE, "nosuch"), "k", "v"));
    fails(
        ErrorCode.TABLE_DOES_NOT_EXIST,
        "nosuch",
        () ->
            govern
                .tags()
                .create(ann, TaggedEntity.of(Securable.table(SALES.child("nosuch"))), "k", "v"));
  }

  @Test
  void tags_are_seen_by_those_who_see_what_they_are_on() {
    govern.tags().create(admin, TAGGED, "k", "v");
    govern.tags().create(admin, TaggedEntity.column(TABLE, "ssn"), "pii", "yes");
    fails(ErrorCode.PERMISSION_DENIED, "USE CATALOG", () -> govern.tags().list(ann, TAGGED));
    assertThat(govern.tags().within(ann, SecurableType.TABLE, "main")).isEmpty();
    grant(Securable.catalog("main"), Privilege.BROWSE);
    assertThat(govern.tags().get(ann, TAGGED, "k").value()).isEqualTo("v");
    assertThat(govern.tags().within(ann, SecurableType.TABLE, "main"))
        .extracting(tag -> tag.entity().name())
        .containsExactlyInAnyOrder("main.sales.orders", "main.sales.orders.Ssn");
    assertThat(govern.tags().within(ann, SecurableType.TABLE, "mai")).isEmpty();
  }

  @Test
  void tags_follow_what_they_are_on() {
    TaggedEntity ssn = TaggedEntity.column(TABLE, "SSN");
    govern.tags().create(admin, TAGGED, "k", "v");
    govern.tags().create(admin, ssn, "pii", "ssn");
    assertThat(tags(ssn)).containsExactly("main.sales.orders.Ssn pii=ssn");

    columnsNow(column("id", 0, false), column("SSN", 1, true));
    assertThat(tags(ssn)).containsExactly("main.sales.orders.SSN pii=ssn");
    govern.tags().renaming(ORDERS, "ssn", "number");
    assertThat(govern.tags().ofTable(ORDERS).column("ssn")).containsEntry("pii", "ssn");
    assertThat(govern.tags().ofTable(ORDERS).column("NUMBER")).containsEntry("pii", "ssn");
    columnsNow(column("id", 0, false), column("number", 1, true));
    assertThat(govern.tags().within(admin, SecurableType.TABLE, "main"))
        .extracting(tag -> tag.entity().name())
        .containsExactlyInAnyOrder("main.sales.orders", "main.sales.orders.number");

    EntityName renamed = SALES.child("renamed");
    govern.tables().rename(admin, ORDERS, renamed);
    assertThat(govern.tags().ofTable(renamed).table()).containsEntry("k", "v");
    assertThat(govern.tags().ofTable(ORDERS).table()).isEmpty();
    govern.tables().delete(admin, renamed);
    table(renamed, column("id", 0, false));
    assertThat(govern.tags().ofTable(renamed).table()).isEmpty();
    govern.tags().create(admin, TaggedEntity.of(Securable.table(renamed)), "again", null);
    govern.schemas().delete(admin, SALES, true);
    assertThat(govern.tags().within(admin, SecurableType.TABLE, "main")).isEmpty();
  }

  @Test
  void tables_inherit_tags_and_columns_do_not() {
    govern.tags().create(admin, TaggedEntity.of(Securable.catalog("main")), "region", "eu");
    govern.tags().create(admin, TaggedEntity.of(Securable.schema(SALES)), "region", "us");
    govern.tags().create(admin, TaggedEntity.of(Securable.schema(SALES)), "team", "x");
    assertThat(govern.tags().ofTable(ORDERS).table())
        .containsExactlyInAnyOrderEntriesOf(Map.of("region", "us", "team", "x"));
    govern.tags().create(admin, TAGGED, "region", "asia");
    assertThat(govern.tags().ofTable(ORDERS).table()).containsEntry("region", "asia");
    assertThat(govern.tags().ofTable(ORDERS).column("id")).isEmpty();
  }

  @Test
  void governed_tags_take_only_allowed_values_and_only_from_administrators() {
    grant(
        Securable.catalog("main"),
        Privilege.USE_CATALOG,
        Privilege.USE_SCHEMA,
        Privilege.APPLY_TAG);
    govern.tags().create(ann, TAGGED, "level", "anything");
    fails(
        ErrorCode.PERMISSION_DENIED,
        "CREATE",
        () -> govern.tagPolicies().create(ann, "level", null, List.of()));
    govern.tagPolicies().create(admin, "level", "how secret", List.of("high", "low"));
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "level",
        () -> govern.tagPolicies().create(admin, "level", null, List.of()));
    fails(
        ErrorCode.PERMISSION_DENIED,
        "ASSIGN",
        () -> govern.tags().update(ann, TAGGED, "level", "low"));
    fails(
        ErrorCode.PERMISSION_DENIED,
        "ASSIGN",
        () -> govern.tags().unset(ann, TAGGED, List.of("level")));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "high, low",
        () -> govern.tags().update(admin, TAGGED, "level", "middle"));
    govern.tags().update(admin, TAGGED, "level", "low");
    govern.tagPolicies().update(admin, "level", Optional.empty(), Optional.of(List.of("high")));
    assertThat(govern.tagPolicies().get("level").description()).isEqualTo("how secret");
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "takes: high",
        () -> govern.tags().update(admin, TAGGED, "level", "low"));
    govern.tagPolicies().delete(admin, "level");
    assertThat(govern.tagPolicies().list()).isEmpty();
    govern.tags().update(ann, TAGGED, "level", "mine");
  }

  private static TableConstraint key(EntityName table, String... columns) {
    return TableConstraint.primaryKey(table, null, List.of(columns), true);
  }

  private static TableConstraint reference(EntityName parent, String column) {
    return TableConstraint.foreignKey(ORDERS, null, List.of(column), parent, List.of(), false);
  }

  private List<String> constraints(EntityName table) {
    return govern.constraints().of(table).stream()
        .map(c -> c.name() + c.columns() + (c.parentTable() == null ? "" : c.parentColumns()))
        .toList();
  }

  @Test
  void keys_fit_the_columns_and_each_other() {
    EntityName people = SALES.child("people");
    table(people, column("Id", 0, false), column("name", 1, true));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "no primary key",
        () -> govern.constraints().add(admin, reference(people, "Ssn")));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "may be NULL",
        () -> govern.constraints().add(admin, key(people, "id", "name")));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "nosuch",
        () -> govern.constraints().add(admin, key(people, "nosuch")));
    TableConstraint made = govern.constraints().add(admin, key(people, "ID"));
    assertThat(made.name()).isEqualTo("people_pk");
    assertThat(made.columns()).containsExactly("Id");
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "people",
        () -> govern.constraints().add(admin, key(people, "id")));
    govern.constraints().add(admin, reference(people, "SSN"));
    govern.constraints().add(admin, reference(people, "id"));
    assertThat(constraints(ORDERS))
        .containsExactly("orders_people_fk[Ssn][Id]", "orders_people_fk_2[id][Id]");
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "not its primary key",
        () ->
            govern
                .constraints()
                .add(
                    admin,
                    TableConstraint.foreignKey(
                        ORDERS, "x", List.of("id"), people, List.of("name"), false)));
  }

  @Test
  void a_key_that_is_referred_to_is_dropped_with_what_refers_to_it_or_not_at_all() {
    EntityName people = SALES.child("people");
    table(people, column("id", 0, false));
    govern.constraints().add(admin, key(people, "id"));
    govern.constraints().add(admin, reference(people, "ssn"));
    fails(
        ErrorCode.RESOURCE_CONFLICT,
        "orders_people_fk",
        () -> govern.constraints().dropPrimaryKey(admin, people, false));
    govern.constraints().dropForeignKey(admin, ORDERS, List.of("SSN"));
    govern.constraints().add(admin, reference(people, "ssn"));
    govern.constraints().dropPrimaryKey(admin, people, true);
    assertThat(constraints(people)).isEmpty();
    assertThat(constraints(ORDERS)).isEmpty();
    fails(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "primary key",
        () -> govern.constraints().dropPrimaryKey(admin, people, true));
  }

  @Test
  void keys_follow_tables_and_columns() {
    EntityName people = SALES.child("people");
    EntityName humans = SALES.child("humans");
    table(people, column("id", 0, false));
    govern.constraints().add(admin, key(people, "id"));
    govern.constraints().add(admin, reference(people, "ssn"));
    govern.tables().rename(admin, people, humans);
    assertThat(govern.constraints().of(ORDERS).get(0).parentTable()).isEqualTo(humans);
    assertThat(constraints(humans)).containsExactly("people_pk[id]");
    govern.constraints().renamed(humans, "ID", "number");
    assertThat(constraints(humans)).containsExactly("people_pk[number]");
    assertThat(constraints(ORDERS)).containsExactly("orders_people_fk[Ssn][number]");
    columnsNow(column("id", 0, false));
    assertThat(constraints(ORDERS)).isEmpty();
    govern
        .tables()
        .update(
            admin,
            humans,
            new TableChange(
                Optional.empty(),
                Optional.empty(),
                Optional.of(List.of(column("number", 0, false))),
                Optional.empty()));
    govern.constraints().add(admin, reference(humans, "id"));
    govern.tables().delete(admin, humans);
    assertThat(constraints(ORDERS)).isEmpty();
  }

  @Test
  void keys_need_ownership_and_sight_of_what_they_refer_to() {
    EntityName people = SALES.child("people");
    table(people, column("id", 0, false));
    govern.constraints().add(admin, key(people, "id"));
    govern.constraints().add(admin, reference(people, "ssn"));
    grant(Securable.catalog("main"), Privilege.USE_CATALOG, Privilege.USE_SCHEMA);
    grant(TABLE, Privilege.SELECT, Privilege.MODIFY);
    fails(
        ErrorCode.PERMISSION_DENIED,
        "MANAGE",
        () -> govern.constraints().add(ann, key(ORDERS, "id")));
    List<EntityName> both = List.of(people, ORDERS);
    assertThat(govern.constraints().visible(ann, ORDERS)).isEmpty();
    assertThat(govern.constraints().visible(admin, both)).containsOnlyKeys(people, ORDERS);
    assertThat(govern.constraints().visible(ann, both).get(ORDERS)).isEmpty();
    assertThat(govern.constraints().within(ann, "main")).isEmpty();
    assertThat(govern.constraints().within(admin, "main")).hasSize(2);
    grant(TABLE, Privilege.MANAGE);
    fails(
        ErrorCode.PERMISSION_DENIED,
        "SELECT",
        () -> govern.constraints().add(ann, reference(people, "id")));
    grant(Securable.table(people), Privilege.SELECT);
    govern.constraints().add(ann, reference(people, "id"));
    assertThat(govern.constraints().visible(ann, ORDERS)).hasSize(2);
    assertThat(govern.constraints().visible(ann, both).get(ORDERS)).hasSize(2);
    assertThat(govern.constraints().referring(ann, people)).hasSize(2);
  }

  private static PolicyDefinition hide(String to, String... except) {
    return new PolicyDefinition(
        "hides",
        PolicyDefinition.Kind.COLUMN_MASK,
        List.of(to),
        List.of(except),
        null,
        List.of(new PolicyDefinition.MatchedColumn("has_tag('pii')", "c")),
        "main.sales.hide",
        null,
        "c",
        List.of());
  }

  private void hiding() {
    FunctionParameter number = new FunctionParameter("n", "BIGINT", "\"long\"", 0, null, null);
    govern
        .functions()
        .create(
            admin,
            SALES.child("hide"),
            null,
            new FunctionDefinition(
                List.of(number),
                "n BIGINT",
                "BIGINT",
                List.of(),
                "0",
                null,
                true,
                false,
                new ViewContext("main", List.of("sales"), Map.of(), null, List.of())),
            false);
    govern.tagPolicies().create(admin, "pii", null, List.of());
    govern.tags().create(admin, TaggedEntity.column(TABLE, "ssn"), "pii", "yes");
  }

  private Set<String> masked(Principal reader, EntityName table) {
    return govern
        .policies()
        .seenBy(reader, govern.tables().find(table).orElseThrow(), List.of())
        .filters()
        .columnMasks()
        .keySet();
  }

  @Test
  void policies_hold_for_all_that_is_inside_and_follow_it() {
    hiding();
    Securable schema = Securable.schema(SALES);
    assertThat(masked(ann, ORDERS)).isEmpty();
    AccessPolicy made =
        govern.policies().create(admin, schema, "Hide", hide("account users", "admin"), false);
    assertThat(made.name()).isEqualTo("hide");
    assertThat(masked(ann, ORDERS)).containsExactly("Ssn");
    assertThat(masked(admin, ORDERS)).isEmpty();
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "hide",
        () -> govern.policies().create(admin, schema, "hide", hide("analysts"), false));
    govern.policies().create(admin, schema, "hide", hide("admin"), true);
    assertThat(masked(ann, ORDERS)).isEmpty();
    govern.policies().update(admin, schema, "hide", "hidden", hide("Analysts"));
    assertThat(masked(ann, ORDERS)).containsExactly("Ssn");
    assertThat(govern.policies().get(admin, schema, "hidden").policyId())
        .isEqualTo(made.policyId());
    assertThat(govern.policies().list(admin, TABLE, true))
        .extracting(AccessPolicy::name)
        .containsExactly("hidden");
    assertThat(govern.policies().list(admin, TABLE, false)).isEmpty();

    govern.policies().create(admin, TABLE, "own", hide("Analysts"), false);
    govern.policies().delete(admin, schema, "hidden");
    EntityName renamed = SALES.child("renamed");
    govern.tables().rename(admin, ORDERS, renamed);
    assertThat(masked(ann, renamed)).containsExactly("Ssn");
    govern.tags().delete(admin, TaggedEntity.column(Securable.table(renamed), "ssn"), "pii");
    assertThat(masked(ann, renamed)).isEmpty();
    govern.tables().delete(admin, renamed);
    table(renamed, column("id", 0, false));
    assertThat(govern.policies().list(admin, Securable.table(renamed), true)).isEmpty();
  }

  @Test
  void policies_that_could_not_protect_are_refused() {
    hiding();
    Securable schema = Securable.schema(SALES);
    PolicyDefinition good = hide("account users");
    grant(Securable.catalog("main"), Privilege.USE_CATALOG, Privilege.USE_SCHEMA);
    fails(
        ErrorCode.PERMISSION_DENIED,
        "MANAGE",
        () -> govern.policies().create(ann, schema, "p", good, false));
    fails(ErrorCode.PERMISSION_DENIED, "MANAGE", () -> govern.policies().list(ann, schema, true));
    grant(schema, Privilege.MANAGE);
    fails(
        ErrorCode.PERMISSION_DENIED,
        "EXECUTE",
        () -> govern.policies().create(ann, schema, "p", good, false));
    grant(schema, Privilege.EXECUTE);
    govern.policies().create(ann, schema, "p", good, false);
    fails(ErrorCode.RESOURCE_CONFLICT, "pii", () -> govern.tagPolicies().delete(admin, "pii"));
    govern.policies().delete(ann, schema, "p");
    govern.tagPolicies().delete(admin, "pii");
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "not governed",
        () -> govern.policies().create(ann, schema, "q", good, false));
    govern.tagPolicies().create(admin, "pii", null, List.of());
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "returns BOOLEAN",
        () ->
            govern
                .policies()
                .create(
                    ann,
                    schema,
                    "q",
                    new PolicyDefinition(
                        null,
                        PolicyDefinition.Kind.ROW_FILTER,
                        List.of("account users"),
                        List.of(),
                        null,
                        good.matches(),
                        "main.sales.hide",
                        null,
                        null,
                        List.of(new PolicyDefinition.Argument("c", null))),
                    false));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "no alias",
        () ->
            govern
                .policies()
                .create(
                    ann,
                    schema,
                    "q",
                    new PolicyDefinition(
                        null,
                        PolicyDefinition.Kind.COLUMN_MASK,
                        List.of("account users"),
                        List.of(),
                        null,
                        good.matches(),
                        "main.sales.hide",
                        null,
                        "d",
                        List.of()),
                    false));
  }
}
