package dev.tarn.govern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.FilterArgument;
import dev.tarn.govern.catalog.FunctionDefinition;
import dev.tarn.govern.catalog.FunctionParameter;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableChange;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.commits.CommitFile;
import dev.tarn.govern.commits.CommitRequest;
import dev.tarn.govern.commits.Commits;
import dev.tarn.govern.commits.ManagedLog;
import dev.tarn.govern.commits.RatifiedCommit;
import dev.tarn.govern.commits.StagedLog;
import dev.tarn.govern.commits.StagingTable;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds of commits that the catalog ratifies, on every metadata database. */
abstract class CommitsContract extends RoomContract {
  private static final SchemaName SCHEMA = FLIGHTS;
  private static final EntityName NAME = SCHEMA.child("legs");

  /** What is in the place of a table to be is read elsewhere. */
  private static final StagedLog UNREAD = staged -> {};

  private Commits commits;

  @BeforeEach
  void allow() {
    commits = govern.commits();
    outside(true);
    grant(Securable.catalog("main"), Privilege.USE_CATALOG);
    grant(
        Securable.schema(SCHEMA),
        Privilege.USE_SCHEMA,
        Privilege.CREATE_TABLE,
        Privilege.EXTERNAL_USE_SCHEMA);
  }

  private void outside(boolean allowed) {
    govern.metastore().update(admin, Optional.empty(), Optional.of(allowed));
  }

  private static NewTable table(StagingTable staged, Map<String, String> properties) {
    return new NewTable(
        staged.name(),
        TableType.MANAGED,
        "DELTA",
        staged.location(),
        null,
        List.of(new ColumnInfo("n", "bigint", "\"long\"", 0, true, null)),
        properties,
        null);
  }

  private static Map<String, String> properties(StagingTable staged) {
    return Map.of(Commits.FEATURE, "supported", Commits.TABLE_ID, staged.tableId());
  }

  private TableInfo made() {
    StagingTable staged = commits.stage(ann, NAME);
    return commits.create(ann, table(staged, properties(staged)), UNREAD);
  }

  private static RatifiedCommit file(long version) {
    String name = String.format("%020d.%s.json", version, UUID.randomUUID());
    return new RatifiedCommit(version, 1_000 + version, name, 10, 2_000 + version);
  }

  private static CommitRequest request(RatifiedCommit commit, Long published) {
    return new CommitRequest(
        null,
        Optional.ofNullable(commit),
        Optional.ofNullable(published),
        Optional.empty(),
        Optional.empty());
  }

  private TableInfo commit(Principal who, String tableId, CommitRequest request) {
    return commits.commit(who, tableId, request, (table, commit) -> {});
  }

  private TableInfo commit(TableInfo table, long version) {
    return commit(ann, table.tableId(), request(file(version), null));
  }

  private ManagedLog log(TableInfo table) {
    return commits.log(ann, table.tableId(), table.storageLocation(), 0, Optional.empty());
  }

