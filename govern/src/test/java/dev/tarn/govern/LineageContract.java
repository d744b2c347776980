package dev.tarn.govern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableChange;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.lineage.Flow;
import dev.tarn.govern.lineage.LineageEvent;
import dev.tarn.govern.lineage.LineageLog;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is kept of where rows come from, over whichever database holds it. */
abstract class LineageContract extends RoomContract {
  private static final EntityName RAW = FLIGHTS.child("raw");
  private static final EntityName MADE = FLIGHTS.child("made");
  private LineageLog log;

  @BeforeEach
  void tables() {
    log =
        new LineageLog(
            data.resolve("lineage"),
            new LineageLog.Origin("1", "1", "1"),
            platform.database(),
            govern.tables(),
            govern.grants(),
            List.of(),
            Clock.systemUTC());
    table(RAW, "word");
    table(MADE, "loud");
    note(
        new Flow(
            Optional.of(MADE),
            Set.of(Flow.Source.of(RAW), Flow.Source.at("s3://files/words")),
            Set.of(new Flow.Edge(new Flow.Column(RAW, "word"), "loud")),
            true));
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  private void table(EntityName name, String column) {
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
                columns(column),
                Map.of(),
                null));
  }

  private static List<ColumnInfo> columns(String name) {
    return List.of(new ColumnInfo(name, "string", "\"string\"", 0, true, null));
  }

  private void note(Flow flow) {
    log.note(() -> flow, "ann", "s1", LineageEvent.Entity.pipeline("p", "u"));
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> !govern.lineage().ofTable(admin, MADE).upstream().isEmpty());
  }

  private List<String> upstream(Principal principal, String column) {
    List<String> all = new ArrayList<>();
    govern
        .lineage()
        .ofColumn(principal, MADE, column)
        .upstream()
        .forEach(
            each ->
                all.add(
                    each.table().map(t -> t.name().name()).orElse("?")
                        + '.'
                        + each.column().orElse("?")));
    return all;
  }

  private void renamed(EntityName table, String from, String to) {
    govern.constraints().renamed(table, from, to);
    govern
        .tables()
        .update(
            admin,
            table,
            new TableChange(
                Optional.empty(), Optional.empty(), Optional.of(columns(to)), Optional.empty()));
  }

  @Test
  void edges_follow_names_of_tables_and_columns() {
    assertThat(govern.lineage().ofTable(admin, MADE).upstream()).hasSize(2);
    assertThat(upstream(admin, "LOUD")).containsExactly("raw.word");
    renamed(RAW, "word", "Text");
    renamed(MADE, "loud", "LOUD");
    assertThat(upstream(admin, "loud")).containsExactly("raw.Text");
    govern.tables().rename(admin, RAW, FLIGHTS.child("older"));
    assertThat(upstream(admin, "loud")).containsExactly("older.Text");
    govern
        .tables()
        .update(
            admin,
            FLIGHTS.child("older"),
            new TableChange(
                Optional.empty(),
                Optional.empty(),
                Optional.of(columns("other")),
                Optional.empty()));
    assertThat(upstream(admin, "loud")).isEmpty();
    assertThat(govern.lineage().ofTable(admin, MADE).upstream()).hasSize(2);
  }

  @Test
  void what_fails_stops_neither_what_follows_nor_its_statement() {
    for (Error failure :
        List.of(new AssertionError("a"), new LinkageError("b"), new OutOfMemoryError("c"))) {
      log.note(
          () -> {
            throw failure;
          },
          "ann",
          "s2",
          null);
      assertThat(log.settle(Duration.ofMinutes(1))).as("%s", failure).isTrue();
    }
    EntityName more = FLIGHTS.child("more");
    table(more, "word");
    log.noteAndSettle(
        () ->
            new Flow(
                Optional.of(MADE),
                Set.of(Flow.Source.of(more)),
                Set.of(new Flow.Edge(new Flow.Column(more, "word"), "loud")),
                true),
        "ann",
        "s3",
        null);
    assertThat(upstream(admin, "loud")).containsExactlyInAnyOrder("raw.word", "more.word");
  }

  @Test
  void what_fails_takes_nothing_along_that_is_recorded_with_it() {
    EntityName more = FLIGHTS.child("more");
    table(more, "word");
    CountDownLatch both = new CountDownLatch(1);
    Flow flow =
        new Flow(
            Optional.of(MADE),
            Set.of(Flow.Source.of(more)),
            Set.of(new Flow.Edge(new Flow.Column(more, "word"), "loud")),
            true);
    Flow before = new Flow(Optional.of(MADE), Set.of(Flow.Source.of(RAW)), Set.of(), true);
    log.note(() -> waitedFor(both, before), "ann", "s5", null);
    for (Supplier<Flow> one : List.<Supplier<Flow>>of(LineageContract::broken, () -> flow)) {
      log.note(one, "ann", "s6", null);
    }
    both.countDown();
    assertThat(log.settle(Duration.ofMinutes(1))).isTrue();
    assertThat(upstream(admin, "loud")).containsExactlyInAnyOrder("raw.word", "more.word");
  }

  private static Flow broken() {
    throw new AssertionError("of one statement");
  }

  private static Flow waitedFor(CountDownLatch other, Flow flow) {
    try {
      other.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return flow;
  }

  @Test
  void a_closed_log_keeps_nobody_waiting() {
    log.close();
    log.note(
        () -> {
          throw new AssertionError("Who would look at it?");
        },
        "ann",
        "s4",
        null);
    assertThat(log.settle(Duration.ZERO)).isTrue();
  }

  @Test
  void who_may_not_see_a_table_learns_only_that_there_is_one() {
    grant(Securable.catalog("main"), Privilege.USE_CATALOG);
    grant(Securable.schema(FLIGHTS), Privilege.USE_SCHEMA);
    grant(Securable.table(MADE), Privilege.SELECT);
    assertThat(upstream(ann, "loud")).containsExactly("?.?");
    grant(Securable.table(RAW), Privilege.SELECT);
    assertThat(upstream(ann, "loud")).containsExactly("raw.word");
    govern.tables().delete(admin, RAW);
    assertThat(upstream(ann, "loud")).isEmpty();
  }
}