  @Test
  void a_table_is_made_where_it_was_staged() {
    StagingTable staged = commits.stage(ann, NAME);
    assertThat(staged.location()).startsWith(govern.locations().root() + "/tables/");
    fails(ErrorCode.TABLE_DOES_NOT_EXIST, "legs", () -> govern.tables().get(ann, NAME));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        Commits.FEATURE,
        () -> commits.create(ann, table(staged, Map.of()), UNREAD));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        Commits.TABLE_ID,
        () ->
            commits.create(
                ann,
                table(staged, Map.of(Commits.FEATURE, "supported", Commits.TABLE_ID, "other")),
                UNREAD));
    govern
        .grants()
        .grant(admin, Securable.schema(SCHEMA), "admin", Set.of(Privilege.EXTERNAL_USE_SCHEMA));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "no place",
        () -> commits.create(admin, table(staged, properties(staged)), UNREAD));

    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        staged.tableId(),
        () ->
            commits.create(
                ann,
                table(staged, properties(staged)),
                found -> {
                  throw TarnException.invalid(found.tableId());
                }));
    fails(ErrorCode.TABLE_DOES_NOT_EXIST, "legs", () -> govern.tables().get(ann, NAME));

    TableInfo made = commits.create(ann, table(staged, properties(staged)), UNREAD);

    assertThat(made.tableId()).isEqualTo(staged.tableId());
    assertThat(made.owner()).isEqualTo("ann");
    assertThat(govern.tables().get(ann, NAME).storageLocation()).isEqualTo(staged.location());
    assertThat(log(made)).isEqualTo(new ManagedLog(made.tableId(), 0, List.of()));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "no place",
        () -> commits.create(ann, table(staged, properties(staged)), UNREAD));
    fails(ErrorCode.RESOURCE_ALREADY_EXISTS, "legs", () -> commits.stage(ann, NAME));
  }

  @Test
  void commits_are_ratified_one_after_another_and_published() {
    TableInfo table = made();
    RatifiedCommit one = file(1);
    commit(ann, table.tableId(), request(one, null));
    RatifiedCommit two = file(2);
    commit(ann, table.tableId(), request(two, null));
    assertThat(log(table)).isEqualTo(new ManagedLog(table.tableId(), 2, List.of(one, two)));

    commit(ann, table.tableId(), request(null, 1L));
    assertThat(log(table)).isEqualTo(new ManagedLog(table.tableId(), 2, List.of(two)));
    RatifiedCommit three = file(3);
    commit(ann, table.tableId(), request(three, 2L));
    assertThat(log(table)).isEqualTo(new ManagedLog(table.tableId(), 3, List.of(three)));
    // Who publishes late says what is known already.
    commit(ann, table.tableId(), request(null, 1L));
    assertThat(log(table)).isEqualTo(new ManagedLog(table.tableId(), 3, List.of(three)));
    commit(ann, table.tableId(), request(null, 3L));
    assertThat(log(table)).isEqualTo(new ManagedLog(table.tableId(), 3, List.of()));

    RatifiedCommit four = file(4);
    RatifiedCommit five = file(5);
    commit(ann, table.tableId(), request(four, null));
    commit(ann, table.tableId(), request(five, null));
    assertThat(commits.log(ann, table.tableId(), null, 5, Optional.empty()).commits())
        .containsExactly(five);
    assertThat(commits.log(ann, table.tableId(), null, 0, Optional.of(4L)))
        .isEqualTo(new ManagedLog(table.tableId(), 5, List.of(four)));
  }

  @Test
  void a_commit_sent_again_is_known_and_another_of_its_version_is_refused() {
    TableInfo table = made();
    RatifiedCommit one = file(1);
    commit(ann, table.tableId(), request(one, null));
    commit(ann, table.tableId(), request(one, null));
    fails(ErrorCode.RESOURCE_CONFLICT, "committed by another writer", () -> commit(table, 1));
    commit(ann, table.tableId(), request(file(2), 1L));
    commit(ann, table.tableId(), request(one, null));
    fails(ErrorCode.RESOURCE_CONFLICT, "committed by another writer", () -> commit(table, 1));
    assertThat(log(table).latestVersion()).isEqualTo(2);
    fails(ErrorCode.INVALID_PARAMETER_VALUE, "the latest is 2", () -> commit(table, 4));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "cannot be published",
        () -> commit(ann, table.tableId(), request(null, 3L)));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "cannot be published",
        () -> commit(ann, table.tableId(), request(file(3), 3L)));
  }

  @Test
  void of_writers_who_race_for_a_version_one_wins() throws Exception {
    TableInfo table = made();
    int writers = 4;
    int versions = 10;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        tasks.add(
            () -> {
              int won = 0;
              for (long version = 1; version <= versions; version++) {
                try {
                  commit(table, version);
                  won++;
                } catch (TarnException e) {
                  assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_CONFLICT);
                }
              }
              return won;
            });
      }
      int won = 0;
      for (Future<Integer> each : threads.invokeAll(tasks)) {
        won += each.get();
      }
      assertThat(won).isEqualTo(versions);
    } finally {
      threads.shutdownNow();
    }
    assertThat(log(table).commits())
        .extracting(RatifiedCommit::version)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
  }

  @Test
  void unpublished_commits_are_bounded() {
    TableInfo table = made();
    for (long version = 1; version <= Commits.MOST_UNPUBLISHED; version++) {
      commit(table, version);
    }
    long next = Commits.MOST_UNPUBLISHED + 1;
    fails(ErrorCode.RESOURCE_EXHAUSTED, "not published", () -> commit(table, next));
    assertThat(log(table).latestVersion()).isEqualTo(next - 1);
    commit(ann, table.tableId(), request(file(next), 1L));
    assertThat(log(table).commits()).hasSize(Commits.MOST_UNPUBLISHED);
  }

  @Test
  void what_a_commit_says_of_the_table_is_taken_over_with_it() {
    TableInfo table = made();
    ColumnInfo more = new ColumnInfo("m", "string", "\"string\"", 0, true, null);
    CommitRequest change =
        new CommitRequest(
            null,
            Optional.of(file(1)),
            Optional.empty(),
            Optional.of(Commits.etag(table, 0)),
            Optional.of(
                old ->
                    new TableChange(
                        Optional.empty(),
                        Optional.of("legs flown"),
                        Optional.of(List.of(more)),
                        Optional.empty())));
    assertThat(commit(ann, table.tableId(), change).comment()).isEqualTo("legs flown");
    assertThat(govern.tables().get(ann, NAME).columns()).containsExactly(more);
    fails(ErrorCode.RESOURCE_CONFLICT, "has changed", () -> commit(ann, table.tableId(), change));
    CommitRequest lost =
        new CommitRequest(
            null,
            Optional.of(file(1)),
            Optional.empty(),
            Optional.empty(),
            Optional.of(
                old ->
                    new TableChange(
                        Optional.empty(),
                        Optional.of("nothing"),
                        Optional.empty(),
                        Optional.empty())));
    fails(ErrorCode.RESOURCE_CONFLICT, "another writer", () -> commit(ann, table.tableId(), lost));
    assertThat(govern.tables().get(ann, NAME).comment()).isEqualTo("legs flown");
  }

  @Test
  void what_a_table_was_when_it_was_read_it_must_be_when_it_is_changed() {
    TableInfo table = made();
    CommitRequest change =
        new CommitRequest(
            null,
            Optional.of(file(1)),
            Optional.empty(),
            Optional.of(Commits.etag(table, 0)),
            Optional.empty());
    TableChange meanwhile =
        new TableChange(
            Optional.empty(), Optional.of("meanwhile"), Optional.empty(), Optional.empty());
    fails(
        ErrorCode.RESOURCE_CONFLICT,
        "has changed",
        () ->
            commits.commit(
                ann,
                table.tableId(),
                change,
                (t, c) -> {
                  await().until(() -> System.currentTimeMillis() > table.updatedAt());
                  govern.tables().update(ann, NAME, meanwhile);
                }));
    assertThat(log(table).latestVersion()).isZero();
  }

  @Test
  void what_a_writer_staged_is_looked_at_before_it_is_ratified() {
    TableInfo table = made();
    RatifiedCommit one = file(1);
    CommitFile bad =
        (t, commit) -> {
          throw TarnException.invalid("There is no " + commit.fileName());
        };
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        one.fileName(),
        () -> commits.commit(ann, table.tableId(), request(one, null), bad));
    assertThat(log(table).latestVersion()).isZero();
    commit(ann, table.tableId(), request(one, null));
    // Sent again it is only known: its file may be gone.
    commits.commit(ann, table.tableId(), request(one, null), bad);
    assertThat(log(table).latestVersion()).isEqualTo(1);
  }

  @Test
  void files_of_commits_have_the_names_that_the_protocol_gives_them() {
    TableInfo table = made();
    String id = UUID.randomUUID().toString();
    for (String name :
        List.of(
            "00000000000000000001.json",
            "00000000000000000002." + id + ".json",
            "../00000000000000000001." + id + ".json",
            "00000000000000000001." + id + ".json/../../x",
            "1." + id + ".json")) {
      fails(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "cannot be committed from",
          () -> commit(ann, table.tableId(), request(new RatifiedCommit(1, 1, name, 1, 1), null)));
    }
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "size of its file",
        () ->
            commit(
                ann,
                table.tableId(),
                request(
                    new RatifiedCommit(1, 1, "00000000000000000001." + id + ".json", 0, 1), null)));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "does not lie",
        () -> commits.log(ann, table.tableId(), "file:///etc", 0, Optional.empty()));
    assertThat(log(table).latestVersion()).isZero();
  }

  @Test
  void only_who_may_use_files_from_outside_commits_and_reads_commits() {
    govern.grants().revoke(admin, Securable.schema(SCHEMA), "ann", Set.of(Privilege.CREATE_TABLE));
    fails(ErrorCode.PERMISSION_DENIED, "CREATE TABLE", () -> commits.stage(ann, NAME));
    grant(Securable.schema(SCHEMA), Privilege.CREATE_TABLE);
    TableInfo table = made();
    govern.tables().setOwner(admin, NAME, "admin");
    fails(ErrorCode.PERMISSION_DENIED, "MODIFY", () -> commit(table, 1));
    fails(ErrorCode.PERMISSION_DENIED, "SELECT", () -> log(table));
    grant(Securable.table(NAME), Privilege.SELECT, Privilege.MODIFY);
    commit(table, 1);
    assertThat(log(table).latestVersion()).isEqualTo(1);
    // Not even who owns all of it, unless it was granted.
    fails(
        ErrorCode.PERMISSION_DENIED,
        "EXTERNAL USE SCHEMA",
        () -> commits.log(admin, table.tableId(), null, 0, Optional.empty()));
    govern
        .grants()
        .revoke(admin, Securable.schema(SCHEMA), "ann", Set.of(Privilege.EXTERNAL_USE_SCHEMA));
    for (Runnable each :
        List.<Runnable>of(
            () -> commit(table, 2), () -> log(table), () -> commits.stage(ann, NAME))) {
      fails(ErrorCode.PERMISSION_DENIED, "EXTERNAL USE SCHEMA", each::run);
    }
    fails(
        ErrorCode.TABLE_DOES_NOT_EXIST,
        "no-such-id",
        () -> commits.log(ann, "no-such-id", null, 0, Optional.empty()));
  }

  @Test
  void a_metastore_that_keeps_its_data_inside_ratifies_nothing_from_outside() {
    TableInfo table = made();
    outside(false);
    for (Runnable each :
        List.<Runnable>of(
            () -> commit(table, 1), () -> log(table), () -> commits.stage(ann, NAME))) {
      fails(ErrorCode.PERMISSION_DENIED, "external_access_enabled", each::run);
    }
    commits.commitOwn(table.tableId(), request(file(1), null));
    assertThat(commits.log(table).orElseThrow().latestVersion()).isEqualTo(1);
  }

  @Test
  void files_of_a_table_that_hides_something_stay_inside() {
    TableInfo table = made();
    grant(Securable.schema(SCHEMA), Privilege.CREATE_FUNCTION);
    govern
        .functions()
        .create(
            ann,
            SCHEMA.child("small"),
            null,
            new FunctionDefinition(
                List.of(new FunctionParameter("n", "bigint", "\"long\"", 0, null, null)),
                "n BIGINT",
                "BOOLEAN",
                List.of(),
                "n < 10",
                null,
                true,
                false,
                null),
            false);
    govern
        .tables()
        .filters()
        .setRowFilter(ann, NAME, SCHEMA.child("small"), List.of(FilterArgument.column("n")));
    for (Runnable each : List.<Runnable>of(() -> commit(table, 1), () -> log(table))) {
      fails(ErrorCode.PERMISSION_DENIED, "row filter", each::run);
    }
  }

  @Test
  void a_log_comes_back_with_its_table() {
    TableInfo table = made();
    commit(table, 1);
    govern.tables().delete(ann, NAME);
    fails(ErrorCode.TABLE_DOES_NOT_EXIST, table.tableId(), () -> log(table));
    commits.stage(ann, NAME);
    govern.droppedTables().undrop(ann, NAME, false);
    assertThat(log(table).latestVersion()).isEqualTo(1);
    commit(table, 2);
  }

  @Test
  void a_table_whose_log_manages_itself_takes_no_commits() {
    TableInfo table =
        govern
            .tables()
            .register(
                ann,
                new NewTable(
                    NAME,
                    TableType.MANAGED,
                    "DELTA",
                    govern.locations().newTable(),
                    null,
                    List.of(),
                    Map.of(),
                    null));
    fails(ErrorCode.INVALID_PARAMETER_VALUE, "not ratified by the catalog", () -> commit(table, 1));
    fails(ErrorCode.INVALID_PARAMETER_VALUE, "not ratified by the catalog", () -> log(table));
  }
}
